"""SRC101: an anonymous source, and no word on why the name is withheld."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import quoted
from sourcing.measure.anonymity import is_reason_expected
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each anonymous speaker the newsroom dealt with whose anonymity goes unexplained."""
    for speaker in view.annotation.speakers:
        if not is_reason_expected(speaker, quoted=speaker.id in view.quoted):
            continue
        if speaker.anonymity and speaker.anonymity.reason:
            continue
        if (at := view.first_mention(speaker)) is None:
            continue
        if speaker.anonymity and speaker.anonymity.granted:
            message = f"{quoted(at.text)} is granted anonymity without a reason: say why the name is withheld."
        else:
            message = f"{quoted(at.text)} is not named and no reason is stated: name the source, or say why not."
        yield RULE.finding(at, message, speaker=speaker.id)


RULE = Rule(
    code="SRC101",
    name="anonymous-without-reason",
    severity="warning",
    summary="Anonymous source without a stated reason.",
    why="Readers cannot weigh words whose speaker they cannot see. AP, Reuters, the BBC and the SPJ code ask that the "
    "reason for anonymity be given. Masses nobody interviewed (“voters”) are not meant: only single people, a counted "
    "few, and those quoted, granted anonymity, called sources or said to be in the know.",
    fix="Name the source. If that is impossible, say why: “who asked not to be named because the talks are private”.",
    triggers="“The dam will not last,” a senior engineer said on condition of anonymity.",
    passes="“The dam will not last,” said a senior engineer, who asked not to be named for fear of dismissal.",
    check=check,
)
