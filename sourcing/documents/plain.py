"""Plain text: .txt, and every file no other reader takes, if it is text at all.

The text stays as it is, newlines included. A file that plainly begins as an HTML page is read as one.
"""

from collections.abc import Iterator

from sourcing.documents import html
from sourcing.documents.articles import article_from_text
from sourcing.documents.encodings import decode
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source
from sourcing.records import Article


def read_plain(source: Source) -> Iterator[Article]:
    """Yield the one article of a text file."""
    data = source.read_all()
    declared = html.declared_charset(data) if html.begins_as_page(data) else None
    text, warnings = decode(data, name=source.name, encoding=source.encoding, declared=declared)
    if html.begins_as_page(text[:1024].encode("utf-8", "replace")):
        yield html.article_from_html(text, id=source.id, origin=source.name, warnings=warnings)
    else:
        yield article_from_text(text, id=source.id, origin=source.name, warnings=warnings)


READER = Reader("text", (".txt", ".text"), read_plain)
