"""A browser's way past the guard: a cookie that proves that the token was typed in, and does not hold it.

It is valid for as long as the server has this token; another token ends all sessions.

>>> is_session("token", session_cookie("token")), is_session("other", session_cookie("token"))
(True, False)
"""

import hashlib
import hmac

COOKIE = "sourcing-session"
_PURPOSE = b"sourcing page session 1"


def session_cookie(token: str) -> str:
    """Return the cookie's value for a server with this token."""
    return hmac.new(token.encode(), _PURPOSE, hashlib.sha256).hexdigest()


def is_session(token: str, value: str) -> bool:
    """Say whether `value` is the cookie of a server with this token, in constant time."""
    return hmac.compare_digest(session_cookie(token).encode(), value.encode("utf-8", "surrogatepass"))
