"""The key figures: the dozen numbers of a report that an editor asks for, in words.

Every share stands with the counts it is made of; `report.metrics` has the rest, with formulas in docs/metrics.md.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sourcing.records import Metrics, Report


@dataclass(frozen=True)
class Figure:
    """One figure: what it is, how much, and the counts or the companions behind it."""

    label: str
    value: str
    note: str = ""


def key_figures(report: Report) -> tuple[Figure, ...]:
    """Return the key figures in reading order; one whose denominator is 0 reads "–"."""
    return tuple(_figures(report.metrics))


def percent(share: float | None) -> str:
    """Return a share of 0..1 as whole per cent, "–" for none.

    >>> percent(0.375), percent(None)
    ('38%', '–')
    """
    return "–" if share is None else f"{share * 100:.0f}%"


def number(value: float | None, digits: int = 1) -> str:
    """Return `value` with `digits` decimals and thousands marked, "–" for none."""
    return "–" if value is None else f"{value:,.{digits}f}"


def count(amount: int, one: str, many: str | None = None) -> str:
    """Return a count with its noun: `count(2, "quote")` is "2 quotes"."""
    return f"{amount:,} {one if amount == 1 else many or one + 's'}"


def component_words(name: str) -> str:
    """Return a component's name for people: "named_share" is "named share"."""
    return name.replace("_", " ")


def _figures(metrics: Metrics) -> Iterator[Figure]:
    attribution, sources, anonymity = metrics.attribution, metrics.sources, metrics.anonymity
    concentration, readability = metrics.concentration, metrics.readability
    attributions = count(attribution.attributions, "attribution")
    yield Figure("Attributions", f"{attribution.attributions:,}", f"{number(attribution.density)} per 1,000 words")
    yield Figure(
        "Attributed words",
        percent(attribution.attributed_word_share),
        f"{attribution.attributed_words:,} of {count(attribution.words, 'word')}",
    )
    yield Figure(
        "Words in speech",
        percent(attribution.speech_word_share),
        f"{attribution.speech_words:,} of {count(attribution.words, 'word')}",
    )
    yield Figure(
        "In quote marks",
        f"{attribution.direct + attribution.mixed:,}",
        f"{attribution.direct:,} direct, {attribution.mixed:,} mixed",
    )
    yield Figure("Named", percent(sources.named_attribution_share), f"{sources.named_attributions:,} of {attributions}")
    yield Figure(
        "Institutional",
        percent(sources.institutional_attribution_share),
        f"{sources.institutional_attributions:,} of {attributions}",
    )
    yield Figure(
        "Anonymous",
        percent(anonymity.anonymous_attribution_share),
        f"{anonymity.anonymous_attributions:,} of {attributions}",
    )
    yield Figure(
        "Anonymity reason",
        percent(anonymity.reason_stated_share),
        f"{anonymity.reason_stated:,} of {anonymity.reason_expected:,} expected",
    )
    yield Figure(
        "Effective sources",
        number(concentration.effective_sources),
        f"of {sources.speakers:,}; the top one {percent(concentration.top_speaker_share)}",
    )
    yield Figure(
        "Second-hand",
        percent(concentration.second_hand_share),
        f"{concentration.second_hand_attributions:,} of {attributions}",
    )
    yield Figure(
        "Unclaimed quotes",
        f"{attribution.speech_without_speaker:,}",
        f"of {count(attribution.quotes_speech + attribution.quotes_unattributed, 'quote')}",
    )
    gap = count(attribution.longest_unattributed_sentences, "sentence").split(" ")
    yield Figure("Longest gap", gap[0], f"{gap[1]}, {count(attribution.longest_unattributed_words, 'word')}")
    yield Figure(
        "School grade",
        number(readability.narration_grade),
        f"narration; speech {number(readability.speech_grade)}",
    )
    if metrics.corroboration is not None:
        found = metrics.corroboration
        yield Figure(
            "Attested elsewhere",
            percent(found.attested_share),
            f"{found.checked - found.nowhere_else} of {count(found.checked, 'named speaker')}",
        )
        if found.expected_share is not None:
            yield Figure(
                "Nowhere else",
                percent(found.nowhere_else_share),
                f"{percent(found.expected_share)} expected; percentile {number(found.percentile, 0)}",
            )
