"""SRC401: page after page that nobody is credited with."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.measure.attribution import unattributed_stretches
from sourcing.measure.distribution import LONGEST_STRETCH
from sourcing.records import Extent, Finding

# The percentile of the reference articles' longest stretches (`longest_unattributed_words`, docs/metrics.md). With the
# gold attributions of PolNeAR's training split it lies at 146 words.
PERCENTILE = 95


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each run of sentences longer than nearly all articles have; silent without a reference.

    An article without any attribution is SRC404's.
    """
    distribution = view.reference.distributions.get(LONGEST_STRETCH)
    if distribution is None or not view.annotation.attributions:
        return
    limit = distribution.quantiles[PERCENTILE]
    for stretch in unattributed_stretches(view.passages):
        if stretch.words > limit:
            yield RULE.finding(
                Extent(view.sentence(stretch.first).start, view.sentence(stretch.last).end),
                f"{stretch.words} words ({stretch.sentences} sentences) without attribution, where {PERCENTILE}% of "
                f"the reference articles never go beyond {limit:.0f}: say where this is known from.",
            )


RULE = Rule(
    code="SRC401",
    name="long-stretch",
    severity="info",
    summary=f"A longer stretch without attribution than {PERCENTILE} % of the reference articles have.",
    why="What nobody is credited with rests on the outlet's word alone. Background needs no source in every sentence, "
    "but readers should be able to tell where a page of it comes from. The limit, in words, is the reference's.",
    fix="Say where the facts come from, at the latest once a paragraph.",
    triggers="Olga Marsh, the mayor, said the wall had held. […]",
    passes="Olga Marsh, the mayor, said the wall had held. The ferry runs every hour.",
    check=check,
)
