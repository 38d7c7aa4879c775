"""SRC201: quoted speech that nobody is credited with."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import quoted
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each quote of speech without a speaker."""
    for quote in view.passages.speech_quotes:
        if quote.speaker not in view.passages.speakers:
            yield RULE.finding(quote, f"Nobody is credited with {quoted(quote.text)}: say who said it.")


RULE = Rule(
    code="SRC201",
    name="speech-without-speaker",
    severity="error",
    summary="Quoted speech without a speaker.",
    why="Words in quotation marks are a claim that somebody said exactly this. Without a speaker nobody can check it.",
    fix="Say who said it, where the quote stands: readers should not have to guess whether the last speaker goes on.",
    triggers="The mayor left early. “We were never told about the cracks in the wall.”",
    passes="The mayor left early. “We were never told about the cracks in the wall,” Olga Marsh said.",
    check=check,
)
