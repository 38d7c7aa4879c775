"""The media types that are taken, and what reads them.

>>> bare("Text/HTML; charset=utf-8")
'text/html'
"""

from collections.abc import Mapping
from email.message import Message
from typing import NamedTuple

from sourcing.api.problems import Problem
from sourcing.documents.encodings import check_encoding
from sourcing.errors import UsageError

JSON = "application/json"
LINES = "application/x-ndjson"
FORM = "multipart/form-data"
BYTES = "application/octet-stream"  # looked at to find out what they are


class Kind(NamedTuple):
    """What one article of a media type is. reader: its name; ending: of a file of it."""

    reader: str
    ending: str


ONE = {
    JSON: Kind("json", ".json"),
    "text/plain": Kind("text", ".txt"),
    "text/html": Kind("html", ".html"),
    "application/xhtml+xml": Kind("html", ".html"),
    "text/markdown": Kind("markdown", ".md"),
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": Kind("docx", ".docx"),
}
MANY = {LINES: ".jsonl", "application/jsonl": ".jsonl", "text/csv": ".csv"}
"""Media types of many articles, and the ending of a file of each."""

BATCH = (LINES, "application/jsonl")
READERS_OF_ONE = frozenset(kind.reader for kind in ONE.values())


def bare(media: str) -> str:
    """A media type without its parameters."""
    return media.partition(";")[0].strip().lower()


def check_coding(headers: Mapping[str, str]) -> None:
    """Raise Problem 415 for a body that its Content-Encoding says is packed: nothing here unpacks one."""
    if headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise Problem(415, "content-encoding", "Send the body as it is, or a .gz as a file of a form.")


def charset_of(media: str) -> str | None:
    """The encoding of a text that its media type names; JSON is UTF-8 whatever is said. Raises Problem 415 for one that there is
    none of."""
    header = Message()
    header["content-type"] = media
    charset = header.get_content_charset()
    if charset is None or header.get_content_maintype() != "text":
        return None
    try:
        check_encoding(charset)
    except UsageError:
        raise Problem(415, "media-type", "There is no such charset.") from None
    return charset
