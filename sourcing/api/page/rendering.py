"""Templates of the page, over those of the report: one environment, so every string is escaped and made visible the same way."""

from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import CapacityLimiter, to_thread
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from sourcing.api.problems import Problem
from sourcing.api.service import Service
from sourcing.report.html import environment

if TYPE_CHECKING:
    from jinja2 import Environment


Drawn = TypeVar("Drawn")
DRAWING = CapacityLimiter(4)
MOST_WAITING = 32


def page_router() -> APIRouter:
    """A router for pages, which are not in the API's description."""
    return APIRouter(include_in_schema=False)


def page_of(problem: Problem, request: Request) -> HTMLResponse:
    """A problem as a page, for a browser."""
    title = HTTPStatus(problem.status).phrase
    again = problem.headers.get("retry-after") if problem.code == "not-yet" else None
    context = {"title": title, "detail": problem.detail, "again": again}
    return render(request, "problem.html.j2", status=problem.status, headers=problem.headers, **context)


async def drawn(draw: Callable[..., Drawn], *given: Any) -> Drawn:
    """What draw(*given) returns, done in one of a few threads: drawing a long report takes seconds. Raises Problem 429 where too
    many wait for that."""
    if DRAWING.statistics().tasks_waiting >= MOST_WAITING:
        raise Problem(429, "busy", "Too many pages wait already.", headers={"retry-after": "2"})
    return await to_thread.run_sync(draw, *given, limiter=DRAWING)


def service_of(request: Request) -> Service:
    """The server's parts."""
    service: Service = request.app.state.service
    return service


def render(
    request: Request, template: str, *, status: int = 200, headers: Mapping[str, str] | None = None, **context: Any
) -> HTMLResponse:
    """Fill a template of this folder and answer with it. Pages are never stored by a browser: they hold drafts."""
    service = service_of(request)
    text = (
        _templates()
        .get_template(template)
        .render(
            **context,
            path=request.url.path,
            corpora=service.corpora(),
            guarded=service.settings.token is not None,
        )
    )
    return HTMLResponse(
        text.encode("utf-8", "replace"), status_code=status, headers={"Cache-Control": "no-store", **(headers or {})}
    )


@cache
def _templates() -> "Environment":
    from jinja2 import ChoiceLoader, PackageLoader

    reports = environment()
    assert reports.loader is not None
    return reports.overlay(loader=ChoiceLoader([PackageLoader("sourcing.api.page"), reports.loader]))
