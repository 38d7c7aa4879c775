"""A report as rows of the corpus's tables.

>>> month_of("2026-03-04T10:00:00Z"), month_of("Wed, 04 Mar 2026 10:00:00 GMT"), month_of("spring")
('2026-03', '2026-03', None)
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import msgspec
import numpy as np
from msgspec.structs import astuple

from sourcing.corpus.body_names import body_key
from sourcing.corpus.copies import signature_of_words, words_of
from sourcing.corpus.layout import ARTICLES, KEYS, QUOTES, REPORTS, SPEAKERS, hash_of, schemas
from sourcing.corpus.person_names import stored_key
from sourcing.corpus.phrases import SHORTEST_QUOTE, phrases_of_all
from sourcing.records import Article, ArticleInfo, Report, Speaker
from sourcing.text import join_extents

MOST_TOGETHER = 20  # people of one speaker; more are a list, or hostile
QUOTES_AT_ONCE = 256  # whose phrases are found together: more would be out of the processor's cache by then
FILLED = (ARTICLES, SPEAKERS, QUOTES, REPORTS)

Row = tuple[Any, ...]


class Rows:
    """Rows on their way into the tables, column by column only at the end; their docs are numbered from 0."""

    def __init__(self, *, keep_text: bool = False) -> None:
        self.keep_text = keep_text
        self.rows: dict[str, list[Row]] = {name: [] for name in (ARTICLES, SPEAKERS, QUOTES)}
        self.reports = bytearray()  # one after another, so that a line is copied while it is in the processor's cache
        self.ends = [0]
        self.words: list[list[str]] = []  # of each quote whose phrases are still to be found
        self.keys: list[tuple[Any, Any]] = []
        self.count = 0

    def add(self, report: Report, *, origin: str, raw: bytes | None = None) -> None:
        """Take in a report, or, where that raises ValueError, nothing of it; raw: its JSON, if that can be kept as it is."""
        doc, article = self.count, report.article
        words: dict[str, list[str]] = {}  # of texts: what is quoted is most of what is attributed
        people, quotes = list(_people(report, doc)), list(_quotes(report, doc, words))
        has_text = article.text is not msgspec.UNSET
        if raw is None or (has_text and not self.keep_text):
            kept = report if self.keep_text else _without_text(report)
            raw = msgspec.json.encode(kept)
        row = (
            doc, hash_of_info(article), article.id, article.sha256, content_of(article.sha256),
            article.outlet, domain_of(article.url), article.url, article.published, day_of(article.published),
            month_of(article.published), article.title, article.author,
            article.language, report.score.value, f"{report.model.name} {report.model.version}", origin,
            datetime.now(UTC), signature_of_words(_all_words(report, words)),
            *figures_of(report),
        )  # fmt: skip
        self.rows[ARTICLES].append(row)
        self.rows[SPEAKERS].extend(people)
        self.rows[QUOTES].extend(row for row, _ in quotes)
        self.words.extend(words for _, words in quotes)
        if len(self.words) >= QUOTES_AT_ONCE:
            self._find_phrases()
        self.reports += raw
        self.ends.append(len(self.reports))
        self.count += 1

    def tables(self) -> dict[str, Any]:
        """The rows as Arrow tables."""
        import pyarrow as pa

        out = {}
        for name, rows in self.rows.items():
            schema, keys = schemas()[name], self._keys() if name == QUOTES else []
            columns = list(zip(*rows, strict=True)) if rows else [()] * (len(schema) - len(keys))
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=False)]
            out[name] = pa.Table.from_arrays([*arrays, *keys], schema=schema)
        ends, reports = pa.py_buffer(np.array(self.ends, np.int32)), pa.py_buffer(self.reports)
        kept = pa.Array.from_buffers(pa.binary(), self.count, [None, ends, reports])
        out[REPORTS] = pa.Table.from_arrays([pa.array(range(self.count), pa.int64()), kept], schema=schemas()[REPORTS])
        return out

    def _find_phrases(self) -> None:
        self.keys.append(phrases_of_all(self.words))
        self.words = []

    def _keys(self) -> list[Any]:
        """The columns k1, k2 ... of the quotes."""
        import pyarrow as pa

        self._find_phrases()
        keys, there = (np.concatenate(parts) for parts in zip(*self.keys, strict=True))
        return [pa.array(keys[:, n], mask=~there[:, n]) for n in range(KEYS)]


def content_of(sha256: str) -> int:
    """The first 60 bits of a text's SHA-256, which are read faster than all of it; -1 for what is none."""
    try:
        return int(sha256[:15], 16)
    except ValueError:
        return -1


def hash_of_article(article: Article, sha256: str) -> int:
    """What makes an article the same one as before, known before it is annotated."""
    return hash_of(article.id, sha256, article.title, article.outlet, article.url, article.published, article.author)


def hash_of_info(article: ArticleInfo) -> int:
    """The same, from its report."""
    return hash_of(
        article.id, article.sha256, article.title, article.outlet, article.url, article.published, article.author
    )


def texts_of(report: Report) -> list[str]:
    """What copies are found by: the body, or, of a report without text, all that is attributed or quoted, in order."""
    text = report.article.text
    if isinstance(text, str):
        return [join_extents(text, report.article.body)]
    spans = {(c.start, c.end): c.text for a in report.attributions for c in a.content}
    spans.update({(q.start, q.end): q.text for q in report.quotes})
    return [spans[place] for place in sorted(spans)]


def figures_of(report: Report) -> tuple[Any, ...]:
    """Every figure of a report, in the order of metric_columns."""
    measured = report.metrics
    groups = (measured.attribution, measured.sources, measured.anonymity, measured.concentration, measured.readability)
    return tuple(chain.from_iterable(map(astuple, groups)))


def people_of(name: str) -> list[str]:
    """The people of a speaker's name, each once; several who speak together are joined by " & "."""
    return list(dict.fromkeys(part for part in name.split(" & ") if part.strip()))[:MOST_TOGETHER]


def _people(report: Report, doc: int) -> Iterator[Row]:
    spoken: set[str] = set()
    for speaker in report.speakers:
        for name in people_of(speaker.name) if speaker.name and speaker.type == "person" else [speaker.name or ""]:
            spoken.add(name)
            last, given = _keys(speaker, name)
            yield (last, given, name or None, doc, speaker.id, speaker.class_, speaker.type, speaker.title,
                   speaker.affiliation, speaker.description, speaker.attributions, speaker.quotes, speaker.words)  # fmt: skip
    for person in report.people:
        # a bare last name is nobody in particular
        if person.name not in spoken and (key := stored_key(person.name))[0]:
            last, given = key
            yield (last, given, person.name, doc, None, "named", "person", None, None, None, 0, 0, 0)


def _keys(speaker: Speaker, name: str) -> tuple[str, str]:
    if speaker.type == "person":
        return stored_key(name)
    return (f"@{body_key(name)}", "") if name else ("", "")


def _quotes(report: Report, doc: int, known: dict[str, list[str]]) -> Iterator[tuple[Row, list[str]]]:
    """The rows of what is long enough to be looked for, still without phrases, and its words, which are put into `known`."""
    names = {speaker.id: speaker.name for speaker in report.speakers}
    for quote in report.quotes:
        if quote.role == "speech":
            words = known[quote.text] = words_of(quote.text)
            if len(words) >= SHORTEST_QUOTE:
                yield (doc, quote.id, quote.text, quote.speaker, names.get(quote.speaker or "")), words


def _all_words(report: Report, known: dict[str, list[str]]) -> list[str]:
    return list(chain.from_iterable(known[t] if t in known else words_of(t) for t in texts_of(report)))


def _without_text(report: Report) -> Report:
    article = msgspec.structs.replace(report.article, text=msgspec.UNSET)
    return msgspec.structs.replace(report, article=article)


@lru_cache(maxsize=65536)
def _registered(host: str) -> str | None:
    from courlan import extract_domain

    found: str | None = extract_domain(f"https://{host}/")
    return found or host.removeprefix("www.") or None


def domain_of(url: str | None) -> str | None:
    """The registered domain of a web address.

    >>> domain_of("https://www.courier.co.uk/a?b"), domain_of("nonsense"), domain_of(None)
    ('courier.co.uk', None, None)
    """
    try:
        host = urlsplit(url).hostname if url else None
    except ValueError:
        return None
    return _registered(host) if isinstance(host, str) else None


@lru_cache(maxsize=65536)
def day_of(published: str | None) -> str | None:
    """The day of publication, YYYY-MM-DD or less, from an ISO 8601 date or an e-mail's; None for anything else."""
    if not published:
        return None
    iso = re.match(r"\s*([12][0-9]{3}(?:-(?:0[1-9]|1[0-2])(?:-[0-3][0-9])?)?)(?![0-9])", published)
    if iso:
        return iso[1]
    try:
        return parsedate_to_datetime(published).strftime("%Y-%m-%d")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def month_of(published: str | None) -> str | None:
    """The month of publication, YYYY-MM; None where there is none to be read."""
    day = day_of(published)
    return day[:7] if day and len(day) >= 7 else None
