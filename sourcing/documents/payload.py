"""What a web server sent: the body of an HTTP response without the codings it was sent in, up to a size.

Crawlers keep the headers and often undo the codings, so what does not look coded as the headers say is left as it is.

>>> plain_body(b"5\\r\\nShe l\\r\\n4\\r\\neft.\\r\\n0\\r\\n\\r\\n", transfer="chunked", content="", most=100)
b'She left.'
"""

import io
import re
import zlib

_CHUNK_SIZE = re.compile(rb"[ \t]*([0-9A-Fa-f]{1,8})[ \t]*(?:;[^\r\n]{0,1000})?\r?\n")
# A server applies one coding, seldom two.
MOST_CODINGS = 3


def plain_body(data: bytes, *, transfer: str, content: str, most: int) -> bytes:
    """Return the decoded body, cut off after `most` + 1 bytes.

    transfer, content: the headers Transfer-Encoding and Content-Encoding. gzip, deflate, br and zstd are undone.
    """
    if "chunked" in transfer.lower():
        data = _joined(data)
    codings = [coding.strip().lower() for header in (transfer, content) for coding in header.split(",")]
    for coding in reversed(codings[-MOST_CODINGS:] if content else codings[:MOST_CODINGS]):
        if coding in ("gzip", "x-gzip", "deflate"):
            data = _inflated(data, most)
        elif coding in ("br", "zstd"):
            data = _unpacked(data, coding, most)
    return data


def _joined(data: bytes) -> bytes:
    """Return the chunks of a body as one; of a body that is cut off, or goes on with no chunk, what came before."""
    chunks = []
    place = 0
    while size := _CHUNK_SIZE.match(data, place):
        length = int(size.group(1), 16)
        if not length:
            break
        chunks.append(data[size.end() : size.end() + length])
        place = size.end() + length
        place += 2 if data.startswith(b"\r\n", place) else 1
    return b"".join(chunks) or data


def _inflated(data: bytes, most: int) -> bytes:
    """Undo gzip and deflate, with or without zlib's header."""
    for window in (47, -15):
        try:
            return zlib.decompressobj(window).decompress(data, most + 1) or data
        except zlib.error:
            continue
    return data


def _unpacked(data: bytes, coding: str, most: int) -> bytes:
    """Undo Brotli or Zstandard."""
    from fastwarc.stream_io import BrotliReader, ZstdReader

    reader = BrotliReader(io.BytesIO(data)) if coding == "br" else ZstdReader(io.BytesIO(data))
    body = bytearray()
    try:
        while len(body) <= most and (more := reader.read(min(1 << 16, most + 1 - len(body)))):
            body += more
    except OSError:
        return bytes(body) or data
    return bytes(body) or data
