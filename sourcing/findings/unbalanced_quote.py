"""SRC202: a quotation mark that opens or closes nothing."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import excerpt
from sourcing.records import Finding

CONTEXT = 30  # characters of text after the mark, enough to find the place by eye


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each mark without a partner."""
    for mark in view.annotation.unbalanced:
        place = excerpt(view.article.text[mark.start : mark.end + CONTEXT])
        yield RULE.finding(mark, f"Quotation mark without a partner at {place} : close or remove it.")


RULE = Rule(
    code="SRC202",
    name="unbalanced-quote",
    severity="warning",
    summary="A quotation mark that opens or closes nothing.",
    why="Readers cannot tell where the speaker's words end and the writer's begin. (A quote that goes on in the next "
    "paragraph opens there again and closes only at its end; that is no fault.)",
    fix="Close the quote where the speaker's words end, or remove the mark.",
    triggers="“The wall has held for forty years, the mayor said.",
    passes="“The wall has held for forty years,” the mayor said.",
    check=check,
)
