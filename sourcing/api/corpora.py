"""`/v1/corpora`: what is in them, their articles and speakers, and how outlets compare."""

from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from sourcing.api import questions
from sourcing.api.caching import tagged
from sourcing.api.openapi import answers
from sourcing.api.paging import USUAL, Cursor, Limit, cursor_after, cut, read_key
from sourcing.api.parameters import CHECKED
from sourcing.api.problems import Problem
from sourcing.api.service import Service, Studied, not_yet

router = APIRouter(prefix="/v1/corpora", tags=["corpora"], dependencies=CHECKED)

CURRENT = "corpus-current"
TROUBLES = (400, 404, 422, 429, 500, 503)
Outlet = Annotated[str | None, Query(description="Only of this outlet or domain.", max_length=500)]
Search = Annotated[str | None, Query(alias="q", description="Only with these letters in it.", max_length=500)]
Since = Annotated[
    str | None,
    Query(
        description="Only published in or after this year, month or day.",
        pattern="^[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?$",
    ),
]
Status = Literal["quoted_elsewhere", "mentioned_elsewhere", "listed", "nowhere_else", "none"]


@router.get(
    "",
    operation_id="listCorpora",
    summary="The corpora",
    responses=answers("Corpora", "Their names, sorted.", tagged=True),
)
async def list_corpora(request: Request) -> Response:
    """The corpora that this server has."""
    service: Service = request.app.state.service
    items = [{"name": name, "href": f"/v1/corpora/{name}"} for name in service.corpora()]
    return tagged(request, msgspec.json.encode({"items": items}))


@router.get(
    "/{name}", operation_id="getCorpus", summary="What is in a corpus",
    responses=answers("CorpusInfo", "Counts.", *TROUBLES, tagged=True),
)  # fmt: skip
async def get_corpus(request: Request, name: str) -> Response:
    """As `sourcing corpus info`."""
    service: Service = request.app.state.service
    return tagged(request, await service.ask(name, questions.describe, name))


@router.get(
    "/{name}/articles", operation_id="listArticles", summary="The articles of a corpus",
    responses=answers("Articles", "A page, by id.", *TROUBLES, tagged=True),
)  # fmt: skip
async def list_articles(
    request: Request,
    name: str,
    outlet: Outlet = None,
    since: Since = None,
    q: Search = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Response:
    """What was given with each article, and its score; q looks in ids and titles."""
    service: Service = request.app.state.service
    (after,) = read_key(cursor, str) or (None,)
    rows = await service.ask(name, questions.list_articles, outlet, since, q, after, limit + 1)
    return tagged(request, page_of(rows, limit, "id"))


@router.get(
    "/{name}/articles/{article:path}", operation_id="getArticle", summary="The report of an article",
    responses=answers("Report", "The report, as it is stored.", *TROUBLES, tagged=True),
)  # fmt: skip
async def get_article(request: Request, name: str, article: str) -> Response:
    """The stored report; usually without the article's text."""
    service: Service = request.app.state.service
    found = await service.ask(name, questions.read_report, article)
    if found is None:
        raise Problem(404, "no-article", "There is no article of that id in the corpus.")
    return tagged(request, found)


@router.get(
    "/{name}/speakers", operation_id="listSpeakers", summary="Who speaks in a corpus",
    responses=answers("Speakers", "A page, by name.", *TROUBLES, tagged=True),
)  # fmt: skip
async def list_speakers(
    request: Request,
    name: str,
    status: Annotated[Status | None, Query(description="Where else they are met; none: not looked up.")] = None,
    kind: Annotated[Literal["named", "institutional"] | None, Query(alias="class", description="Their class.")] = None,
    q: Search = None,
    outlet: Outlet = None,
    cursor: Cursor = None,
    limit: Limit = USUAL,
) -> Response:
    """Everybody who speaks under a name; q looks in names, titles, affiliations and descriptions."""
    service: Service = request.app.state.service
    after = read_key(cursor, str, str)
    file, current = await speakers_file(service, name)
    rows = await service.ask(name, questions.find_speakers, file, status, kind, q, outlet, after, limit + 1)
    return _dated(tagged(request, page_of(rows, limit, "name", "class")), current)


@router.get(
    "/{name}/speakers/{speaker}", operation_id="getSpeaker", summary="A speaker, and why forms of the name are one",
    responses=answers("WhoSpeaks", "The speaker.", *TROUBLES, tagged=True),
)  # fmt: skip
async def get_speaker(request: Request, name: str, speaker: str) -> Response:
    """The speaker's row, all forms of the name with the reasons, and like names kept apart."""
    service: Service = request.app.state.service
    file, current = await speakers_file(service, name)
    found = await service.ask(name, questions.describe_speaker, file, speaker)
    if found is None:
        raise Problem(404, "no-speaker", "There is no speaker of that id in the corpus.")
    return _dated(tagged(request, found), current)


@router.get(
    "/{name}/compare", operation_id="compare", summary="Outlets, authors, months or domains compared",
    responses=answers("Comparison", "As schemas/comparison.json has it.", *TROUBLES, tagged=True),
)  # fmt: skip
async def compare(
    request: Request,
    name: str,
    by: Literal["outlet", "author", "month", "domain"] = "outlet",
    minimum: Annotated[int, Query(ge=2, le=1_000_000, description="Fewest articles of a group.")] = 20,
) -> Response:
    """Every figure with its interval, and how groups differ, as `sourcing compare`."""
    service: Service = request.app.state.service
    found, current = await service.study(name, questions.compare, by, minimum)
    return _dated(tagged(request, found), current)


def _dated(response: Response, current: bool) -> Response:
    """Say whether an answer is of the corpus as it is, or of before a change that is still being worked in."""
    response.headers[CURRENT] = "true" if current else "false"
    return response


async def speakers_file(service: Service, name: str, patience: float | None = None) -> Studied[Path]:
    """The file that questions about a corpus's speakers read; patience: as in `Service.study`."""
    folder = service.settings.state / "speakers" / name
    file = folder / f"{await service.revision(name)}.parquet"
    if questions.is_whole(file):
        service.know(name, questions.look_over, folder, answer=file)
        return Studied(file, current=True)
    found = await service.study(name, questions.look_over, folder, patience=patience, kept=False)
    if not questions.is_whole(found.answer):  # one of before, which is gone
        raise not_yet()
    return found


def page_of(rows: list[dict[str, Any]], limit: int, *key: str) -> bytes:
    """A page of rows, one more of which were asked for, with the cursor of the next."""
    shown, last = cut(rows, limit)
    return msgspec.json.encode({"items": shown, "next": cursor_after(*(last[name] for name in key)) if last else None})
