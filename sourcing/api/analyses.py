"""`/v1/analyze`: one article in, its report out; or JSON Lines in, JSON Lines out."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

from sourcing.api.media import BATCH, BYTES, FORM, JSON, LINES, ONE, bare, check_coding
from sourcing.api.openapi import TEXT, answers, bodies, body_of
from sourcing.api.parameters import CHECKED
from sourcing.api.problems import Problem
from sourcing.api.service import Service
from sourcing.api.uploads import read_upload
from sourcing.api.work import Options, Upload
from sourcing.errors import UsageError
from sourcing.records import Failure

router = APIRouter(prefix="/v1", tags=["analysis"], dependencies=CHECKED)

Corpus = Annotated[str | None, Query(description="Look the speakers and quotes up in this corpus.", max_length=64)]
Codes = Annotated[
    str, Query(description="Codes of findings or their beginnings, separated by commas.", max_length=1000)
]
Sure = Annotated[float, Query(ge=0, le=1, description="Leave out attributions the model is less sure of.")]


@router.post(
    "/analyze",
    operation_id="analyze",
    summary="Analyze one article",
    responses=answers("Report", "The report, as schemas/report.json has it.", 400, 404, 413, 415, 422, 429, 500, 503),
    openapi_extra=body_of(bodies(*ONE, BYTES, FORM, json="Article")),
)
async def analyze(
    request: Request,
    corpus: Corpus = None,
    select: Codes = "",
    ignore: Codes = "",
    min_confidence: Sure = 0.0,
    with_text: Annotated[bool, Query(description="Keep the article's text in the report.")] = True,
) -> Response:
    """The article as JSON (schemas/article.json), text, HTML, Markdown or Word, or as `file` of a form; the same report that
    `sourcing analyze` gives."""
    service: Service = request.app.state.service
    options = options_of(select, ignore, min_confidence, with_text)
    if corpus is not None:
        service.path_of(corpus, pointer="?corpus")
    async with service.reading():
        upload = await read_upload(request)
    report = await service.analyze(upload, corpus=corpus, options=options)
    return Response(report, media_type=JSON)


@router.post(
    "/analyze/batch",
    operation_id="analyzeBatch",
    summary="Analyze many articles",
    response_class=StreamingResponse,
    responses=answers(
        TEXT,
        "A report, or an error record, for each line that is not blank, in their order.",
        400,
        404,
        413,
        415,
        422,
        media=LINES,
    ),
    openapi_extra=body_of(dict.fromkeys(BATCH, TEXT)),
)
async def analyze_batch(
    request: Request,
    corpus: Corpus = None,
    select: Codes = "",
    ignore: Codes = "",
    min_confidence: Sure = 0.0,
    with_text: Annotated[bool, Query(description="Keep the articles' texts in the reports.")] = False,
) -> Response:
    """JSON Lines of articles in, JSON Lines of reports out, as they are done. A line that is no article is answered by an
    error record (schemas/error.json) in its place, and the rest goes on."""
    service: Service = request.app.state.service
    if bare(request.headers.get("content-type", LINES)) not in BATCH:
        raise Problem(415, "media-type", f"A batch is sent as {LINES}.", headers={"accept-post": LINES})
    check_coding(request.headers)
    options = options_of(select, ignore, min_confidence, with_text)
    if corpus is not None:
        service.path_of(corpus, pointer="?corpus")
    return _WhileReading(_answers(service, request, corpus, options), media_type=LINES)


class _WhileReading(StreamingResponse):
    """A stream that is sent while the body still comes in. The usual one waits for the caller to hang up meanwhile, and takes
    what is left of the body for it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.stream_response(send)


def options_of(select: str, ignore: str, min_confidence: float, with_text: bool) -> Options:
    """The options of an analysis; raises Problem for codes there are none of."""
    from sourcing.findings import select_rules

    chosen, left = _codes(select), _codes(ignore)
    for pointer, codes in (("?select", chosen), ("?ignore", left)):
        try:
            select_rules(select=codes)
        except UsageError as error:
            raise Problem(422, "bad-option", str(error), pointer=pointer) from None
    return Options(select=chosen, ignore=left, min_confidence=min_confidence, with_text=with_text)


def _codes(given: str) -> tuple[str, ...]:
    return tuple(code.strip().upper() for code in given.split(",") if code.strip())


async def _answers(service: Service, request: Request, corpus: str | None, options: Options) -> AsyncIterator[bytes]:
    """A line for each article, a few under work at a time, so that memory stays the same however long the batch is."""
    running: deque[asyncio.Task[bytes]] = deque()
    try:
        async for number, line in _lines(request, service.settings.max_body):
            running.append(asyncio.create_task(_answer(service, number, line, corpus, options)))
            if len(running) > service.settings.workers:
                yield await running.popleft()
        while running:
            yield await running.popleft()
    except Problem as problem:  # more than may be sent: what came before is answered
        while running:
            yield await running.popleft()
        yield _error(0, problem)
    finally:
        for task in running:
            task.cancel()


async def _answer(service: Service, number: int, line: bytes | None, corpus: str | None, options: Options) -> bytes:
    if line is None:
        return _error(number, Problem(413, "too-large", f"is longer than {service.settings.max_body} bytes"))
    try:
        upload = Upload(data=line, kind="json", name=f"line {number}", id=f"line-{number}")
        return await service.analyze(upload, corpus=corpus, options=options, patient=True) + b"\n"
    except Problem as problem:
        return _error(number, problem)


def _error(number: int, problem: Problem) -> bytes:
    place = f"line {number}" if number else "batch"
    failure = Failure(input=place, code=problem.code, message=problem.detail, line=number or None)
    return msgspec.json.encode({"error": failure}) + b"\n"


async def _lines(request: Request, longest: int) -> AsyncIterator[tuple[int, bytes | None]]:
    """The lines of a body that are not blank, with their numbers from 1; None for one that is too long."""
    number, held, size = 0, list[bytes](), 0  # what came of the line that has not ended
    async for chunk in request.stream():
        *ended, rest = chunk.split(b"\n")
        for part in ended:
            number += 1
            line = None if size + len(part) > longest else b"".join((*held, part))
            held, size = [], 0
            if line is None or line.strip():
                yield number, line
        size += len(rest)
        held = [*held, rest] if size <= longest else []
        await asyncio.sleep(0)  # others have their turn between the lines of a long body
    if size > longest:
        yield number + 1, None
    elif line := b"".join(held).strip():
        yield number + 1, line
