"""Which articles a corpus has, kept small: millions of them in a few dozen megabytes."""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from sourcing.corpus.layout import hash_of

Ints = npt.NDArray[np.int64]
MERGED_AT = 200_000  # fresh articles after which they join the sorted ones


class Known:
    """The ids and hashes of a corpus's articles, and the doc of each id."""

    def __init__(self) -> None:
        self._ids: Ints = np.zeros(0, dtype=np.int64)  # sorted hashes of ids, beside docs and hashes
        self._docs: Ints = np.zeros(0, dtype=np.int64)
        self._hashes: Ints = np.zeros(0, dtype=np.int64)
        self._fresh: dict[int, tuple[int, int]] = {}

    def __len__(self) -> int:
        return len(self._ids) + sum(self._at(key) is None for key in self._fresh)

    def add(self, ids: Iterable[str], docs: Iterable[int], hashes: Iterable[int]) -> None:
        """Take in articles; a later one under the same id takes the earlier one's place."""
        for identity, doc, whole in zip(ids, docs, hashes, strict=True):
            self._fresh[key_of(identity)] = (doc, whole)
        if len(self._fresh) >= MERGED_AT:
            self._merge()

    def find(self, identity: str) -> tuple[int, int] | None:
        """The doc and hash of the article with this id, None when there is none."""
        key = key_of(identity)
        if key in self._fresh:
            return self._fresh[key]
        at = self._at(key)
        return None if at is None else (int(self._docs[at]), int(self._hashes[at]))

    def has(self, identity: str, whole: int) -> bool:
        """Whether the article is there as it is."""
        found = self.find(identity)
        return found is not None and found[1] == whole

    def _at(self, key: int) -> int | None:
        at = int(self._ids.searchsorted(key))
        return at if at < len(self._ids) and self._ids[at] == key else None

    def _merge(self) -> None:
        keys = np.fromiter(self._fresh, np.int64, len(self._fresh))
        fresh = np.array(list(self._fresh.values()), dtype=np.int64).reshape(-1, 2)
        old = ~np.isin(self._ids, keys)
        ids = np.concatenate([self._ids[old], keys])
        order = np.argsort(ids, kind="stable")
        self._ids = ids[order]
        self._docs = np.concatenate([self._docs[old], fresh[:, 0]])[order]
        self._hashes = np.concatenate([self._hashes[old], fresh[:, 1]])[order]
        self._fresh = {}


def key_of(identity: str) -> int:
    """The number by which an id is looked up."""
    return hash_of(identity)
