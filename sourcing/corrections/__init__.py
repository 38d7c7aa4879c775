"""corrections: what an editor says against a report, on top of it; the report itself is never changed.

    validate(report, correction, earlier)      does it make sense?
    corrected = apply(report, corrections)     the report as corrected
    changes = overlay(report, corrections)     what differs, with what the model said
    line = to_gold(report, corrections)        an article of a gold standard

What each kind of correction does, and what follows from it for figures and findings: docs/corrections.md.
"""

from sourcing.corrections.apply import apply
from sourcing.corrections.check_report import check_report
from sourcing.corrections.gold import to_gold
from sourcing.corrections.overlay import Change, Credit, overlay
from sourcing.corrections.records import (
    Correction,
    CorrectionError,
    NewSpeaker,
    NotAQuote,
    Retract,
    WrongSpeaker,
    WrongType,
)
from sourcing.corrections.standing import Standing, standing
from sourcing.corrections.validate import validate

__all__ = [
    "Change",
    "Correction",
    "CorrectionError",
    "Credit",
    "NewSpeaker",
    "NotAQuote",
    "Retract",
    "Standing",
    "WrongSpeaker",
    "WrongType",
    "apply",
    "check_report",
    "overlay",
    "standing",
    "to_gold",
    "validate",
]
