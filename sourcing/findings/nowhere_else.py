"""SRC501: a named speaker whom the corpus knows from nowhere else."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each named speaker that no other article of the corpus quotes or names."""
    if view.elsewhere is None:
        return
    for speaker in view.annotation.speakers:
        status = view.elsewhere.speakers.get(speaker.id)
        if status and status.status == "nowhere_else" and (at := view.first_mention(speaker)):
            who = status.name or speaker.name
            message = f"{who} speaks nowhere else in the corpus: find out who this is, and how to reach them."
            yield RULE.finding(at, message, speaker=speaker.id)


RULE = Rule(
    code="SRC501",
    name="nowhere-else",
    severity="warning",
    summary="A named speaker whom no other article of the corpus quotes or names (with a corpus only).",
    why="Most people who are quoted have been met by somebody else. Invented experts and residents have not, though nor "
    "have many private persons: the finding says where to look first, not that somebody does not exist.",
    fix="Call the person, or find a second trace of them: a staff list, a register, another outlet that reached them "
    "itself. Ask for the recording or the notes.",
    triggers="“The wall will not hold,” said Olga Marsh, whom no other article of the corpus has.",
    passes="“The wall will not hold,” said Olga Marsh, whom two other articles of the corpus quote.",
    check=check,
)
