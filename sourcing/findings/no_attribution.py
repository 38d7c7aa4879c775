"""SRC404: an article that credits nobody with anything."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.records import Finding

# Below this even a well-attributed text may have none: 1,000 / 15.8, the 5th percentile of attribution density in
# PolNeAR's training split.
MINIMUM_WORDS = 63


def check(view: View) -> Iterator[Finding]:
    """Yield one finding, at the first sentence, when nothing at all is attributed."""
    words = view.metrics.attribution.words
    if view.annotation.attributions or not view.annotation.sentences or words < MINIMUM_WORDS:
        return
    yield RULE.finding(
        view.sentence(0), f"None of the {words} words is attributed to anybody: say who said or saw this."
    )


RULE = Rule(
    code="SRC404",
    name="no-attribution",
    severity="error",
    summary=f"No attribution at all in {MINIMUM_WORDS} words or more.",
    why="Nothing in such a text can be traced to anybody. In a column that may be meant; in news it is a fault.",
    fix="Say for each claim who made it or where it can be seen.",
    triggers="The wall above the valley has cracked. […]",
    passes="The wall above the valley has cracked, Olga Marsh, the mayor, said. […]",
    check=check,
)
