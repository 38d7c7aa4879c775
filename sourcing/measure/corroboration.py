"""Which of the named speakers a corpus knows (metrics.corroboration)."""

from collections import Counter

from sourcing.measure.shares import ratio, wilson
from sourcing.records import Elsewhere
from sourcing.records.metrics import CorroborationMetrics


def corroboration(elsewhere: Elsewhere | None) -> CorroborationMetrics | None:
    """Return the counts of the named speakers' corpus status, or None when no corpus has been asked.

    >>> corroboration(None) is None
    True
    """
    if elsewhere is None:
        return None
    statuses = Counter(status.status for status in elsewhere.speakers.values())
    checked = len(elsewhere.speakers)
    nowhere = statuses["nowhere_else"]
    low, high = wilson(checked - nowhere, checked)
    expected = elsewhere.expected
    return CorroborationMetrics(
        checked=checked,
        quoted_elsewhere=statuses["quoted_elsewhere"],
        mentioned_elsewhere=statuses["mentioned_elsewhere"],
        listed=statuses["listed"],
        nowhere_else=nowhere,
        undetermined=elsewhere.undetermined,
        attested_share=ratio(checked - nowhere, checked),
        attested_share_low=low,
        attested_share_high=high,
        nowhere_else_share=ratio(nowhere, checked),
        expected_share=expected.share if expected else None,
        expected_share_low=expected.low if expected else None,
        expected_share_high=expected.high if expected else None,
        compared=expected.compared if expected else 0,
        percentile=expected.percentile if expected else None,
    )
