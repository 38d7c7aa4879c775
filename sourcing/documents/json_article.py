"""JSON: a file with one article, an object, or with several, an array (schemas/article.json)."""

import json
import re
from collections.abc import Iterator
from typing import Any

from sourcing.documents.articles import article_from_mapping
from sourcing.documents.encodings import BOMS, decode
from sourcing.documents.mapping import map_object
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source
from sourcing.errors import InputError
from sourcing.records import Article, Failure

_OPENING = re.compile(rb"(?:\xef\xbb\xbf)?[ \t\r\n]*(?:\[|\{(?!\\))")  # "{\rtf1" begins Rich Text
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def read_json(source: Source) -> Iterator[Article | Failure]:
    """Yield the article or articles of a JSON file; a Failure for each element that is none."""
    value = parse(as_utf8(source.read_all(), source.name, source.encoding), source.name)
    if not isinstance(value, list):
        article = map_object(value, source.mapping, source.name)
        yield article_from_mapping(article, id=source.id, origin=source.name)
        return
    if not value:
        raise InputError("empty", source.name, f"{source.name} is an array without any article")
    for number, element in enumerate(value, start=1):
        try:
            name = f"{source.name}#{number}"
            article = map_object(element, source.mapping, name)
            yield article_from_mapping(article, id=f"{source.id}-{number}", origin=name)
        except InputError as error:
            yield error.record()


def as_utf8(data: bytes, name: str, encoding: str | None) -> bytes:
    """Return JSON in UTF-8, as its standard wants it, unless the user or a byte order mark says otherwise."""
    if encoding is None and not any(data.startswith(bom) for bom, _ in BOMS):
        return data
    return decode(data, name=name, encoding=encoding)[0].encode("utf-8", "surrogatepass")


def parse(data: bytes, name: str, line: int | None = None) -> Any:
    """Return the JSON value; raises InputError "empty", "encoding" or "invalid-json".

    Of a key that comes twice the later one counts.
    """
    import msgspec

    if not data.strip():
        raise InputError("empty", name, f"{name} is empty", line)
    if b"\0" in data:
        raise InputError("binary", name, f"{name} is not JSON (binary data)", line)
    try:
        return msgspec.json.decode(data)
    except UnicodeDecodeError as error:
        message = f"{name} is not UTF-8 (byte {error.object[error.start]:#04x}), which JSON has to be"
        raise InputError("encoding", name, message, line) from None
    except RecursionError:
        raise InputError("invalid-json", name, f"{name} is nested too deep", line) from None
    except msgspec.DecodeError as error:
        if _has_half_a_pair(data):
            message = f"{name} has half a surrogate pair (\\ud800 to \\udfff), which is no Unicode text"
            raise InputError("invalid-text", name, message, line) from None
        raise InputError("invalid-json", name, f"{name} is not valid JSON: {error}", line) from None


def _has_half_a_pair(data: bytes) -> bool:
    """Say whether the only thing wrong with the JSON is half a surrogate pair."""
    if _SURROGATE.search(data) is None:
        return False
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


READER = Reader("json", (".json",), read_json, lambda head: _OPENING.match(head) is not None)
