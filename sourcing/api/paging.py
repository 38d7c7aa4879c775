"""Lists in pages: a cursor says after what to go on, so that pages fit together while articles come and go.

>>> read_cursor(cursor_after("a/1", 3))
['a/1', 3]
"""

import base64
import binascii
from typing import Annotated, Any

import msgspec
from fastapi import Query

from sourcing.api.problems import Problem

MOST = 500
USUAL = 50

Limit = Annotated[int, Query(ge=1, le=MOST, description="Items of a page.")]
Cursor = Annotated[str | None, Query(description="`next` of the page before.", max_length=4000)]


def cursor_after(*key: Any) -> str:
    """The cursor that goes on after the item with this key."""
    return base64.urlsafe_b64encode(msgspec.json.encode(key)).decode().rstrip("=")


def read_cursor(cursor: str | None) -> list[Any] | None:
    """The key that a cursor goes on after; None without a cursor. Raises Problem for one that this server did not make."""
    if cursor is None:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        return msgspec.json.decode(base64.b64decode(padded, altchars=b"-_", validate=True), type=list[Any])
    except (binascii.Error, UnicodeEncodeError, UnicodeDecodeError, msgspec.DecodeError):
        raise bad_cursor() from None


def bad_cursor() -> Problem:
    """What a cursor is answered with that this list did not give."""
    return Problem(422, "bad-cursor", "The cursor is none that this list gave.", pointer="?cursor")
