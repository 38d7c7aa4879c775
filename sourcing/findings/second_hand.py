"""SRC403: an article that only repeats what other outlets reported."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import excerpt
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding, at the first outlet cited, when every speaker is an outlet."""
    speakers = view.annotation.speakers
    if not speakers or view.has_unresolved_source or any(speaker.type != "outlet" for speaker in speakers):
        return
    places = [(at, speaker) for speaker in speakers if (at := view.first_mention(speaker))]
    if places:
        at, speaker = min(places, key=lambda place: place[0].start)
        names = excerpt(", ".join(each.name or place.text for place, each in places))
        yield RULE.finding(at, f"Only other outlets are cited ({names}): go to their sources.", speaker=speaker.id)


RULE = Rule(
    code="SRC403",
    name="second-hand",
    severity="warning",
    summary="Everything attributed is second-hand: only other outlets are cited.",
    why="Citing another outlet says that it reported something, not that it is so, and a mistake travels on unchecked.",
    fix="Go to the sources of these reports: call the people quoted, read the document, link it.",
    triggers="The Valley Courier reported that the wall had cracked. Channel Nine said the pumps had failed.",
    passes="The Valley Courier reported that the wall had cracked. Olga Marsh, the mayor, said the pumps had failed.",
    check=check,
)
