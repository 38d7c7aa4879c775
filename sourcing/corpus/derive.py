"""What is worked out over the whole corpus after articles came or went: story groups, and the baseline of shares.

Both depend on the articles alone, not on their order, so that figures can be repeated.
"""

from collections import defaultdict
from typing import Any

import numpy as np

from sourcing.corpus.attest import matches_of, meet
from sourcing.corpus.copies import group_copies, stack_signatures
from sourcing.corpus.layout import ARTICLES, BASELINE, SPEAKERS, STORIES, schemas
from sourcing.corpus.person_names import is_specific
from sourcing.corpus.store import Store

SAMPLE = 2000  # articles of the baseline: the standard error of a share is 0.011 at most


def derive(store: Store) -> None:
    """Group the copies and sample the baseline anew, under the lock."""
    with store.locked():
        store.overwrite(STORIES, group_stories(store))
    store.overwrite(BASELINE, sample_baseline(store))


def is_stale(store: Store) -> bool:
    """Whether articles came or went since the groups were worked out."""
    connection = store.connect()
    (count,) = connection.execute(
        f"select count(*) from (select doc from {ARTICLES} except select doc from {STORIES})"
    ).fetchall()[0]
    (gone,) = connection.execute(
        f"select count(*) from (select doc from {STORIES} except select doc from {ARTICLES})"
    ).fetchall()[0]
    return bool(count or gone)


def group_stories(store: Store) -> Any:
    """The story of every article: the doc of the copy whose hash is smallest."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = store.table(ARTICLES)
    files = [] if table is None else [uri.removeprefix("file://") for uri in table.file_uris()]
    docs, hashes, signatures = [], [], []
    for file in files:
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
    """For up to SAMPLE articles: how many named speakers with a full name, and how many of these are met nowhere else."""
    import pyarrow as pa

    connection = store.connect(SPEAKERS)
    chosen = connection.sql(f"select doc, story from live order by hash, doc limit {SAMPLE}").to_arrow_table()
    connection.register("chosen", chosen)
    rows = connection.execute(
        f"""
        select distinct s.doc, s.name from {SPEAKERS} s join chosen using (doc)
        where s.type = 'person' and s.speaker is not null and s.name is not null
        """
    ).fetchall()
    by_doc: dict[int, list[str]] = defaultdict(list)
    for doc, name in rows:
        if is_specific(name):
            by_doc[doc].append(name)
    met = meet(connection, matches_of(connection, sorted({n for names in by_doc.values() for n in names})))
    named, nowhere = [], []
    for doc in chosen["doc"].to_pylist():
        names = by_doc.get(doc, [])
        named.append(len(names))
        # the article itself is one of the stories
        nowhere.append(sum(name not in met or met[name].stories <= 1 for name in names))
    return pa.table(
        {"doc": chosen["doc"], "named": pa.array(named, pa.int32()), "nowhere": pa.array(nowhere, pa.int32())},
        schema=schemas()[BASELINE],
    )
