"""WARC, the format of web archives (Common Crawl News among them): one article a page, read page by page.

A page is a response with status 200 and HTML; everything else in the file is passed over. Its id is its address: the
record's own id is another one each time the same page is fetched.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, NamedTuple, cast

from sourcing.documents.encodings import decode, fits
from sourcing.documents.html import article_from_html, declared_charset
from sourcing.documents.payload import plain_body
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source, damage, peek
from sourcing.errors import InputError
from sourcing.records import Article, Failure

if TYPE_CHECKING:
    from fastwarc.warc import WarcRecord

HTML = ("text/html", "application/xhtml+xml")


class Page(NamedTuple):
    """One page as it was fetched. problem: why it cannot be read, as code and words. cut: the crawler left its end out."""

    url: str
    body: bytes = b""
    charset: str | None = None
    cut: bool = False
    problem: tuple[str, str] | None = None


def read_warc(source: Source) -> Iterator[Article | Failure]:
    """Yield an Article or a Failure for each page."""
    head, source = peek(source)
    if not head:
        raise InputError("empty", source.name, f"{source.name} is empty")
    number = 0
    for number, page in enumerate(_pages(source), start=1):
        try:
            yield _read_page(source, page, number)
        except InputError as error:
            yield error.record()
    if not number:
        raise InputError("empty", source.name, f"{source.name} has no page in it: no response with status 200 and HTML")


def _read_page(source: Source, page: Page, number: int) -> Article:
    """Return the article of a page; raises InputError."""
    name = f"{source.name}#{page.url[:200] or number}"
    if page.problem is not None:
        raise InputError(page.problem[0], name, f"{name} {page.problem[1]}")
    if len(page.body) > source.max_bytes:
        raise InputError("too-large", name, f"{name} is larger than {source.max_bytes} bytes")
    charsets = (page.charset, declared_charset(page.body))
    declared = next((charset for charset in charsets if fits(page.body, charset)), None)
    text, warnings = decode(page.body, name=name, encoding=source.encoding, declared=declared)
    if page.cut:
        warnings = (*warnings, f"{name} was cut off when it was fetched")
    id = page.url or f"{source.id}-{number}"
    return article_from_html(text, id=id, url=page.url or None, origin=name, warnings=warnings)


def _pages(source: Source) -> Iterator[Page]:
    """Yield the pages; raises InputError when the file is damaged or cut off."""
    from fastwarc.warc import ArchiveIterator

    most = source.max_bytes
    stream = cast(BinaryIO, _Watched(source))
    try:
        for record in ArchiveIterator(stream, parse_http=False, stream_detect=False):
            page = _page(record)
            body = record.reader.read(most + 1) if page is not None and page.problem is None else b""
            rest = record.content_length - len(body)
            if record.headers.get("Content-Length") is None or record.consume() < rest:
                raise InputError("invalid-warc", source.name, f"{source.name} is cut off in the middle of a record")
            if page is None:
                continue
            if len(body) > most:
                yield page._replace(body=body)
                continue
            transfer, content = (_header(record, name) for name in ("Transfer-Encoding", "Content-Encoding"))
            yield page._replace(body=plain_body(body, transfer=transfer, content=content, most=most))
    except OSError as error:  # fastwarc's own: what the file raises is an InputError already
        raise InputError("invalid-warc", source.name, f"{source.name} is no WARC file, or damaged: {error}") from None


def _page(record: "WarcRecord") -> Page | None:
    """Return the page that a record holds, without its body; None when it holds none."""
    from fastwarc.warc import WarcRecordType

    if record.record_type != WarcRecordType.response or not record.is_http:
        return None
    url = (record.headers.get("WARC-Target-URI") or "").strip("<> ")
    try:
        record.parse_http()
    except OSError:
        return Page(url, problem=("invalid-warc", "has HTTP headers that cannot be read"))
    if record.http_headers.status_code != 200 or (record.http_content_type or "").lower() not in HTML:
        return None
    return Page(url, charset=(record.http_charset or "").strip("'\" "), cut="WARC-Truncated" in record.headers)


def _header(record: "WarcRecord", name: str) -> str:
    """Return an HTTP header of a record, as far as its headers could be read."""
    return record.http_headers.get(name) or "" if record.is_http_parsed else ""


class _Watched:
    """The file as fastwarc reads it; what a damaged file raises becomes InputError."""

    def __init__(self, source: Source) -> None:
        self._name = source.name
        # What there is and no more: `read` would lose what came before the damage.
        self._read = getattr(source.stream, "read1", source.stream.read)
        self._place = 0

    def read(self, size: int) -> bytes:
        with damage(self._name):
            data: bytes = self._read(size)
        self._place += len(data)
        return data

    def tell(self) -> int:
        return self._place


READER = Reader("warc", (".warc",), read_warc, lambda head: head.startswith(b"WARC/1"))
