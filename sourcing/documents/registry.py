"""The readers. Adding one is a file of its own and a line here.

>>> reader_for("feed.JSONL.gz").name, reader_for("notes").name
('jsonl', 'text')
>>> id_for("feeds/monday.jsonl.gz"), id_for("notes/draft.v2.txt")
('monday', 'draft.v2')
"""

from pathlib import PurePath

from sourcing.documents import delimited, html, json_article, json_lines, markdown, parquet, plain, warc, word
from sourcing.documents.encodings import BOMS
from sourcing.documents.reader import Reader
from sourcing.documents.source import display
from sourcing.errors import UsageError
from sourcing.text import LONGEST_ID

# Asked in this order what standard input is; the last takes what no other does.
READERS: tuple[Reader, ...] = (
    word.READER,
    parquet.READER,
    warc.READER,
    delimited.READER,
    json_lines.READER,
    json_article.READER,
    html.READER,
    markdown.READER,
    plain.READER,
)


def reader_for(path: str | PurePath) -> Reader:
    """Return the reader of a file, by its ending (before a .gz)."""
    name = PurePath(path).name.lower().removesuffix(".gz")
    return next((reader for reader in READERS if name.endswith(reader.endings)), READERS[-1])


def reader_named(name: str) -> Reader:
    """Return the reader of that name; raises UsageError when there is none."""
    for reader in READERS:
        if reader.name == name:
            return reader
    raise UsageError(f"there is no input format {name!r}; there are: {', '.join(reader.name for reader in READERS)}")


def sniff(head: bytes) -> Reader:
    """Return the reader that the first bytes of an input call for."""
    for bom, codec in BOMS:
        if head.startswith(bom):
            head = head[len(bom) :].decode(codec, errors="ignore").encode()
            break
    return next((reader for reader in READERS if reader.claims(head)), READERS[-1])


def id_for(path: str | PurePath) -> str:
    """Return the id of a file's article if it gives none: the file's name without its ending."""
    name = PurePath(path).name
    if name.lower().endswith(".gz"):
        name = name[:-3]
    stem = display(PurePath(PurePath(name).stem))
    return " ".join("".join(c if c.isprintable() else " " for c in stem).split())[:LONGEST_ID] or "article"
