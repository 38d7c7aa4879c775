"""A report as the page shows it: the editor's word on top of the model's, and the model's own report to be carried along."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sourcing.api import kept
from sourcing.corrections import Change, Correction, Credit, apply, overlay, standing
from sourcing.records import Report
from sourcing.report.article_view import ReportView, view_of
from sourcing.report.cards import Card
from sourcing.report.json import encode
from sourcing.report.speakers import NO_SIGN, NOBODY, SIGN

PREFIX = "r-"
NOT_A_QUOTE = "not a quote"


class Edit(NamedTuple):
    """One thing that an editor put right. id: the correction's, to take it back by. model, editor: what each of them says.
    anchor: of what it is about, None when it is not on the page."""

    id: str
    model: str
    editor: str
    note: str
    by: str
    anchor: str | None


class Target(NamedTuple):
    """Something that can be corrected. id: in the model's report. whose: who says it now; of a source, its own name."""

    id: str
    whose: str


@dataclass(frozen=True)
class Shown:
    """A report and what is said of it.

    carried: the model's report, JSON. lonely: who is found nowhere else. edits, targets: by the id, in the report as drawn, of what
    they are about. another: the corrections of this text are made to another report, by another model for example, and cannot be
    shown on this one.
    """

    view: ReportView
    carried: str
    lonely: tuple[Card, ...]
    edits: dict[str, Edit] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    another: bool = False


def show(state: Path, report: Report) -> Shown:
    """Arrange a report, with the corrections of its text that are kept under `state`."""
    corrected = kept.read(state, report.article.sha256)
    another = corrected is not None and kept.marks_of(corrected.report) != kept.marks_of(report)
    corrections = corrected.corrections if corrected and not another else ()
    if corrected and not another:  # a corpus may have left the text out, which came with the correction
        report = replace(report, article=replace(report.article, text=corrected.report.article.text))
    has_text = isinstance(report.article.text, str)
    changes = overlay(report, corrections) if has_text else ()
    drawn, struck = _drawn(report, corrections) if changes else (report, frozenset[str]())
    view = view_of(drawn, PREFIX, struck=struck)
    return Shown(
        view=view,
        carried=encode(report),
        lonely=tuple(card for card in view.cards if card.nowhere_else),
        edits=_edits(changes, drawn, view),
        targets=_targets(report, drawn, view) if has_text else {},
        another=another,
    )


def _drawn(report: Report, corrections: tuple[Correction, ...]) -> tuple[Report, frozenset[str]]:
    """The corrected report, with the attributions that are struck left in it, as nobody's; and the ids of all that is struck."""
    in_force = standing(corrections)
    corrected = apply(report, corrections)
    struck = frozenset(target for target in in_force.statements if in_force.strikes(target))
    gone = [replace(item, cue=None, source=None, speaker=None) for item in report.attributions if item.id in struck]
    return replace(corrected, attributions=(*corrected.attributions, *gone)), struck


def _edits(changes: tuple[Change, ...], drawn: Report, view: ReportView) -> dict[str, Edit]:
    owners = {quote.id: quote.attribution for quote in drawn.quotes}
    anchors = {item.id: item.id for item in drawn.attributions}
    anchors |= {card.speaker.id: f"s{card.number}" for card in view.cards}
    edits = {}
    for change in changes:
        place = owners.get(change.target) or change.target
        edits[place] = Edit(
            id=change.correction,
            model=_words(change, change.model),
            editor=NOT_A_QUOTE if change.kind == "not_a_quote" else _words(change, change.corrected),
            note=change.note or "",
            by=change.editor or "",
            anchor=anchors.get(place),
        )
    return edits


def _words(change: Change, credit: Credit | None) -> str:
    """Who is credited; for a change of type also as what."""
    if credit is None:
        return f"{NO_SIGN} {NOBODY}"
    kind = credit.type.replace("_", " ")
    name = credit.name or kind
    return f"{SIGN[credit.class_]} {name}{f', {kind}' if change.kind == 'type' and credit.name else ''}"


def _targets(report: Report, drawn: Report, view: ReportView) -> dict[str, Target]:
    """What has a control: the model's attributions and speakers, its quotes of nobody, and what became of these."""
    names = {card.speaker.id: card.name for card in view.cards}
    sayers = {item.id: names.get(item.speaker or "", NOBODY) for item in drawn.attributions}
    model = {item.id for item in report.attributions} | {item.id for item in report.speakers}
    targets = {id: Target(id, whose) for id, whose in (names | sayers).items() if id in model}
    for before, after in zip(report.quotes, drawn.quotes, strict=True):
        if before.attribution is None:
            place = after.attribution or after.id
            targets[place] = Target(before.id, sayers.get(place, NOBODY))
    return targets
