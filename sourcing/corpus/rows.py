"""A report as rows of the corpus's tables.

>>> month_of("2026-03-04T10:00:00Z"), month_of("Wed, 04 Mar 2026 10:00:00 GMT"), month_of("spring")
('2026-03', '2026-03', None)
"""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit
from zlib import crc32

import msgspec
from msgspec.structs import astuple

from sourcing.corpus.body_names import body_key
from sourcing.corpus.copies import WORD, signature_of
from sourcing.corpus.layout import ARTICLES, KEYS, QUOTES, REPORTS, SPEAKERS, hash_of, schemas
from sourcing.corpus.person_names import stored_key
from sourcing.records import Article, ArticleInfo, Report, Speaker
from sourcing.text import join_extents

SHORTEST_QUOTE = 6  # words from which a quote is looked for elsewhere: shorter ones are anybody's
PHRASE = 4  # words of a quote's shingle
MOST_TOGETHER = 20  # people of one speaker; more are a list, or hostile
FILLED = (ARTICLES, SPEAKERS, QUOTES, REPORTS)

Row = tuple[Any, ...]


class Rows:
    """Rows on their way into the tables, column by column only at the end; their docs are numbered from 0."""

    def __init__(self, *, keep_text: bool = False) -> None:
        self.keep_text = keep_text
        self.rows: dict[str, list[Row]] = {name: [] for name in FILLED}
        self.count = 0

    def add(self, report: Report, *, origin: str, raw: bytes | None = None) -> None:
        """Take in a report; raw: its JSON, if that can be kept as it is."""
        doc, article = self.count, report.article
        people, quotes = list(_people(report, doc)), list(_quotes(report, doc))
        self.count += 1
        has_text = article.text is not msgspec.UNSET
        if raw is None or (has_text and not self.keep_text):
            kept = report if self.keep_text else _without_text(report)
            raw = msgspec.json.encode(kept)
        metrics = report.metrics
        measured = (metrics.attribution, metrics.sources, metrics.anonymity, metrics.concentration, metrics.readability)
        self.rows[ARTICLES].append((
            doc, hash_of_info(article), article.id, article.sha256, content_of(article.sha256),
            article.outlet, domain_of(article.url), article.url, article.published, day_of(article.published),
            month_of(article.published), article.title, article.author,
            article.language, report.score.value, f"{report.model.name} {report.model.version}", origin,
            datetime.now(UTC), signature_of(text_of(report)),
            *(figure for group in measured for figure in astuple(group)),  # in the order of metric_columns
        ))  # fmt: skip
        self.rows[SPEAKERS].extend(people)
        self.rows[QUOTES].extend(quotes)
        self.rows[REPORTS].append((doc, raw))

    def tables(self) -> dict[str, Any]:
        """The rows as Arrow tables."""
        import pyarrow as pa

        out = {}
        for name in FILLED:
            schema = schemas()[name]
            rows = self.rows[name]
            columns = list(zip(*rows, strict=True)) if rows else [()] * len(schema)
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            out[name] = pa.Table.from_arrays(arrays, schema=schema)
        return out


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


def text_of(report: Report) -> str:
    """The words by which copies are found: the body, or, in a report without text, all that is attributed or quoted."""
    text = report.article.text
    if isinstance(text, str):
        return join_extents(text, report.article.body)
    spans = {(c.start, c.end): c.text for a in report.attributions for c in a.content}
    spans.update({(q.start, q.end): q.text for q in report.quotes})
    return "\n".join(spans[place] for place in sorted(spans))


def phrases_of(text: str) -> list[int]:
    """The KEYS smallest hashes of a quote's phrases of PHRASE words: quotes with nearly the same words share one; [] for a
    short quote."""
    words = WORD.findall(text.lower())
    if len(words) < SHORTEST_QUOTE:
        return []
    plain = " ".join(words).encode("utf-8", "replace").split(b" ")
    phrases = map(b" ".join, zip(*(plain[n:] for n in range(PHRASE)), strict=False))
    # as signed numbers: Delta tables have no unsigned ones
    return [value - (1 << 31) for value in sorted(set(map(crc32, phrases)))[:KEYS]]


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


def _quotes(report: Report, doc: int) -> Iterator[Row]:
    names = {speaker.id: speaker.name for speaker in report.speakers}
    for quote in report.quotes:
        if quote.role == "speech" and (keys := phrases_of(quote.text)):
            empty = (None,) * (KEYS - len(keys))
            yield (doc, quote.id, quote.text, quote.speaker, names.get(quote.speaker or ""), *keys, *empty)


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
