"""What an editor changed, beside what the model said: a page shows the one on top of the other."""

from collections import defaultdict
from collections.abc import Sequence

import msgspec

from sourcing.corrections.records import Correction, NotAQuote, WrongSpeaker, WrongType
from sourcing.corrections.recredit import Recredited, recredit
from sourcing.corrections.standing import standing
from sourcing.records import Attribution, Quote, Report, Speaker, SpeakerClass, SpeakerType


class Credit(msgspec.Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """A speaker, in as few words as a page needs. speaker: the id, in the model's report or in the corrected one."""

    speaker: str
    name: str | None
    type: SpeakerType
    class_: SpeakerClass


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One thing that is not as the model has it.

    target: an attribution, quote or speaker of the model's report. kind: of the correction. model, corrected: who is credited, None
    for nobody; of a not_a_quote nobody is. quotes: the quotes that change with it. correction: the id of the one in force.
    """

    target: str
    kind: str
    model: Credit | None
    corrected: Credit | None
    quotes: tuple[str, ...]
    correction: str
    time: str
    editor: str | None
    note: str | None


def overlay(report: Report, corrections: Sequence[Correction]) -> tuple[Change, ...]:
    """Return the changes, attributions first, then quotes, then speakers, each in the report's order.

    Only what stands counts; a correction that says what the model says changes nothing.
    """
    in_force = standing(corrections)
    if not in_force:
        return ()
    after = recredit(report, in_force)
    old = {s.id: s for s in report.speakers}
    new = {s.id: s for s in after.speakers}
    said = {x.id: _credit(old, x.speaker) for x in _statements_of(report)}
    says = {x.id: _credit(new, x.speaker) for x in _statements_of(after)}
    roles = {q.id: q.role for q in after.quotes}
    moved: dict[str, list[str]] = defaultdict(list)
    for quote in report.quotes:
        moved[quote.id].append(quote.id)
        if quote.attribution:
            moved[quote.attribution].append(quote.id)
    spoken: dict[str | None, list[str]] = defaultdict(list)
    for quote in after.quotes:
        spoken[quote.speaker].append(quote.id)
    found = []
    for statement in _statements_of(report):
        made = in_force.statements.get(statement.id)
        model, corrected = said[statement.id], says.get(statement.id)
        same_role = isinstance(statement, Quote) and roles[statement.id] == statement.role
        if made and (model != corrected or not (same_role or isinstance(made, WrongSpeaker))):
            found.append(_change(statement.id, made, model, corrected, moved[statement.id]))
    for speaker in report.speakers:
        retyped = in_force.speakers.get(speaker.id)
        if retyped and (corrected := _credit(new, speaker.id)) != _short(speaker):
            found.append(_change(speaker.id, retyped, _short(speaker), corrected, spoken[speaker.id]))
    return tuple(found)


def _statements_of(report: Report | Recredited) -> list[Attribution | Quote]:
    """The attributions and the quotes: what somebody can say."""
    return [*report.attributions, *report.quotes]


def _short(speaker: Speaker) -> Credit:
    """A speaker in short."""
    return Credit(speaker=speaker.id, name=speaker.name, type=speaker.type, class_=speaker.class_)


def _credit(speakers: dict[str, Speaker], identity: str | None) -> Credit | None:
    return _short(speakers[identity]) if identity in speakers else None


def _change(
    target: str,
    made: WrongSpeaker | WrongType | NotAQuote,
    model: Credit | None,
    corrected: Credit | None,
    quotes: Sequence[str],
) -> Change:
    return Change(
        target=target,
        kind=str(type(made).__struct_config__.tag),
        model=model,
        corrected=corrected,
        quotes=tuple(quotes),
        correction=made.id,
        time=made.time,
        editor=made.editor,
        note=made.note,
    )
