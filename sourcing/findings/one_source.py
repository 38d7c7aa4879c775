"""SRC402: an article in which one speaker says everything."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import excerpt
from sourcing.records import Finding

# A brief may rest on one source. Measured: 5 % of the 840 articles of PolNeAR's training split have fewer words.
MINIMUM_WORDS = 170


def check(view: View) -> Iterator[Finding]:
    """Yield one finding, at the speaker's first mention, when an article longer than a brief has a single speaker."""
    if view.metrics.attribution.words < MINIMUM_WORDS:
        return
    if len(view.annotation.speakers) != 1 or view.has_unresolved_source:
        return
    (speaker,) = view.annotation.speakers
    if at := view.first_mention(speaker):
        name = speaker.name or excerpt(at.text)
        message = f"Everything attributed rests on {name} alone: add a second, independent source."
        yield RULE.finding(at, message, speaker=speaker.id)


RULE = Rule(
    code="SRC402",
    name="one-source",
    severity="warning",
    summary=f"A single source in an article of {MINIMUM_WORDS} words or more.",
    why="With one voice nothing is checked against anything, and those whom it concerns are not heard.",
    fix="Ask a second source that does not depend on the first: those affected, a document, somebody who disagrees.",
    triggers="Olga Marsh, the mayor, said the wall had held. […] Marsh said it would hold again.",
    passes="Olga Marsh, the mayor, said the wall had held. […] Ivo Brandt, an engineer, said it would not hold again.",
    check=check,
)
