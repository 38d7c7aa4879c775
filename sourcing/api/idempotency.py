"""Idempotency keys: a write that is sent again with the key it came with before is done once."""

import re
from typing import Annotated

from fastapi import Depends, Header

from sourcing.api.problems import Problem

KEY = re.compile(r"[\x21-\x7e]{1,255}")
SAID = "Makes it safe to send the request again: the same key and body are done once, and answered the same."


async def _read(idempotency_key: Annotated[str | None, Header(description=SAID)] = None) -> str | None:
    if idempotency_key is not None and not KEY.fullmatch(idempotency_key):
        raise Problem(400, "bad-idempotency-key", "An Idempotency-Key has 1 to 255 visible ASCII characters.")
    return idempotency_key


IdempotencyKey = Annotated[str | None, Depends(_read)]
"""The header of a request; one that is no key is refused (400)."""


def key_reused() -> Problem:
    """What a request is answered with whose key came with another one."""
    return Problem(422, "idempotency-key-reused", "This Idempotency-Key came before, with another request.")
