"""SRC103: critics, observers, experts, many, some: a crowd that cannot be counted or asked."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import bare_noun, quoted, word_list
from sourcing.records import Finding

NOUNS = word_list("vague_groups")


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each group without a face."""
    for speaker in view.annotation.speakers:
        if speaker.type == "unnamed_group" and bare_noun(speaker) in NOUNS and (at := view.first_mention(speaker)):
            message = f"{quoted(at.text)} could be anybody: name one of them, or say how many and who."
            yield RULE.finding(at, message, speaker=speaker.id)


RULE = Rule(
    code="SRC103",
    name="vague-group",
    severity="info",
    summary="A vague group: “critics”, “observers”, “experts”, “many”, with nothing more said of them.",
    why="A group without a face can carry any opinion, the writer's own too, and nobody can be asked whether they said "
    "it.",
    fix="Name a person or a body who holds the view, or say who they are and how many.",
    triggers="Critics say the dam was never safe.",
    passes="Critics of the dam in the valley's fishing villages say it was never safe.",
    check=check,
)
