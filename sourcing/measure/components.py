"""The parts of the score: one raw figure each, turned so that higher is better.

To add one: a `ComponentRule` in COMPONENTS, a line in profiles/default.toml and one in docs/metrics.md (a test
compares).
"""

from collections.abc import Callable
from dataclasses import dataclass

from sourcing.measure.shares import DECIMALS
from sourcing.records import Metrics


@dataclass(frozen=True)
class ComponentRule:
    """How one component is read off the metrics.

    value: the raw figure, None when undefined for the article. wording: says the figure in words, with {value}.
    undefined: why there is no figure. is_share: the figure lies in 0..1 (and is worded as a percentage).
    """

    name: str
    value: Callable[[Metrics], float | None]
    wording: str
    undefined: str
    is_share: bool = True

    def describe(self, value: float | None) -> str:
        """Return the raw figure in words."""
        if value is None:
            return self.undefined
        return self.wording.format(value=f"{100 * value:.0f}%" if self.is_share else f"{value:.1f}")


def _complement(share: float | None) -> float | None:
    return None if share is None else round(1 - share, DECIMALS)


def _diversity(metrics: Metrics) -> float | None:
    if not metrics.attribution.words:
        return None
    return metrics.concentration.effective_sources or 0.0


COMPONENTS = (
    ComponentRule(
        name="attribution_density",
        value=lambda metrics: metrics.attribution.density,
        wording="{value} attributions per 1,000 words",
        undefined="no article text",
        is_share=False,
    ),
    ComponentRule(
        name="named_share",
        value=lambda metrics: metrics.sources.named_word_share,
        wording="{value} of the attributed words are a named person's",
        undefined="nothing is attributed",
    ),
    ComponentRule(
        name="independence_from_anonymous",
        value=lambda metrics: _complement(metrics.anonymity.anonymous_word_share),
        wording="{value} of the attributed words do not rest on an anonymous speaker",
        undefined="nothing is attributed",
    ),
    ComponentRule(
        name="diversity",
        value=_diversity,
        wording="as much variety as {value} speakers with equal room would give",
        undefined="no article text",
        is_share=False,
    ),
    ComponentRule(
        name="identification",
        value=lambda metrics: metrics.sources.identified_named_share,
        wording="{value} of the named speakers are introduced with a post, a body or a description",
        undefined="no named speaker",
    ),
    ComponentRule(
        name="speech_with_speaker",
        value=lambda metrics: metrics.attribution.speech_with_speaker_share,
        wording="{value} of the quoted speech has a speaker",
        undefined="no quoted speech",
    ),
    ComponentRule(
        name="first_hand",
        value=lambda metrics: _complement(metrics.concentration.second_hand_share),
        wording="{value} of the attributions are not to other outlets",
        undefined="nothing is attributed",
    ),
    ComponentRule(
        name="anonymity_justified",
        value=lambda metrics: metrics.anonymity.reason_stated_share,
        wording="a reason is stated for {value} of the anonymous speakers who need one",
        undefined="no anonymous speaker who needs a reason",
    ),
    ComponentRule(
        name="corroboration",
        value=lambda metrics: metrics.corroboration.attested_share if metrics.corroboration else None,
        wording="{value} of the named speakers are met elsewhere in the corpus",
        undefined="no corpus was asked, or no named speaker",
    ),
)
COMPONENT_NAMES = tuple(component.name for component in COMPONENTS)
