"""Signing in: the token once, then a cookie. Needed only where the server demands a token."""

import hmac

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from sourcing.api.page.rendering import page_router, render, service_of
from sourcing.api.page.session import COOKIE, session_cookie

router = page_router()

SEE_OTHER = 303


@router.get("/login")
async def ask(request: Request) -> Response:
    """The form, or the way home where no token is demanded."""
    if service_of(request).settings.token is None:
        return RedirectResponse("/", SEE_OTHER)
    return render(request, "login.html.j2", problem=None)


@router.post("/login")
async def sign_in(request: Request) -> Response:
    """Compare the token in constant time; set the cookie, or ask again."""
    token = service_of(request).settings.token
    if token is None:
        return RedirectResponse("/", SEE_OTHER)
    async with request.form(max_files=0, max_fields=4) as form:
        given = str(form.get("token", "")).strip()
    if not hmac.compare_digest(given.encode("utf-8", "surrogatepass"), token.encode()):
        return render(request, "login.html.j2", status=401, problem="This is not the server’s token.")
    answer = RedirectResponse("/", SEE_OTHER)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, session_cookie(token), httponly=True, samesite="strict", secure=secure, path="/")
    return answer


@router.post("/logout")
async def sign_out(request: Request) -> Response:
    """Drop the cookie."""
    answer = RedirectResponse("/login", SEE_OTHER)
    answer.delete_cookie(COOKIE, httponly=True, samesite="strict", path="/")
    return answer
