"""What share of an article's named speakers met nowhere else is to be expected in this corpus: in a small one everybody is rare.

The share is held against those of the baseline's articles (derive.py) of like size; docs/corpus.md has the definitions.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sourcing.corpus.attested import CHOSEN, MEMORY, OTHERS, attest, chosen_by
from sourcing.corpus.layout import BASELINE, LISTED, SPEAKERS
from sourcing.corpus.store import Store
from sourcing.measure.shares import wilson
from sourcing.records import Expected

LIKE_SIZE = 50  # articles to compare a share with, before sizes further off are taken in


class Baseline(NamedTuple):
    """The sampled articles with a named speaker, as columns: the story, how many such speakers, how many met nowhere else."""

    story: npt.NDArray[np.int64]
    named: npt.NDArray[np.float64]
    nowhere: npt.NDArray[np.float64]


def read_baseline(connection: Any) -> Baseline:
    """The baseline of the corpus; connection: from Store.connect with BASELINE."""
    rows = connection.execute(
        f"select a.story, b.named, b.nowhere from {BASELINE} b join live a using (doc) where b.named > 0 order by a.hash"
    ).fetchnumpy()
    return Baseline(rows["story"], rows["named"].astype(float), rows["nowhere"].astype(float))


def expect(baseline: Baseline, named: int, nowhere: int, apart: Sequence[int] = ()) -> Expected | None:
    """What is to be expected of an article of which `nowhere` of `named` speakers are met nowhere else.

    apart: the stories it is in, which are left out. None where it has no such speaker, or nothing is left to compare it with.
    """
    keep = ~np.isin(baseline.story, np.array(apart, dtype=np.int64))
    if not named or not keep.any():
        return None
    distance = np.abs(np.log(baseline.named[keep] / named))
    alike = distance <= np.sort(distance)[min(len(distance), LIKE_SIZE) - 1]
    shares = (baseline.nowhere[keep] / baseline.named[keep])[alike]
    own = nowhere / named
    # a share of 0..1 varies at most as much as a yes or no, so an article counts as one trial: on the safe side
    low, high = wilson(float(shares.sum()), len(shares))
    below = float((shares < own).mean() + (shares == own).mean() / 2)
    return Expected(
        share=round(float(shares.mean()), 4),
        low=low or 0.0,
        high=1.0 if high is None else high,
        compared=len(shares),
        percentile=round(100 * below, 1),
    )


def shares_of(store: Store, *, outlet: str | None = None, since: str | None = None, limit: int | None = None) -> Any:
    """The articles with a named speaker whom `attest_all` lists, as an Arrow table, those with the highest percentile first.

    id, outlet (or domain), published, title: the article's. named: such speakers; nowhere_else: those of them met nowhere else;
    share: of them, 0..1. expected, low, high, compared, percentile: as in records.Expected, null without a baseline. Among equals
    come first those with most such speakers. outlet, since: which articles; limit: at most so many. Raises UsageError for a date
    that is none.
    """
    connection = store.connect(SPEAKERS, LISTED, BASELINE, memory=MEMORY)
    attest(connection, f"{CHOSEN} and {OTHERS}", chosen_by(outlet, since))
    return shares_in(connection, limit)


def shares_in(connection: Any, limit: int | None) -> Any:
    """The same of a connection with BASELINE too, after `attest`."""
    connection.execute(
        f"""
        create temp table counted as
        select doc, any_value(story) as story, count(*)::int as named,
            count(*) filter (status = 'nowhere_else')::int as nowhere, any_value(b.story) as apart
        from attested left join (select distinct story from {BASELINE} join live using (doc)) b using (story)
        group by doc
        """
    )
    connection.register("expectations", _expect_each(connection))
    some = "" if limit is None else f"limit {int(limit)}"
    return connection.sql(
        f"""
        select a.id, coalesce(a.outlet, a.domain) as outlet, a.published, a.title, c.named, c.nowhere as nowhere_else,
            round(c.nowhere / c.named, 4) as share, e.expected, e.low, e.high, e.compared, e.percentile
        from counted c join live a using (doc) join expectations e
            on c.named = e.named and c.nowhere = e.nowhere and c.apart is not distinct from e.apart
        order by e.percentile desc nulls last, c.nowhere desc, a.id {some}
        """
    ).to_arrow_table()


def _expect_each(connection: Any) -> Any:
    """What is to be expected of every size and share that is in `counted`; the story `apart` is left out of the baseline."""
    import pyarrow as pa

    baseline = read_baseline(connection)
    rows = connection.execute("select distinct named, nowhere, apart from counted").fetchall()
    found = [expect(baseline, named, nowhere, [] if apart is None else [apart]) for named, nowhere, apart in rows]
    whole, part = pa.int32(), pa.float64()
    return pa.table(
        {
            "named": pa.array([named for named, _, _ in rows], whole),
            "nowhere": pa.array([nowhere for _, nowhere, _ in rows], whole),
            "apart": pa.array([apart for _, _, apart in rows], pa.int64()),
            "expected": pa.array([e and e.share for e in found], part),
            "low": pa.array([e and e.low for e in found], part),
            "high": pa.array([e and e.high for e in found], part),
            "compared": pa.array([e.compared if e else 0 for e in found], whole),
            "percentile": pa.array([e and e.percentile for e in found], part),
        }
    )
