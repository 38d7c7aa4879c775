"""The desk: a draft goes in, its report comes out. Nothing of it is kept; the page carries its report itself."""

from fastapi import Request, Response

from sourcing.api.page.forms import ENDINGS, Draft, named, read_draft, upload_of
from sourcing.api.page.rendering import drawn, page_router, render, service_of
from sourcing.api.page.shown import show
from sourcing.api.problems import Problem
from sourcing.records import Report

router = page_router()

ECHOED = 200_000
"""Letters of a refused text that are sent back: a longer one would only be refused again, and is still in the browser."""


@router.get("/")
async def desk(request: Request) -> Response:
    """The empty form."""
    return render_desk(request, Draft(corpus=request.query_params.get("corpus", "")))


@router.post("/")
async def check(request: Request) -> Response:
    """The report of the draft that was sent, or the form with what is wrong."""
    service = service_of(request)
    draft = Draft()
    try:
        async with service.reading():
            draft = await read_draft(request)
        if draft.corpus:
            service.path_of(draft.corpus)
        upload = await drawn(upload_of, draft)
        answer = await service.analyze(upload, corpus=draft.corpus or None)
    except Problem as problem:
        refused = problem
        kept = draft if len(draft.text) <= ECHOED else draft._replace(text="")
        return await drawn(lambda: render_desk(request, kept, problem=refused))
    return await drawn(lambda: render_result(request, named(Report.from_json(answer), draft), draft))


def render_result(request: Request, report: Report, draft: Draft, place: str = "") -> Response:
    """The form with the draft still in it, and the report below."""
    shown = show(service_of(request).settings.state, report, draft.corpus or None)
    return render_desk(request, draft, shown=shown, place=place)


def render_desk(request: Request, draft: Draft, *, problem: Problem | None = None, **context: object) -> Response:
    """The desk's page; `shown`: a report to show below the form."""
    return render(
        request,
        "draft.html.j2",
        status=problem.status if problem else 200,
        headers=problem.headers if problem else None,
        draft=draft,
        problem=problem.detail if problem else None,
        endings=sorted(ENDINGS),
        most=service_of(request).settings.max_body,
        **{"shown": None, "place": "", **context},
    )
