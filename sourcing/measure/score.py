"""The score: where an article stands among the reference's, component by component, as one number.

value = sum of weight x percentile over the components in use. Undefined components (no speech, so no share of speech
with a speaker) are left out, and the weights of the others are scaled to add up to 1. So 50 is a typical article, not a
pass mark.
"""

from sourcing.measure.components import COMPONENTS, ComponentRule
from sourcing.measure.distribution import Reference
from sourcing.measure.profile import Profile
from sourcing.measure.shares import DECIMALS
from sourcing.records import Metrics, Score
from sourcing.records.metrics import Component

NEUTRAL = 50.0  # the middle of the reference, when an article has words but nothing this profile looks at


def score(metrics: Metrics, *, profile: Profile, reference: Reference) -> Score:
    """Return the score, 0..100, with every component of the package, those not in use too (weight 0).

    An article without words scores 0.0: it traces nothing to anybody. One with words of which the profile's components
    are all undefined scores 50.0.
    """
    placed = [(component, *_place(component, metrics, reference)) for component in COMPONENTS]
    total = sum(profile.weight(component.name) for component, _, percentile in placed if percentile is not None)
    parts: list[Component] = []
    value = 0.0
    for component, raw, percentile in placed:
        in_use = percentile is not None and total > 0
        weight = profile.weight(component.name) / total if in_use else 0.0
        value += weight * (percentile or 0.0)
        parts.append(
            Component(
                name=component.name,
                value=raw,
                weight=round(weight, DECIMALS),
                percentile=None if percentile is None else round(percentile, 1),
                explanation=_explain(component, raw, percentile, reference),
            )
        )
    if not total and metrics.attribution.words:
        value = NEUTRAL
    return Score(value=round(min(100.0, max(0.0, value)), 1), components=tuple(parts), profile=profile.name)


def _place(component: ComponentRule, metrics: Metrics, reference: Reference) -> tuple[float | None, float | None]:
    """Return the raw value and its percentile, each None when there is none."""
    raw = component.value(metrics)
    distribution = reference.distribution(component.name, is_share=component.is_share)
    if raw is None or distribution is None:
        return raw, None
    return raw, distribution.percentile(raw)


def _explain(component: ComponentRule, raw: float | None, percentile: float | None, reference: Reference) -> str:
    said = component.describe(raw)
    if percentile is None:
        return f"{said}; left out" if raw is None else f"{said}; the reference has no figures for it, left out"
    known = reference.distributions.get(component.name)
    if known is None:
        return f"{said}; the reference has no figures for it, so the share itself counts"
    return f"{said}; percentile {percentile:.0f} of {known.n} articles"
