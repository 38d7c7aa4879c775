"""SRC503: a quote that other articles credit to somebody else."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import quoted
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each quote that another article credits to another person, and none to this one."""
    names = {speaker.id: speaker.name for speaker in view.annotation.speakers}
    for other in view.quotes_elsewhere("credit"):
        quote = view.quote(other.quote)
        where = f"{other.outlet} ({other.article})" if other.outlet else other.article
        mine = names.get(quote.speaker or "")
        message = f"Somebody else's elsewhere: {where} has {other.speaker} say {quoted(quote.text)}, not {mine}."
        yield RULE.finding(quote, message, speaker=quote.speaker)


RULE = Rule(
    code="SRC503",
    name="other-speaker",
    severity="error",
    summary="A quote that other articles of the corpus credit to somebody else (with a corpus only).",
    why="The same words cannot be two people's. A rewrite that moves a quote to a new speaker is the surest sign that "
    "the speaker was made up, or that a name was mixed up on the way.",
    fix="Find the first report of the words, and credit whom it credits.",
    triggers="“The old wall will not hold another winter,” said Olga Marsh. Elsewhere Peter Lund says it.",
    passes="“The old wall will not hold another winter,” said Olga Marsh. Elsewhere Marsh says it, too.",
    check=check,
)
