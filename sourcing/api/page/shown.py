"""A report as the page shows it: the editor's word on top of the model's, and the model's own report to be carried along."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from sourcing.api import kept
from sourcing.corrections import Change, Correction, Credit, apply, overlay, standing
from sourcing.records import Report
from sourcing.records.metrics import CorroborationMetrics
from sourcing.report.article_view import ReportView, view_of
from sourcing.report.cards import Card
from sourcing.report.figures import count
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
    shown on this one. corpus: the name of the one that was asked. stale: what could not be worked out again after the
    corrections, in the words of `apply`.
    """

    view: ReportView
    carried: str
    lonely: tuple[Card, ...]
    edits: dict[str, Edit] = field(default_factory=dict)
    targets: dict[str, Target] = field(default_factory=dict)
    another: bool = False
    corpus: str | None = None
    stale: tuple[str, ...] = ()

    @property
    def asked(self) -> CorroborationMetrics | None:
        """What the corpus says of all named speakers together."""
        return self.view.report.metrics.corroboration


def show(state: Path, report: Report, corpus: str | None = None) -> Shown:
    """Arrange a report, with the corrections of its text that are kept under `state`. corpus: the name of the one asked."""
    report, corrections, another = _with_corrections(state, report)
    has_text = isinstance(report.article.text, str)
    changes = overlay(report, corrections) if has_text else ()
    drawn, struck = _drawn(report, corrections) if changes else (report, frozenset[str]())
    stale = drawn.warnings[len(report.warnings) :]
    view = view_of(replace(drawn, warnings=report.warnings), PREFIX, struck=struck, corpus=corpus)
    return Shown(
        view=view,
        carried=encode(report),
        lonely=tuple(card for card in view.cards if card.nowhere_else),
        edits=_edits(changes, drawn, view),
        targets=_targets(report, drawn, view) if has_text else {},
        another=another,
        corpus=corpus,
        stale=stale,
    )


def corrected(state: Path, report: Report) -> Report:
    """The report as the desk says it is, for a file: with a warning in plain words; the very report where nothing is corrected."""
    full, corrections, _ = _with_corrections(state, report)
    changes = overlay(full, corrections) if isinstance(full.article.text, str) else ()
    if not changes:
        return report
    said = f"{count(len(changes), 'correction')} by the desk, on top of what the model said; some findings are the model’s still"
    return replace(apply(full, corrections), warnings=(*report.warnings, said))


def _with_corrections(state: Path, report: Report) -> tuple[Report, tuple[Correction, ...], bool]:
    """A report with its text, its corrections, and whether there are others that are made to another report of this text."""
    found = kept.read(state, report.article.sha256)
    if found is None:
        return report, (), False
    if kept.marks_of(found.report) != kept.marks_of(report):
        return report, (), True
    # a corpus may have left the text out, which came with the correction
    text = found.report.article.text
    return replace(report, article=replace(report.article, text=text)), found.corrections, False


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
