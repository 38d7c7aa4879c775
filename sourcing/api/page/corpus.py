"""A corpus on a page: its outlets side by side, who speaks in it, who is found nowhere else, and each article's report."""

import asyncio
from collections.abc import Coroutine
from functools import partial
from typing import Annotated, Any, TypeVar
from urllib.parse import urlencode

import msgspec
from fastapi import Query, Request, Response

from sourcing.api import questions
from sourcing.api.corpora import speakers_file
from sourcing.api.page import corpus_questions
from sourcing.api.page.rendering import drawn, page_router, render, service_of
from sourcing.api.page.shown import show
from sourcing.api.page.side_by_side import side_by_side
from sourcing.api.paging import cursor_after, cut, read_key
from sourcing.api.problems import Problem
from sourcing.api.service import Service, Studied
from sourcing.records import Report, SpeakerClass
from sourcing.records.corpus import CorpusInfo, WhoIs

router = page_router()
Answer = TypeVar("Answer")

PAGE = 50  # rows of a table
SHARES = 20
PATIENCE = 2.0  # seconds until the page is shown without what is still being worked out
FEWEST = 20
"""Articles that an outlet must have to be compared, as in `sourcing compare`."""
FEW = 5
"""Articles from which the page offers to compare outlets where none has FEWEST."""

STATUSES = {
    "nowhere_else": "nowhere else",
    "quoted_elsewhere": "quoted elsewhere",
    "mentioned_elsewhere": "mentioned elsewhere",
    "listed": "on a list",
    "none": "not looked up",
}
CLASSES = ("named", "institutional")

Words = Annotated[str, Query(max_length=500)]
Cursor = Annotated[str, Query(max_length=4000)]


class Filter(msgspec.Struct, frozen=True, kw_only=True):
    """What the table of speakers shows; "" is no restriction."""

    q: str = ""
    status: str = ""
    kind: str = ""
    outlet: str = ""

    def fields(self, **more: str) -> dict[str, str]:
        """What it restricts, as the fields of an address."""
        fields = {"q": self.q, "status": self.status, "class": self.kind, "outlet": self.outlet, **more}
        return {name: value for name, value in fields.items() if value}

    def query(self, **more: str) -> str:
        """It as part of an address."""
        return urlencode(self.fields(**more))


@router.get("/corpus")
async def list_corpora(request: Request) -> Response:
    """The corpora of this server, with what is in them."""
    service = service_of(request)
    names = service.corpora()
    found = await asyncio.gather(*(_or_problem(service.ask(name, questions.describe, name)) for name in names))
    listed = [
        (name, info if isinstance(info, Problem) else _info(info)) for name, info in zip(names, found, strict=True)
    ]
    return await drawn(lambda: render(request, "corpora.html.j2", listed=listed))


@router.get("/corpus/{name}")
async def show_corpus(
    request: Request,
    name: str,
    q: Words = "",
    status: Words = "",
    kind: Annotated[str, Query(alias="class", max_length=40)] = "",
    outlet: Words = "",
    cursor: Cursor = "",
    articles: Words = "",
    after: Cursor = "",
    minimum: Annotated[int, Query(ge=2, le=1_000_000)] = FEWEST,
) -> Response:
    """All of a corpus. A part that takes long comes later, and until then the one before the corpus's last change is there; one
    that cannot be worked out says so."""
    service = service_of(request)
    chosen = Filter(
        q=q, status=status if status in STATUSES else "", kind=kind if kind in CLASSES else "", outlet=outlet
    )
    info, lists, speakers, compared, listed = await asyncio.gather(
        service.ask(name, questions.describe, name),
        _or_problem(_lists(service, name)),
        _or_problem(_speakers(service, name, chosen, cursor)),
        _or_problem(service.study(name, corpus_questions.compare_outlets, minimum, patience=PATIENCE)),
        _or_problem(_articles(service, name, articles, after)),
    )
    least = {"minimum": str(minimum)} if minimum != FEWEST else {}
    studied = {"compared": compared, "lists": lists, "speakers": speakers}
    earlier = {part for part, found in studied.items() if isinstance(found, Studied) and not found.current}
    page = partial(
        render,
        request,
        "corpus.html.j2",
        compared=_shown(compared),
        lists=_shown(lists),
        speakers=_shown(speakers),
        earlier=earlier,
        waiting=bool(earlier) or any(isinstance(p, Problem) and p.code == "not-yet" for p in studied.values()),
        name=name,
        info=_info(info),
        table=None if isinstance(compared, Problem) else side_by_side(compared.answer[0]),
        chosen=chosen,
        articles=listed,
        search=articles,
        minimum=minimum,
        # what each form hands on, so that one does not undo the other
        kept={
            "minimum": least,
            "articles": least | ({"articles": articles} if articles else {}),
            "speakers": chosen.fields(**least),
        },
        few=FEW,
        id_of=questions.id_of,
        first=not cursor,
        beginning=not after,
        statuses=STATUSES,
        classes=CLASSES,
        most_lonely=questions.MOST_LISTED,
        most_shares=SHARES,
    )
    return await drawn(page)


@router.get("/corpus/{name}/articles/{article:path}")
async def show_article(request: Request, name: str, article: str) -> Response:
    """The stored report of an article, with the corrections of its text."""
    service = service_of(request)
    found = await service.ask(name, corpus_questions.read_attested, article)
    if found is None:
        raise Problem(404, "no-article", "There is no article of that id in the corpus.")

    def page() -> Response:
        shown = show(service.settings.state, Report.from_json(found), name)
        return render(request, "article.html.j2", name=name, shown=shown, place=request.url.path)

    return await drawn(page)


@router.get("/corpus/{name}/speakers/{speaker}")
async def show_speaker(request: Request, name: str, speaker: str) -> Response:
    """A speaker of a corpus: how much they say, all forms of the name with the reasons, and where to read them."""
    service = service_of(request)
    file, current = await speakers_file(service, name, PATIENCE)
    found = await service.ask(name, questions.describe_speaker, file, speaker)
    if found is None:
        raise Problem(404, "no-speaker", "There is no speaker of that id in the corpus.")
    who = msgspec.json.decode(found, type=Somebody)
    return await drawn(
        lambda: render(request, "speaker.html.j2", name=name, who=who, statuses=STATUSES, current=current)
    )


class Somebody(msgspec.Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """A speaker's row, and what the corpus knows under the name."""

    name: str
    class_: SpeakerClass
    type: str
    status: str | None
    articles: int
    stories: int
    outlets: int
    attributions: int
    quotes: int
    words: int
    title: str | None
    affiliation: str | None
    description: str | None
    examples: tuple[str, ...]
    identity: WhoIs


class Rows(msgspec.Struct, frozen=True):
    """A page of a table. more: the cursor of the next, None on the last."""

    rows: list[dict[str, Any]]
    more: str | None


async def _lists(service: Service, name: str) -> Studied[questions.Lists]:
    file, current = await speakers_file(service, name, PATIENCE)
    return Studied(await service.ask(name, questions.read_lists, file), current)


async def _speakers(service: Service, name: str, chosen: Filter, cursor: str) -> Studied[Rows]:
    after = read_key(cursor or None, str, str)
    wanted = (chosen.status or None, chosen.kind or None, chosen.q or None, chosen.outlet or None)
    file, current = await speakers_file(service, name, PATIENCE)
    rows = await service.ask(name, questions.find_speakers, file, *wanted, after, PAGE + 1)
    return Studied(_page(rows, "name", "class"), current)


async def _articles(service: Service, name: str, search: str, cursor: str) -> Rows:
    (after,) = read_key(cursor or None, str) or (None,)
    rows = await service.ask(name, questions.list_articles, None, None, search or None, after, PAGE + 1)
    return _page(rows, "id")


def _shown(found: Studied[Answer] | Problem) -> Answer | Problem:
    return found.answer if isinstance(found, Studied) else found


def _info(found: bytes) -> CorpusInfo:
    return msgspec.json.decode(found, type=CorpusInfo)


def _page(rows: list[dict[str, Any]], *key: str) -> Rows:
    shown, last = cut(rows, PAGE)
    return Rows(shown, cursor_after(*(last[field] for field in key)) if last else None)


async def _or_problem(answer: Coroutine[Any, Any, Answer]) -> Answer | Problem:
    """The answer, or why there is none."""
    try:
        return await answer
    except Problem as problem:
        return problem
