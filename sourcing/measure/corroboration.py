"""Which of the named speakers a corpus knows (metrics.corroboration)."""

from collections import Counter
from collections.abc import Iterable

from sourcing.measure.shares import ratio, wilson
from sourcing.records import Speaker
from sourcing.records.metrics import CorroborationMetrics


def corroboration(speakers: Iterable[Speaker]) -> CorroborationMetrics | None:
    """Return the counts of the named speakers' corpus status, or None when no corpus has been asked.

    >>> corroboration([]) is None
    True
    """
    checked = [s.corpus.status for s in speakers if s.class_ == "named" and s.corpus is not None]
    if not checked:
        return None
    statuses = Counter(checked)
    attested = statuses["quoted_elsewhere"] + statuses["mentioned_elsewhere"]
    low, high = wilson(attested, len(checked))
    return CorroborationMetrics(
        checked=len(checked),
        quoted_elsewhere=statuses["quoted_elsewhere"],
        mentioned_elsewhere=statuses["mentioned_elsewhere"],
        nowhere_else=statuses["nowhere_else"],
        attested_share=ratio(attested, len(checked)),
        attested_share_low=low,
        attested_share_high=high,
    )
