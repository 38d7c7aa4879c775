"""Corrections on the page: a form for a passage or a source, and the report drawn anew with what was kept.

It is one form with scripts and without: scripts show it as a dialog and put the answer in the report's place.
"""

from typing import NamedTuple, cast, get_args

from anyio import to_thread
from fastapi import Request, Response
from starlette.datastructures import FormData

from sourcing.api import kept
from sourcing.api.page.draft import render_result
from sourcing.api.page.forms import Draft, carried_report, field
from sourcing.api.page.rendering import drawn, page_router, render, service_of
from sourcing.api.problems import Problem
from sourcing.api.uploads import form_of
from sourcing.corrections import Correction, NewSpeaker, NotAQuote, Retract, WrongSpeaker, WrongType
from sourcing.records import CLASS_OF_TYPE, Report, SpeakerClass, SpeakerType
from sourcing.report.json import encode
from sourcing.report.speakers import SIGN, by_weight, label, type_words
from sourcing.report.untrusted import shorten

router = page_router()

NOBODY = "nobody"
SOMEBODY_ELSE = "new"
SHOWN = 1200  # letters of the passage in the form

TYPES: dict[SpeakerType, str] = {
    "person": "a person with a name",
    "organization": "an organization, or its nameless spokesperson",
    "outlet": "a news outlet",
    "document": "a document: a report, a law, a letter",
    "unnamed_person": "one person without a name",
    "unnamed_group": "several people without names",
}
"""The six types in plain words."""


class Subject(NamedTuple):
    """What is to be corrected. passage: its words, "" for a speaker. speaker: whose the model says it is; or the speaker itself."""

    about: str
    passage: str
    speaker: str | None

    @property
    def is_source(self) -> bool:
        """Whether it is a speaker, and no passage."""
        return self.about == self.speaker


@router.post("/corrections")
async def correct(request: Request) -> Response:
    """The form for `about`; or the report with a correction that was made (`kind`) or taken back (`undo`)."""
    async with form_of(request, most=service_of(request).settings.max_report) as form:
        report = await carried_report(request, form)
        if not any(field(form, name) for name in ("undo", "kind", "keep")):
            return await drawn(_form, request, report, form)
        state, article = service_of(request).settings.state, report.article
        try:
            correction = _made(report, form)
            await to_thread.run_sync(kept.add, state, article.sha256, correction, report, None)
        except Problem as problem:
            if field(form, "undo"):
                raise
            return await drawn(_form, request, report, form, problem)
        place = _own(field(form, "place"))
        draft = Draft(text=article.text if isinstance(article.text, str) else "", corpus=field(form, "corpus"))
    return await drawn(lambda: render_result(request, report, draft, place))


def _form(request: Request, report: Report, form: FormData, problem: Problem | None = None) -> Response:
    subject = _subject(report, field(form, "about"))
    speakers = by_weight(report)
    return render(
        request,
        "correction.html.j2",
        status=problem.status if problem else 200,
        problem=problem.detail if problem else None,
        subject=subject,
        speaker=next((speaker for speaker in speakers if speaker.id == subject.speaker), None),
        speakers=[(s.id, f"{SIGN[s.class_]} {label(s)}, {type_words(s)}") for s in speakers],
        types=_types_by_class(),
        carried=encode(report),
        place=_own(field(form, "place")),
        corpus=field(form, "corpus"),
    )


def _own(place: str) -> str:
    """Where the page came from, if that is a page of a corpus here; "" is the desk."""
    return place if place.startswith("/corpus/") else ""


def _subject(report: Report, about: str) -> Subject:
    """What an id stands for. Raises Problem 422 when the report has no such thing."""
    for item in report.attributions:
        if item.id == about:
            return Subject(about, shorten(" … ".join(span.text for span in item.content), SHOWN), item.speaker)
    for quote in report.quotes:
        if quote.id == about:
            return Subject(about, shorten(quote.text, SHOWN), quote.speaker)
    if any(speaker.id == about for speaker in report.speakers):
        return Subject(about, "", about)
    raise Problem(422, "unknown-target", "The report has no such passage or source.", pointer="/about")


def _types_by_class() -> list[tuple[SpeakerClass, list[tuple[SpeakerType, str]]]]:
    return [(kind, [(name, words) for name, words in TYPES.items() if CLASS_OF_TYPE[name] == kind]) for kind in SIGN]


def _made(report: Report, form: FormData) -> Correction:
    """The correction that the form makes. Raises Problem 422 for one that nobody chose, or that changes nothing."""
    if field(form, "undo"):
        return Retract(correction=field(form, "undo"))
    kind, about = field(form, "kind"), field(form, "about")
    editor, note = field(form, "editor").strip() or None, field(form, "note").strip() or None
    if kind == "speaker":
        credit = _credit(form)
        if credit == _subject(report, about).speaker:
            raise Problem(422, "nothing-changed", "That is what the model says already.", pointer="/speaker")
        return WrongSpeaker(target=about, speaker=credit, editor=editor, note=note)
    if kind == "type":
        chosen = _type(form, "type")
        name = _name_for(chosen, form)
        if any(s.id == about and s.type == chosen and name in (None, s.name) for s in report.speakers):
            message = "That is what the model says already: choose another type, or write another name."
            raise Problem(422, "nothing-changed", message, pointer="/type")
        return WrongType(speaker=about, type=chosen, name=name, editor=editor, note=note)
    if kind == "not_a_quote":
        return NotAQuote(target=about, editor=editor, note=note)
    raise Problem(422, "nothing-chosen", "Choose what is wrong.", pointer="/kind")


def _credit(form: FormData) -> str | NewSpeaker | None:
    """Who is said to speak: one of the report's, nobody, or somebody new, whom a name that was typed always means."""
    chosen = field(form, "speaker")
    if chosen == SOMEBODY_ELSE or field(form, "name").strip():
        kind = _type(form, "newtype")
        return NewSpeaker(name=_name_for(kind, form), type=kind)
    if not chosen:
        raise Problem(422, "no-speaker-chosen", "Choose who says this.", pointer="/speaker")
    return None if chosen == NOBODY else chosen


def _type(form: FormData, name: str) -> SpeakerType:
    chosen = field(form, name)
    if chosen not in get_args(SpeakerType):
        raise Problem(422, "bad-type", "Choose what they are.", pointer=f"/{name}")
    return cast("SpeakerType", chosen)


def _name_for(kind: SpeakerType, form: FormData) -> str | None:
    """The name that was typed, for a type that has one."""
    return None if CLASS_OF_TYPE[kind] == "anonymous" else field(form, "name").strip() or None
