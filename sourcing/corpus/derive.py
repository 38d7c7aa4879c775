"""What is worked out over the whole corpus after articles came or went: story groups, and the baseline of shares.

Both depend on the articles alone, not on their order, so that figures can be repeated.
"""

from typing import Any

import numpy as np

from sourcing.corpus.attested import attest
from sourcing.corpus.copies import group_copies, stack_signatures
from sourcing.corpus.layout import ARTICLES, BASELINE, LISTED, SPEAKERS, STORIES, schemas
from sourcing.corpus.store import Store

SAMPLE = 2000  # articles of the baseline: the standard error of a share is 0.011 at most


def derive(store: Store) -> None:
    """Group the copies and sample the baseline anew, under the lock."""
    with store.locked():
        store.overwrite(STORIES, group_stories(store))
        store.overwrite(BASELINE, sample_baseline(store))


def is_stale(store: Store) -> bool:
    """Whether articles came or went since the groups, or the baseline after them, were worked out."""
    connection = store.connect(BASELINE)
    changed = (
        f"(select doc from {ARTICLES} except select doc from {STORIES}) union all (select doc from {STORIES} except"
    )
    changed += f" select doc from {ARTICLES})"
    expected = f"select doc from live where doc = story order by hash, doc limit {SAMPLE}"
    sampled = f"(select doc from ({expected}) except select doc from {BASELINE})"
    (count,) = connection.execute(f"select count(*) from ({changed} union all {sampled})").fetchall()[0]
    return bool(count)


def group_stories(store: Store) -> Any:
    """The story of every article: the doc of the copy whose hash is smallest."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    docs, hashes, signatures = [], [], []
    for file in store.files(ARTICLES):
        rows = pq.read_table(file, columns=["doc", "hash", "signature"])
        docs.append(rows["doc"].to_numpy())
        hashes.append(rows["hash"].to_numpy())
        signatures.append(stack_signatures(rows["signature"]))
    if not docs:
        return schemas()[STORIES].empty_table()
    doc, label = np.concatenate(docs), np.concatenate(hashes)
    groups = group_copies(np.concatenate(signatures), label)
    order = np.argsort(label, kind="stable")
    story = doc[order][np.searchsorted(label[order], groups)]
    return pa.table({"doc": doc, "story": story}, schema=schemas()[STORIES])


def sample_baseline(store: Store) -> Any:
    """For up to SAMPLE stories, one article each: how many named speakers with a full name, and how many of these are met
    nowhere else and on no list. Several who speak together are one, as in corroborate.py."""
    connection = store.connect(SPEAKERS, LISTED)
    connection.execute(
        f"create temp table chosen as select doc from live where doc = story order by hash, doc limit {SAMPLE}"
    )
    attest(connection, "a.doc in (select doc from chosen)")
    rows = connection.sql(
        """
        select c.doc, count(s.doc)::int as named, count(*) filter (s.status = 'nowhere_else')::int as nowhere
        from chosen c left join attested s using (doc) group by c.doc order by c.doc
        """
    ).to_arrow_table()
    return rows.cast(schemas()[BASELINE])
