"""Word drafts (.docx): mammoth reads paragraphs, headings and quotation styles; tracked insertions count as text.

A .docx is a zip archive of XML, and both can be bombs: the archive is weighed and its XML looked at before mammoth is.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator

from sourcing.documents.articles import Markup, build_article
from sourcing.documents.compose import Composed, compose
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source
from sourcing.errors import InputError
from sourcing.records import Article

# Inflated sizes. mammoth took 2.7 s and 25 MB a MiB of XML (10,000 short paragraphs); a draft of 1,000
# words has 0.05 MiB.
MOST_XML = 4 << 20
MOST_BYTES = 64 << 20
MOST_ENTRIES = 5_000
# PolNeAR articles as Word XML shrink 3 to 4 times; deflate cannot pass 1,032 times.
MOST_RATIO = 200

STYLES = """
p[style-name='Title'] => h1:fresh
p[style-name='Subtitle'] => p:fresh
p[style-name='Quote'] => blockquote:fresh
p[style-name='Intense Quote'] => blockquote:fresh
p[style-name='Block Text'] => blockquote:fresh
"""

_DAMAGED = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


def read_word(source: Source) -> Iterator[Article]:
    """Yield the one article of a .docx file."""
    data = source.read_all()
    _weigh(data, source.name)
    composed = _convert(data, source.name)
    if not composed.text:
        raise InputError("no-text", source.name, f"{source.name} has no text in it")
    markup = Markup(composed.blocks, composed.block_quotes, extracted=True)
    yield build_article(composed.text, id=source.id, markup=markup, origin=source.name)


def _weigh(data: bytes, name: str) -> None:
    """Raise InputError when the archive is none, is a bomb, or has XML that declares entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            declared = sum(entry.file_size for entry in entries)
            if len(entries) > MOST_ENTRIES or declared > MOST_BYTES:
                raise InputError("too-large", name, f"{name} inflates to {declared} bytes in {len(entries)} parts")
            if not any(entry.filename == "[Content_Types].xml" for entry in entries):
                raise InputError("invalid-docx", name, f"{name} is a zip archive, but no Word document")
            total = 0
            for entry in entries:
                total += _weigh_entry(archive, entry, name, MOST_BYTES - total)
    except _DAMAGED as error:
        raise InputError("invalid-docx", name, f"{name} is no Word document: {error}") from None


def _weigh_entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, most: int) -> int:
    """Return a part's real size; raises InputError when it is too large or its XML declares entities."""
    is_xml = entry.filename.lower().endswith((".xml", ".rels"))
    most = min(most, MOST_XML) if is_xml else most
    size = 0
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(1 << 16):
            size += len(chunk)
            if size > most or (size > 1 << 20 and size > MOST_RATIO * max(1, entry.compress_size)):
                raise InputError(
                    "too-large", name, f"{name} inflates to more than is read of a draft ({entry.filename})"
                )
            if is_xml and b"<!" in (seen := tail + chunk.replace(b"\0", b"")) and _declares(seen):
                raise InputError("invalid-docx", name, f"{name} declares XML entities, which no Word document does")
            tail = chunk.replace(b"\0", b"")[-16:]
    return size


def _declares(xml: bytes) -> bool:
    """Say whether a stretch of XML has a document type or entity declaration."""
    return b"<!DOCTYPE" in xml or b"<!ENTITY" in xml


def _convert(data: bytes, name: str) -> Composed:
    """Return the text and paragraphs; raises InputError."""
    import mammoth
    from lxml import html as lxml_html  # type: ignore[import-untyped]

    try:
        html = mammoth.convert_to_html(
            io.BytesIO(data), style_map=STYLES, convert_image=mammoth.images.img_element(lambda image: {})
        ).value
        if not html.strip():
            return Composed("", (), ())
        return compose(lxml_html.fragment_fromstring(html, create_parent="div"))
    except Exception as error:  # whatever a document does to mammoth, it is one bad input
        raise InputError(
            "invalid-docx", name, f"{name} cannot be read as a Word document: {type(error).__name__}"
        ) from error


READER = Reader("docx", (".docx",), read_word, lambda head: head.startswith(b"PK\x03\x04"))
