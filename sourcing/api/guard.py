"""What every request passes: its id, who may call, from where, how much may be sent, and the headers of every answer.

Written against ASGI and not as FastAPI dependencies, so that it holds for every route, files and unknown addresses among them.
"""

import asyncio
import hmac
import ipaddress
import re
import time
import uuid
from collections.abc import MutableMapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request, cookie_parser
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from sourcing.api.figures import Figures
from sourcing.api.logs import log
from sourcing.api.page.rendering import page_of
from sourcing.api.page.session import COOKIE, is_session
from sourcing.api.problems import MEDIA_TYPE, Problem
from sourcing.api.settings import MIB, Settings

REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
OPEN = re.compile(r"/healthz|/readyz|/login|/static/.*")
"""Addresses that need no token; they say nothing of articles."""
MANY = re.compile(r"/v1/analyze/batch|/v1/corpora/[^/]*/articles")
REPORTS = re.compile(r"/export|/corrections(/.*)?|/v1/articles/[^/]*/corrections")
FORM = MIB // 4  # what a form adds to the file in it
BROKEN = "Something went wrong here; the log says where."
CLOSE = {"connection": "close"}
PATIENCE = 30.0  # seconds to wait for more of a body
SAFE = frozenset(("GET", "HEAD", "OPTIONS"))
METHODS = SAFE | {"POST", "PUT", "PATCH", "DELETE"}

HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
    "cache-control": "no-store",
}
"""Of every answer that does not bring its own: an article under work is nobody else's business."""


class Guard:
    """The middleware, around the whole application."""

    def __init__(self, app: ASGIApp, *, settings: Settings, figures: Figures) -> None:
        self.app, self.settings, self.figures = app, settings, figures
        self.names = _names_of(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        given = headers.get("x-request-id", "")
        identity = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        scope.setdefault("state", {})["request_id"] = identity
        answer = _Answer(send, identity)
        began = time.perf_counter()
        try:
            self._check(scope, headers)
            scope = _without_charset(scope, headers)
            if scope["method"] == "HEAD":  # what GET answers; the server itself leaves the body out
                scope = {**scope, "method": "GET"}
            await self.app(scope, _Counted(receive, _limit_of(scope["path"], self.settings)), answer)
        except Problem as problem:
            await self._refuse(problem, scope, receive, answer)
        except ClientDisconnect:
            await self._refuse(Problem(400, "cut-off", "The body is cut off."), scope, receive, answer)
        except Exception as error:
            log("failed", level=40, error=error, request=identity)
            await self._refuse(Problem(500, "internal", BROKEN), scope, receive, answer)
        finally:
            seconds = time.perf_counter() - began
            route = getattr(scope.get("route"), "path", "other")
            method = scope["method"] if scope["method"] in METHODS else "other"
            self.figures.requests.labels(method, route, str(answer.status)).inc()
            self.figures.seconds.labels(method, route).observe(seconds)
            if route not in ("/healthz", "/readyz", "/metrics"):
                log(
                    "request", request=identity, method=method, route=route, status=answer.status,
                    ms=round(seconds * 1000, 1), bytes=answer.bytes,
                )  # fmt: skip

    def _check(self, scope: Scope, headers: Headers) -> None:
        if self.names is not None and _host_of(headers.get("host", "")) not in self.names:
            # a page elsewhere could otherwise give its own name this server's address, and read it
            raise Problem(421, "bad-host", "This server does not answer to that name.")
        if scope["method"] not in SAFE and not _same_site(headers):
            raise Problem(403, "cross-site", "Pages of other sites may not send anything here.")
        token, path = self.settings.token, scope["path"]
        if token is None or OPEN.fullmatch(path):
            return
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode()):
            return
        if is_session(token, cookie_parser(headers.get("cookie", "")).get(COOKIE, "")):
            return
        said = "That is not the server's token." if given else "Send the server's token as `Authorization: Bearer`."
        raise Problem(401, "no-token", said, headers={"www-authenticate": 'Bearer realm="sourcing"'})

    async def _refuse(self, problem: Problem, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        if answer.status:  # too late: the answer has begun, and can only break off
            return
        response = problem_response(problem, Request(scope))
        await response(scope, receive, answer)


def problem_response(problem: Problem, request: Request) -> Response:
    """A problem as an answer: details for scripts, a page for browsers, or the way to sign in."""
    if "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/"):
        if problem.status == 401 and request.method in SAFE:
            return RedirectResponse("/login", 303)
        return page_of(problem, request)
    identity = getattr(request.state, "request_id", None)
    return JSONResponse(problem.body(identity), problem.status, problem.headers, media_type=MEDIA_TYPE)


class _Answer:
    """Sends, adding the headers, and knows what was sent."""

    def __init__(self, send: Send, identity: str) -> None:
        self._send, self._identity = send, identity
        self.status = self.bytes = 0

    async def __call__(self, message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["x-request-id"] = self._identity
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)


class _Counted:
    """Receives, and refuses more than `limit` bytes."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive, self._limit, self._seen, self._more = receive, limit, 0, True

    async def __call__(self) -> Message:
        if self._more:
            try:
                message = await asyncio.wait_for(self._receive(), PATIENCE)
            except TimeoutError:
                raise Problem(408, "too-slow", "The rest of the body did not come.", headers=CLOSE) from None
        else:
            message = await self._receive()
        self._more = bool(message.get("more_body"))
        self._seen += len(message.get("body", b""))
        if self._seen > self._limit:
            said = f"This is too large: at most {self._limit // MIB:,} MiB are taken."
            raise Problem(413, "too-large", said, headers=CLOSE)
        return message


def _without_charset(scope: Scope, headers: Headers) -> Scope:
    """A request whose form names no charset, in which each field would be decoded: browsers name none, and some codecs take
    quadratic time."""
    media, _, options = headers.get("content-type", "").partition(";")
    if media.strip().lower() != "multipart/form-data":
        return scope
    kept = [part for part in options.split(";") if part.strip().lower().startswith("boundary=")]
    plain = ";".join([media.strip(), *kept]).encode("latin-1")
    others = [(name, value) for name, value in scope["headers"] if name != b"content-type"]
    return {**scope, "headers": [*others, (b"content-type", plain)]}


def _limit_of(path: str, settings: Settings) -> int:
    if MANY.fullmatch(path):
        return settings.max_upload
    if REPORTS.fullmatch(path):
        return settings.max_report
    return settings.max_body + FORM


def _names_of(settings: Settings) -> frozenset[str] | None:
    """The names that a request may call the server by; None for all, where a token protects it and nobody said which."""
    if not is_loopback(settings.host) and not settings.hosts:
        return None
    return frozenset({"localhost", "127.0.0.1", "::1", settings.host.strip("[]"), *settings.hosts})


def is_loopback(host: str) -> bool:
    """Does an address reach this machine only?

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"


def _host_of(host: str) -> str:
    """The name in a Host header, without its port."""
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _same_site(headers: Headers) -> bool:
    """Does a request come from a page of this server, or from no page at all?"""
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != headers.get("host"):
        return False
    return headers.get("sec-fetch-site", "none") in ("same-origin", "none")
