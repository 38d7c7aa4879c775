"""ETags: an answer that the caller has already is not sent again.

>>> matches('W/"a", "b"', '"b"'), matches("*", '"b"'), matches(None, '"b"')
(True, True, False)
"""

import hashlib

from starlette.requests import Request
from starlette.responses import Response


def tagged(request: Request, body: bytes, *, media_type: str = "application/json") -> Response:
    """The answer with the ETag of its bytes, or 304 where the caller has it."""
    return tagged_as(request, hashlib.sha256(body).hexdigest()[:32], body, media_type=media_type)


def tagged_as(request: Request, word: str, body: bytes, *, media_type: str = "application/json") -> Response:
    """The same with an ETag of one's own making."""
    tag = f'"{word}"'
    headers = {"etag": tag, "cache-control": "private, no-cache"}
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def matches(asked: str | None, tag: str) -> bool:
    """Does an If-None-Match header name this tag?"""
    if asked is None:
        return False
    names = {name.strip().removeprefix("W/") for name in asked.split(",")}
    return "*" in names or tag in names
