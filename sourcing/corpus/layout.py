"""The tables of a corpus, and the words of their columns.

A corpus is a folder of Delta Lake tables, so that several processes append and read at once, and a cluster's engine can read
and write the same files. `doc` numbers an article as it was added, once and never again; `articles` is the truth: rows of
other tables whose doc is not in it (a run was killed between two tables, the article was changed or removed) do not count.
`hash` is of an article's id and of all that was given with it, so that the same thing is not added twice.
"""

import hashlib
from functools import cache
from typing import Any

import msgspec

from sourcing.records import Metrics

FORMAT = "sourcing-corpus"
VERSION = 1
MARKER = "corpus.json"

KEYS = 8  # shingles kept of a quote, by which others with nearly the same words are found
SIGNATURE = 128  # bytes of an article's MinHash

ARTICLES, SPEAKERS, QUOTES, REPORTS, LISTED, STORIES, BASELINE = (
    "articles", "speakers", "quotes", "reports", "listed", "stories", "baseline",
)  # fmt: skip
TABLES = (ARTICLES, SPEAKERS, QUOTES, REPORTS, LISTED, STORIES, BASELINE)


def hash_of(identity: str, *given: str | None) -> int:
    """63 bits of a SHA-256 over an article's id and what was given with it."""
    joined = "\0".join(f"{len(part or '')}:{part or ''}" for part in (identity, *given))
    return int.from_bytes(hashlib.sha256(joined.encode("utf-8", "surrogatepass")).digest()[:8], "big") >> 1


@cache
def metric_columns() -> tuple[tuple[str, str, bool], ...]:
    """Every figure of a report as (group, field, is it a count): a column `group.field` each; corroboration is never stored."""
    columns = []
    for group in msgspec.structs.fields(Metrics):
        if group.name == "corroboration":
            continue
        for field in msgspec.structs.fields(group.type):
            columns.append((group.name, field.name, field.type is int))
    return tuple(columns)


@cache
def schemas() -> dict[str, Any]:
    """The Arrow schema of each table.

    articles: one row an article; day and month (ISO) are those of publication, as far as they can be read; content is the
    beginning of sha256 as a number; signature is the text's MinHash (copies.py). speakers: speakers (speaker is their id in
    the report) and people who are only named (speaker is null); last and given are the blocks in which variants of a name
    are looked for. quotes: speech in quotation marks, k1..k8 the smallest hashes of its phrases. stories: near-duplicate
    groups, worked out anew over all articles. baseline: articles' shares of speakers met nowhere else, for a sample of articles.
    """
    import pyarrow as pa

    text, number, count = pa.string(), pa.int64(), pa.int32()
    figures = [(f"{group}.{field}", count if whole else pa.float64()) for group, field, whole in metric_columns()]
    columns: dict[str, list[tuple[str, Any]]] = {
        ARTICLES: [
            ("doc", number), ("hash", number), ("id", text), ("sha256", text), ("content", number),
            ("outlet", text), ("domain", text),
            ("url", text), ("published", text), ("day", text), ("month", text), ("title", text), ("author", text),
            ("language", text),
            ("score", pa.float64()), ("model", text), ("origin", text), ("added", pa.timestamp("us", "UTC")),
            ("signature", pa.binary()), *figures,
        ],
        SPEAKERS: [
            ("last", text), ("given", text), ("name", text), ("doc", number), ("speaker", text), ("class", text),
            ("type", text), ("title", text), ("affiliation", text), ("description", text), ("attributions", count),
            ("quotes", count), ("words", count),
        ],
        QUOTES: [("doc", number), ("quote", text), ("text", text), ("speaker", text), ("name", text),
                 *((f"k{n + 1}", count) for n in range(KEYS))],
        REPORTS: [("doc", number), ("report", pa.binary())],
        LISTED: [("last", text), ("given", text), ("name", text), ("person", text), ("source", text),
                 ("description", text)],
        STORIES: [("doc", number), ("story", number)],
        BASELINE: [("doc", number), ("named", count), ("nowhere", count)],
    }  # fmt: skip
    return {name: pa.schema(fields) for name, fields in columns.items()}
