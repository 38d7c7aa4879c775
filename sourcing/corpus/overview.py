"""Who speaks in a corpus, who is met nowhere else, and in which articles most of them speak: three lists of one look-up of
everybody, which is what takes long over a large corpus."""

from typing import Any, NamedTuple

from sourcing.corpus.attested import MEMORY, OTHERS, attest
from sourcing.corpus.directory import speakers_in
from sourcing.corpus.expected import shares_in
from sourcing.corpus.layout import BASELINE, LISTED, SPEAKERS
from sourcing.corpus.people import unattested_in
from sourcing.corpus.store import Store
from sourcing.records.corpus import Unattested


class Overview(NamedTuple):
    """speakers: as Corpus.directory; unattested: as Corpus.unattested; shares: as Corpus.shares."""

    speakers: Any
    unattested: list[Unattested]
    shares: Any


def look_over(store: Store, limit: int | None) -> Overview:
    """All speakers, and at most `limit` of the unattested and of the articles."""
    connection = store.connect(SPEAKERS, LISTED, BASELINE, memory=MEMORY)
    attest(connection, "true")
    unattested = unattested_in(connection, limit)
    # in a corpus of one story nobody can be met elsewhere, and only the list of names has them
    connection.execute(f"delete from spoken where not {OTHERS}")
    return Overview(speakers_in(connection), unattested, shares_in(connection, limit))
