"""SRC504: every article with these quotes rests on one outlet."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding, on the outlet's first mention, when all roads lead to it."""
    road = view.elsewhere.road if view.elsewhere else None
    if road is None:
        return
    speaker = next((s for s in view.annotation.speakers if s.type == "outlet" and s.name == road.outlet), None)
    if speaker and (at := view.first_mention(speaker)):
        number = len(road.articles)
        if number == 1:
            others = "the other article with these quotes cites it and no other outlet, or is its own"
        else:
            others = f"all {number} other articles with these quotes cite it and no other outlet, or are its own"
        message = f"All roads lead to {road.outlet}: {others}."
        yield RULE.finding(at, message, speaker=speaker.id)


RULE = Rule(
    code="SRC504",
    name="one-road",
    severity="info",
    summary="All articles of the corpus that have this one's quotes rest on one outlet (with a corpus only).",
    why="Ten articles that cite one report are one source, not ten. What looks confirmed by many was checked once.",
    fix="Say that the report is that outlet's alone, or confirm it yourself.",
    triggers="The Northern Ledger reported that the old wall is cracked. “It will not hold another winter,” Olga Marsh told it. "
    "The other articles with the quote cite the Northern Ledger, too.",
    passes="The Northern Ledger reported that the old wall is cracked. “It will not hold another winter,” Olga Marsh told it. "
    "Another article with the quote reached Marsh itself.",
    check=check,
)
