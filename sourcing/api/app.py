"""The application: the routes, what they share, and the guard around all of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from sourcing import __version__
from sourcing.api import adding, analyses, corpora, corrections, reference
from sourcing.api.guard import Guard, is_loopback, problem_response
from sourcing.api.jobs import Jobs
from sourcing.api.ledger import Ledger
from sourcing.api.logs import log
from sourcing.api.openapi import describe
from sourcing.api.page import routes as page
from sourcing.api.problems import Problem
from sourcing.api.service import Service
from sourcing.api.settings import Settings
from sourcing.errors import SourcingError, UsageError

CODES = {404: "not-found", 405: "method"}


def create_app(settings: Settings) -> FastAPI:
    """The ASGI application. Raises UsageError for a server that others can reach and that asks no token."""
    if not is_loopback(settings.host) and not settings.token:
        raise UsageError(
            f"the host {settings.host} can be reached by others: set a token (SOURCING_TOKEN or --token-file), or keep to 127.0.0.1"
        )
    service = Service(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            await app.state.jobs.start()
        except (SourcingError, OSError) as error:
            app.state.trouble = error  # for who started the server: one sentence instead of a traceback
            raise
        await service.start()
        service.figures.watch("sourcing_jobs", "Jobs by status.", app.state.ledger.counts, "status")
        log("started", workers=settings.workers, corpora=len(service.corpora()))
        yield
        await app.state.jobs.stop()
        await service.stop()
        log("stopped")

    app = FastAPI(
        title="sourcing",
        version=__version__,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
        exception_handlers={
            Problem: _answer_problem,
            HTTPException: _answer_http,
            RequestValidationError: _answer_invalid,
        },
        middleware=[Middleware(Guard, settings=settings, figures=service.figures)],
    )
    app.state.service = service
    app.state.ledger = Ledger(settings)
    app.state.jobs = Jobs(settings, app.state.ledger)
    for part in (analyses, adding, corpora, corrections, reference, page):
        app.include_router(part.router)
    app.openapi = lambda: describe(app)  # type: ignore[method-assign]
    return app


async def _answer_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error, request)


async def _answer_http(request: Request, error: Exception) -> Response:
    """What the framework refuses by itself: unknown addresses, wrong methods."""
    assert isinstance(error, HTTPException)
    code = CODES.get(error.status_code, "refused")
    return problem_response(Problem(error.status_code, code, str(error.detail), headers=error.headers), request)


async def _answer_invalid(request: Request, error: Exception) -> Response:
    """A part of the address that is out of range or of another type."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    name = str(first["loc"][-1])
    pointer = f"?{name}" if first["loc"][0] == "query" else None
    return problem_response(Problem(422, "bad-parameter", f"{name}: {first['msg']}", pointer=pointer), request)
