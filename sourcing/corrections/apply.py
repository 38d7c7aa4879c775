"""The report as corrected: a new one beside the model's."""

from collections.abc import Sequence

from msgspec.structs import replace

from sourcing.corrections.check_report import text_of
from sourcing.corrections.records import Correction
from sourcing.corrections.recredit import recredit
from sourcing.corrections.remeasure import KEPT_RULES, remeasure
from sourcing.corrections.standing import standing
from sourcing.records import Report


def apply(report: Report, corrections: Sequence[Correction]) -> Report:
    """Return `report` with the corrections that stand, all of which `validate` has passed; a warning says how many they are.

    Counts, figures, score and findings follow (`remeasure` says how far). Raises CorrectionError for a report without its text.
    """
    in_force = standing(corrections)
    if not in_force:
        return report
    corrected = remeasure(report, recredit(report, in_force), text_of(report))
    number = len(in_force)
    said = f"corrected by hand: {number} correction{'' if number == 1 else 's'}; {', '.join(KEPT_RULES)} were not run again"
    return replace(corrected, warnings=(*corrected.warnings, said))
