"""How evenly the attributed words are spread over the speakers, and how much is second-hand (metrics.concentration).

>>> shannon_evenness([5, 5]), shannon_evenness([5])
(1.0, None)
"""

from collections.abc import Sequence
from math import log

from sourcing.measure.anonymity import attributions_of_type
from sourcing.measure.passages import Passages, size
from sourcing.measure.shares import DECIMALS, ratio, wilson
from sourcing.records.metrics import ConcentrationMetrics


def concentration(passages: Passages) -> ConcentrationMetrics:
    """Return the top speaker's share, the Herfindahl-Hirschman index and its kin, and the second-hand share."""
    words = [n for ranges in passages.words_of.values() if (n := size(ranges))]
    total, top = sum(words), max(words, default=0)
    squares = sum(n * n for n in words)
    count, second_hand = len(passages.annotation.attributions), attributions_of_type(passages, "outlet")
    low, high = wilson(second_hand, count)
    return ConcentrationMetrics(
        speaker_words=total,
        top_speaker_words=top,
        top_speaker_share=ratio(top, total),
        hhi=ratio(squares, total * total),
        effective_sources=ratio(total * total, squares),
        evenness=shannon_evenness(words),
        second_hand_attributions=second_hand,
        second_hand_share=ratio(second_hand, count),
        second_hand_share_low=low,
        second_hand_share_high=high,
    )


def shannon_evenness(words: Sequence[int]) -> float | None:
    """Return -sum(p ln p) / ln(number of speakers), Pielou's J; None for fewer than two speakers."""
    if len(words) < 2:
        return None
    total = sum(words)
    entropy = -sum(n / total * log(n / total) for n in words)
    return round(min(1.0, entropy / log(len(words))), DECIMALS)
