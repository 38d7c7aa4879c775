"""Lists in pages: a cursor says after what to go on, so that pages fit together while articles come and go.

>>> read_key(cursor_after("a/1", 3), str, int)
('a/1', 3)
"""

import base64
import binascii
from typing import Annotated, Any, TypeVar

import msgspec
from fastapi import Query

from sourcing.api.problems import Problem

MOST = 500
USUAL = 50
LARGEST = 1 << 62  # SQLite's integers end at 63 bits

Item = TypeVar("Item")
Limit = Annotated[int, Query(ge=1, le=MOST, description="Items of a page.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.", max_length=4000)]


def cursor_after(*key: Any) -> str:
    """The cursor that goes on after the item with this key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read_key(cursor: str | None, *types: type) -> tuple[Any, ...] | None:
    """The key that a cursor goes on after, whose parts are of exactly these types; None without a cursor.

    Raises Problem 422 for a cursor that such a list cannot have given.
    """
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        key = msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=tuple[Any, ...])
    except (binascii.Error, UnicodeEncodeError, UnicodeDecodeError, msgspec.DecodeError, RecursionError):
        raise _bad_cursor() from None
    if [type(part) for part in key] != list(types) or any(type(n) is int and abs(n) >= LARGEST for n in key):
        raise _bad_cursor()
    return key


def cut(found: list[Item], limit: int) -> tuple[list[Item], Item | None]:
    """A page of what was found, of which one more than `limit` was asked for, and its last item if there is a page after it."""
    return found[:limit], found[limit - 1] if len(found) > limit else None


def _bad_cursor() -> Problem:
    return Problem(422, "bad-cursor", "The cursor is none that this list gave.", pointer="?cursor")
