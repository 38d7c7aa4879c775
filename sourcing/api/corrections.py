"""Corrections over HTTP: made to a report, read back, applied, and exported as a gold standard.

They are kept on top of the model's report, which no route changes.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path as Folder
from typing import Annotated, Any

import anyio
import msgspec
from fastapi import APIRouter, Path, Request
from starlette.responses import Response, StreamingResponse

from sourcing import __version__
from sourcing.api import kept
from sourcing.api.caching import matches, tagged, tagged_as
from sourcing.api.idempotency import IdempotencyKey
from sourcing.api.media import JSON, LINES, bare
from sourcing.api.openapi import TEXT, answers, body_of, reference, refusal
from sourcing.api.paging import USUAL, Cursor, Limit, cursor_after, cut, read_key
from sourcing.api.parameters import CHECKED
from sourcing.api.problems import Problem
from sourcing.api.service import Service
from sourcing.corrections import Change, Correction, apply, overlay, standing, to_gold
from sourcing.records import Report
from sourcing.report.untrusted import shorten

router = APIRouter(prefix="/v1", tags=["corrections"], dependencies=CHECKED)

LONGEST_DETAIL = 300  # code points of a decoder's message, which may repeat what was sent
FIELD = re.compile(r"(?:missing required|contains unknown) field `([^`]*)`")
REFUSED = (400, 413, 415)
TROUBLES = (422, 500, 503)

Sha256 = Annotated[str, Path(pattern="^[0-9a-f]{64}$", description="SHA-256 of the article's text, in hexadecimal.")]
SENT: dict[str, Any] = {
    "type": "object",
    "required": ["correction"],
    "additionalProperties": False,
    "properties": {
        "correction": reference("Correction"),
        "report": {"anyOf": [reference("Report"), {"type": "null"}]},
    },
}


class CorrectionSent(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What POST takes. report: with its text; needed with the first correction of an article."""

    correction: Correction
    report: Report | None = None


class CorrectionsOf(msgspec.Struct, frozen=True, kw_only=True):
    """An article's corrections in order, those taken back too, and what they change of the model's report as it stands."""

    sha256: str
    id: str
    title: str | None
    count: int
    corrections: tuple[Correction, ...]
    changes: tuple[Change, ...]


class ListedArticle(msgspec.Struct, frozen=True, kw_only=True):
    """A corrected article. count: corrections, those taken back too; last: when the latest was made."""

    sha256: str
    id: str
    title: str | None
    count: int
    last: str


class ArticlesPage(msgspec.Struct, frozen=True, kw_only=True):
    """A page of corrected articles. next: the cursor of the page after, null on the last."""

    items: tuple[ListedArticle, ...]
    next: str | None


@router.post(
    "/articles/{sha256}/corrections",
    operation_id="correctArticle",
    summary="Correct a report",
    status_code=201,
    responses={
        **answers("Correction", "The correction as it is kept, with its id and time.", *REFUSED, *TROUBLES, status=201),
        409: refusal("The article's corrections are made to another report."),
    },
    openapi_extra=body_of({JSON: SENT}),
)
async def correct_article(request: Request, sha256: Sha256, key: IdempotencyKey) -> Response:
    """Keep a correction on top of the model's report. `report`, with its text, is needed with an article's first one; later ones
    may leave it out."""
    # A page of another site can have a browser post forms and plain text, but not this.
    if bare(request.headers.get("content-type", "")) != JSON:
        raise Problem(415, "media-type", f"A correction is sent as {JSON}.", headers={"accept-post": JSON})
    body = await request.body()
    made = await anyio.to_thread.run_sync(_add, _state(request), sha256, body, key)
    address = f"/v1/articles/{sha256}/corrections"
    return Response(msgspec.json.encode(made), 201, media_type=JSON, headers={"location": address})


@router.get(
    "/articles/{sha256}/corrections",
    operation_id="listCorrections",
    summary="The corrections of an article",
    responses=answers(
        "Correction/$defs/corrections", "The corrections, and what they change.", 404, *TROUBLES, tagged=True
    ),
)
async def list_corrections(request: Request, sha256: Sha256) -> Response:
    """All corrections in order, and the changes that stand, each with what the model said. The model's report is not repeated."""
    return await anyio.to_thread.run_sync(_about, request, sha256, _corrections_of)


@router.get(
    "/articles/{sha256}/corrected",
    operation_id="getCorrectedReport",
    summary="The report as corrected",
    responses=answers("Report", "The corrected report, with its text.", 404, *TROUBLES, tagged=True),
)
async def get_corrected_report(request: Request, sha256: Sha256) -> Response:
    """The model's report with the corrections that stand; counts, figures, score and findings are worked out again."""
    return await anyio.to_thread.run_sync(_about, request, sha256, _corrected)


@router.get(
    "/corrections",
    operation_id="listCorrectedArticles",
    summary="The articles that were corrected",
    responses=answers(
        "Correction/$defs/articles", "A page of articles, in the order of first correction.", *TROUBLES, tagged=True
    ),
)
async def list_corrected_articles(request: Request, cursor: Cursor = None, limit: Limit = USUAL) -> Response:
    """Corrected articles, a page at a time; an article's place never changes."""
    (after,) = read_key(cursor, int) or (0,)
    found, last = cut(await anyio.to_thread.run_sync(kept.list_articles, _state(request), after, limit + 1), limit)
    page = ArticlesPage(
        items=tuple(ListedArticle(sha256=a.sha256, id=a.id, title=a.title, count=a.count, last=a.last) for a in found),
        next=cursor_after(last.number) if last else None,
    )
    return tagged(request, msgspec.json.encode(page))


@router.get(
    "/corrections/export",
    operation_id="exportCorrections",
    summary="The corrected articles as a gold standard",
    response_class=StreamingResponse,
    responses=answers(
        TEXT, "An article a line, in the format that `sourcing evaluate` reads as gold.", *TROUBLES, media=LINES
    ),
)
async def export_corrections(request: Request) -> Response:
    """Gold, JSON Lines, streamed: every article of which some correction stands."""
    headers = {"content-disposition": 'attachment; filename="corrections.jsonl"'}
    lines = _gold_lines(_state(request))
    first = await anyio.to_thread.run_sync(
        next, lines, b""
    )  # a store that cannot be read is said before the answer begins
    return StreamingResponse(chain((first,), lines), media_type=LINES, headers=headers)


def _state(request: Request) -> Folder:
    service: Service = request.app.state.service
    return service.settings.state


def _add(state: Folder, sha256: str, body: bytes, key: str | None) -> Correction:
    sent = _decode(body)
    told = kept.Key(key, hashlib.sha256(sha256.encode() + b"\n" + body).hexdigest()) if key else None
    return kept.add(state, sha256, sent.correction, sent.report, told)


def _decode(body: bytes) -> CorrectionSent:
    """The request's body. Raises Problem: 400 for no JSON, 422 with a pointer for JSON of another shape."""
    try:
        return msgspec.json.decode(body, type=CorrectionSent)
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at `$")
        pointer = re.sub(r"[.\[]+", "/", place.removesuffix("`")).replace("]", "")
        if field := FIELD.search(said):
            pointer += "/" + field[1].replace("~", "~0").replace("/", "~1")
        pointer, said = shorten(pointer, LONGEST_DETAIL), shorten(said, LONGEST_DETAIL)
        raise Problem(422, "invalid", said, pointer=pointer) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        detail = "The body is nested too deep." if isinstance(error, RecursionError) else "The body is not valid JSON."
        raise Problem(400, "invalid-json", detail) from error


def _about(request: Request, sha256: str, body_of: Callable[[kept.Corrected], bytes]) -> Response:
    """An answer made of all that is kept of an article; 304 when its number of corrections is the one the caller knows."""
    state = _state(request)
    number = kept.count(state, sha256)
    if not number:
        raise Problem(404, "not-corrected", "There is no correction of this article.")
    if matches(request.headers.get("if-none-match"), f'"{_tag(number)}"'):
        return tagged_as(request, _tag(number), b"")
    article = kept.read(state, sha256)
    assert article is not None  # nothing is ever deleted
    return tagged_as(request, _tag(len(article.corrections)), body_of(article))


def _tag(number: int) -> str:
    """The ETag's word: figures and findings are another release's matter."""
    return f"{number}-{__version__}"


def _corrections_of(article: kept.Corrected) -> bytes:
    info, made = article.report.article, article.corrections
    return msgspec.json.encode(
        CorrectionsOf(
            sha256=article.sha256,
            id=info.id,
            title=info.title,
            count=len(made),
            corrections=made,
            changes=overlay(article.report, made),
        )
    )


def _corrected(article: kept.Corrected) -> bytes:
    return msgspec.json.encode(apply(article.report, article.corrections))


def _gold_lines(state: Folder) -> Iterator[bytes]:
    for article in kept.read_all(state):
        if standing(article.corrections):
            yield msgspec.json.encode(to_gold(article.report, article.corrections)) + b"\n"
