"""Articles into a corpus and out of it again.

Every addition is a job, so that there is one road, and what is acknowledged survives a crash: `202` says that the body is on
disk. A request with `Prefer: wait=10` is answered `200` with the finished job if it finishes in time.
"""

import re
import secrets
import sqlite3
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Annotated

import msgspec
from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from fastapi import APIRouter, Header, Request
from starlette.responses import Response

from sourcing.api import job_routes
from sourcing.api.idempotency import IdempotencyKey, key_reused
from sourcing.api.job import Job, Progress
from sourcing.api.jobs import Jobs
from sourcing.api.ledger import KeyReused
from sourcing.api.media import FORM, JSON, MANY, ONE
from sourcing.api.openapi import answers, bodies, body_of, reference
from sourcing.api.parameters import CHECKED
from sourcing.api.problems import Problem
from sourcing.api.service import STATUS, Service
from sourcing.api.spool import Spooled, disk_full, spool
from sourcing.api.work import Refusal, find_refusal, read_json
from sourcing.errors import UsageError

LONGEST_WAIT = 30.0  # seconds that a request may ask to wait for its job
WAIT = re.compile(r"(?:^|[,;])\s*wait\s*=\s*\"?(\d{1,4})", re.IGNORECASE)
TROUBLES = (400, 404, 413, 415, 422, 429, 507)
ARTICLE = reference("Article")
PREFER_SAID = "`wait=SECONDS`, up to 30: wait so long for the job to finish."
REMOVALS = CapacityLimiter(1)  # they group stories, which takes memory

router = APIRouter(tags=["corpora"], dependencies=CHECKED)
router.include_router(job_routes.router)


@router.post(
    "/v1/corpora/{name}/articles",
    operation_id="addArticles",
    summary="Add articles",
    status_code=202,
    responses={
        **answers("Job", "The job that adds them; `Location` is its address.", *TROUBLES, status=202),
        **answers("Job", "The job, finished in the time that `Prefer: wait=SECONDS` gave it."),
    },
    openapi_extra=body_of(bodies(*ONE, *MANY, FORM, json={"anyOf": [ARTICLE, {"type": "array", "items": ARTICLE}]})),
)
async def add_articles(
    name: str,
    request: Request,
    key: IdempotencyKey,
    prefer: Annotated[str | None, Header(description=PREFER_SAID)] = None,
) -> Response:
    """Articles, or reports as JSON Lines, to add, or to take the places of those whose ids are there; the corpus is made if there
    is none. An article or an array (schemas/article.json), text, HTML, Markdown, Word, JSON Lines, CSV, or files of a form."""
    service: Service = request.app.state.service
    jobs: Jobs = request.app.state.jobs
    settings = service.settings
    service.path_of(name, create=True)
    if await jobs.is_full():
        raise Problem(429, "too-many-jobs", "Too many jobs are waiting.", headers={"Retry-After": "10"})

    id = secrets.token_hex(12)
    folder = jobs.folder_of(id)
    accepted = None
    try:
        spooled = await spool(request, folder, max_body=settings.max_body, max_upload=settings.max_upload)
        article = await run_sync(_article_of, spooled, folder)
        progress = Progress(bytes_total=spooled.work.size)
        job = Job(id=id, corpus=name, created=datetime.now(UTC), article=article, progress=progress)
        told = f"{request.method} {request.url.path} {spooled.digest}"
        accepted = await jobs.submit(job, spooled.work, key=key, request=told)
    except KeyReused:
        raise key_reused() from None
    except sqlite3.OperationalError:
        raise disk_full() from None
    finally:
        if accepted is None or accepted.id != id:
            await jobs.discard(id)

    wait = _wait_of(prefer)
    if wait:
        accepted = await jobs.wait(accepted.id, wait) or accepted
    return _answer(accepted, wait)


@router.delete(
    "/v1/corpora/{name}/articles/{article:path}", operation_id="removeArticle", summary="Remove an article", status_code=204,
    response_class=Response, responses=answers(None, "It is gone.", 400, 404, 500, status=204),
)  # fmt: skip
async def remove_article(name: str, article: str, request: Request) -> Response:
    """Take an article out of a corpus; its report goes with it."""
    service: Service = request.app.state.service
    path = service.path_of(name)
    if not await run_sync(_remove, path, article, limiter=REMOVALS):
        raise Problem(404, "no-article", "There is no article of this id in the corpus.")
    return Response(status_code=204)


def _remove(path: Path, id: str) -> bool:
    from sourcing.corpus import Corpus

    try:
        return bool(Corpus(path).remove([id]))
    except UsageError:  # its text names the server's folders
        raise Problem(500, "corpus-unreadable", "The corpus cannot be read or written.") from None


def _article_of(spooled: Spooled, folder: Path) -> str | None:
    """The id of a body's one article, None for many. Raises Problem for JSON that is no article: such a mistake is the
    request's, while one among many is a failure of the job."""
    if spooled.media not in ONE:
        return None
    (file,) = spooled.work.files
    id = PurePath(file).stem
    if spooled.media != JSON:
        return id
    name = spooled.work.shown or file
    value = read_json((folder / file).read_bytes(), name)
    if isinstance(value, list) and value:
        return None
    refusal = value if isinstance(value, Refusal) else find_refusal(value, name)
    if refusal is not None:
        raise Problem(STATUS.get(refusal.code, 422), refusal.code, refusal.message, pointer=refusal.pointer)
    return value.get("id") or id


def _wait_of(prefer: str | None) -> float:
    """The seconds that a request asks to wait (RFC 7240).

    >>> _wait_of('respond-async, wait=10'), _wait_of("wait=3600"), _wait_of(None)
    (10.0, 30.0, 0.0)
    """
    asked = WAIT.search(prefer or "")
    return min(float(asked.group(1)), LONGEST_WAIT) if asked else 0.0


def _answer(job: Job, wait: float) -> Response:
    headers = {"Location": f"/v1/jobs/{job.id}", "Cache-Control": "no-store"}
    if wait:
        headers["Preference-Applied"] = f"wait={wait:.0f}"
    if not job.is_finished:
        headers["Retry-After"] = "1"
    return Response(msgspec.json.encode(job), 200 if wait and job.is_finished else 202, headers, media_type=JSON)
