"""Does a correction make sense? Whatever `validate` lets through, `apply` can apply.

Names, editors and notes come from strangers and end up on pages and terminals: one line each, of limited length, without control
characters, broken characters, and embeddings, overrides and isolates of direction, all of which are refused and not silently cut.
Letters of any script, and the plain direction marks that right-to-left names need, are welcome.
"""

import re
from collections.abc import Sequence

from sourcing.corrections.records import (
    Correction,
    CorrectionError,
    NewSpeaker,
    NotAQuote,
    Retract,
    WrongSpeaker,
    WrongType,
)
from sourcing.records import CLASS_OF_TYPE, Report, SpeakerType

# Code points. Of 3,963 names in the PolNeAR articles one is longer, of several people; the next has 85.
LONGEST_NAME = 200
LONGEST_EDITOR = 100
LONGEST_NOTE = 1000
REFUSED = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")


def validate(report: Report, correction: Correction, earlier: Sequence[Correction] = ()) -> None:
    """Raise CorrectionError, with a pointer to the field, when `correction` cannot be made to `report` after the `earlier` ones."""
    _check_text(correction.editor, LONGEST_EDITOR, "/editor")
    _check_text(correction.note, LONGEST_NOTE, "/note")
    match correction:
        case WrongSpeaker():
            _check_statement(report, correction.target, owner=True)
            _check_credit(report, correction.speaker)
        case WrongType():
            _check_type(report, correction)
        case NotAQuote():
            _check_statement(report, correction.target)
        case Retract():
            _check_retraction(correction, earlier)


def _check_statement(report: Report, target: str, *, owner: bool = False) -> None:
    """target is an attribution or a quote; owner: and whose it is can be said of it by itself."""
    if any(attribution.id == target for attribution in report.attributions):
        return
    quote = next((quote for quote in report.quotes if quote.id == target), None)
    if quote is None:
        raise CorrectionError("unknown-target", "/target", "The report has no such attribution or quote.")
    if owner and quote.attribution:
        message = f"{quote.id} belongs to {quote.attribution}: say of that who speaks."
        raise CorrectionError("attributed-quote", "/target", message)
    if owner and quote.role == "nested":
        raise CorrectionError("nested-quote", "/target", f"{quote.id} stands inside another quote: correct that one.")


def _check_credit(report: Report, credit: str | NewSpeaker | None) -> None:
    if isinstance(credit, NewSpeaker):
        _check_text(credit.name, LONGEST_NAME, "/speaker/name")
        _check_name(credit.name, credit.type, "/speaker/name")
    elif credit is not None and all(speaker.id != credit for speaker in report.speakers):
        raise CorrectionError("unknown-speaker", "/speaker", "The report has no such speaker.")


def _check_type(report: Report, correction: WrongType) -> None:
    speaker = next((s for s in report.speakers if s.id == correction.speaker), None)
    if speaker is None:
        raise CorrectionError("unknown-speaker", "/speaker", "The report has no such speaker.")
    _check_text(correction.name, LONGEST_NAME, "/name")
    kept = None if CLASS_OF_TYPE[correction.type] == "anonymous" else speaker.name
    _check_name(correction.name or kept, correction.type, "/name")


def _check_name(name: str | None, type_: SpeakerType, pointer: str) -> None:
    if CLASS_OF_TYPE[type_] == "anonymous":
        if name is not None:
            raise CorrectionError("name-of-anonymous", pointer, f"A speaker of type {type_} has no name.")
    elif name is None or not any(sign.isalnum() for sign in name):
        raise CorrectionError("name-needed", pointer, f"A speaker of type {type_} needs a name, with letters.")


def _check_retraction(correction: Retract, earlier: Sequence[Correction]) -> None:
    made = next((c for c in earlier if c.id == correction.correction), None)
    if made is None:
        raise CorrectionError("unknown-correction", "/correction", "There is no such correction of this article.")
    if isinstance(made, Retract):
        message = f"{made.id} takes {made.correction} back: make that correction again instead."
        raise CorrectionError("retraction", "/correction", message)
    if any(isinstance(c, Retract) and c.correction == made.id for c in earlier):
        raise CorrectionError("taken-back", "/correction", f"{made.id} is taken back already.")


def _check_text(text: str | None, longest: int, pointer: str) -> None:
    if text is None:
        return
    if len(text) > longest:
        raise CorrectionError("too-long", pointer, f"At most {longest} characters, not {len(text)}.")
    if not text.strip():
        raise CorrectionError("empty", pointer, "Empty: leave it out, or write something.")
    if REFUSED.search(text):
        raise CorrectionError("bad-characters", pointer, "One line without control characters, please.")
