"""Jobs over HTTP: how far they are, which there are, and cancelling one."""

from typing import Annotated, Any

import msgspec
from anyio.to_thread import run_sync
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from sourcing.api.caching import tagged
from sourcing.api.job import Job, Status
from sourcing.api.jobs import Jobs
from sourcing.api.openapi import answers, reference, refusal
from sourcing.api.paging import USUAL, Cursor, Limit, cursor_after, read_key
from sourcing.api.problems import Problem

router = APIRouter(prefix="/v1/jobs", tags=["jobs"])

PAGE: dict[str, Any] = {
    "type": "object",
    "required": ["items", "next"],
    "properties": {
        "items": {"type": "array", "items": reference("Job")},
        "next": {"description": "The cursor of the page after; null on the last.", "type": ["string", "null"]},
    },
}


@router.get(
    "", operation_id="listJobs", summary="The jobs",
    responses=answers(PAGE, "A page, newest first.", 422, tagged=True),
)  # fmt: skip
async def list_jobs(
    request: Request,
    status: Annotated[Status | None, Query(description="Only those that are so.")] = None,
    corpus: Annotated[str | None, Query(description="Only of this corpus.", max_length=64)] = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Response:
    """Without their failures. Finished jobs are forgotten after seven days."""
    jobs: Jobs = request.app.state.jobs
    (before,) = read_key(cursor, int) or (None,)
    found, following = await run_sync(
        lambda: jobs.ledger.page(status=status, corpus=corpus, before=before, limit=limit)
    )
    page = {"items": found, "next": None if following is None else cursor_after(following)}
    return tagged(request, msgspec.json.encode(page))


@router.get(
    "/{id}", operation_id="getJob", summary="A job", responses=answers("Job", "How far it is.", 404, tagged=True)
)
async def get_job(request: Request, id: str) -> Response:
    """How far it is, with the first thousand of its failures; `Retry-After` says when to ask again, until it is finished."""
    jobs: Jobs = request.app.state.jobs
    job = _found(await run_sync(jobs.ledger.get, id))
    response = tagged(request, msgspec.json.encode(job))
    if not job.is_finished:
        response.headers["retry-after"] = "1"
    return response


@router.post(
    "/{id}/cancel", operation_id="cancelJob", summary="Cancel a job",
    responses={**answers("Job", "It is cancelled.", 404), 409: refusal("The job is done, or has failed, already.")},
)  # fmt: skip
async def cancel_job(request: Request, id: str) -> Response:
    """What it has added stays. Cancelling twice is once; a job that is done or failed is 409."""
    jobs: Jobs = request.app.state.jobs
    job = _found(await jobs.cancel(id))
    if job.status != "cancelled":
        raise Problem(409, "job-finished", f"The job is {job.status} already.")
    return Response(msgspec.json.encode(job), media_type="application/json")


def _found(job: Job | None) -> Job:
    if job is None:
        raise Problem(404, "no-job", "There is no such job; finished ones are forgotten after seven days.")
    return job
