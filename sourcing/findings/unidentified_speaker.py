"""SRC301: a name, and not a word on who that is."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.measure.sources import is_identified
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each named speaker with no description, title or affiliation in the text."""
    for speaker in view.annotation.speakers:
        if speaker.class_ == "named" and not is_identified(speaker) and (at := view.first_mention(speaker)):
            message = (
                f"No introduction of {speaker.name or at.text}: add the post, the body or what ties them to the story."
            )
            yield RULE.finding(at, message, speaker=speaker.id)


RULE = Rule(
    code="SRC301",
    name="unidentified-speaker",
    severity="warning",
    summary="A named speaker whom the text never introduces.",
    why="A bare name tells neither who speaks nor how this person can know, and is hard to trace. A title is enough "
    "for people everybody knows (“President”).",
    fix="At the first mention add the post, the body, or what ties the person to the story.",
    triggers="Olga Marsh said the wall had held for forty years.",
    passes="Olga Marsh, who runs the valley's ferry, said the wall had held for forty years.",
    check=check,
)
