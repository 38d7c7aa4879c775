"""Near-duplicates: which articles are copies of one text, so that a wire story in forty papers is one voice.

An article's signature is its MinHash (Broder 1997; made by rensa) over shingles of five words, one byte a permutation
(b-bit minwise hashing: Li and König 2010). Candidates share a band of BAND bytes (locality-sensitive hashing);
a candidate is a copy when the estimated Jaccard similarity reaches SIMILAR; copies of copies are one group, a story.
docs/corpus.md has the measurement behind SIMILAR.
"""

import re
from collections.abc import Iterator, Sequence
from struct import pack
from typing import Any

import numpy as np
import numpy.typing as npt

from sourcing.corpus.layout import SIGNATURE

Bytes = npt.NDArray[np.uint8]
Ints = npt.NDArray[np.int64]

SHINGLE = 5  # words
BAND = 3  # bytes
ROUNDS = (
    2  # ways of cutting a signature into bands: 84 in all, which find 90 % of pairs as similar as 0.3, 99.6 % of 0.4
)
SIMILAR = 0.3
SEED = 1
WORD = re.compile(r"\w+")
# What WORD takes for a gap, of ASCII and of the marks that news is full of; str.translate is twice as fast as the expression.
MARKS = "“”‘’—–…"
SMALL = {n: chr(n).lower() if WORD.match(chr(n)) else " " for n in range(128)}
CHANCE = 1 / 256  # that two bytes agree although the hashes differ


def words_of(text: str) -> list[str]:
    """The words of a text in small letters, as WORD finds them.

    >>> words_of("“It’s 5.30,” he said.")
    ['it', 's', '5', '30', 'he', 'said']
    """
    plain = text
    if not text.isascii():
        for mark in MARKS:
            if mark in plain:
                plain = plain.replace(mark, " ")
    return plain.translate(SMALL).split() if plain.isascii() else WORD.findall(text.lower())


def signature_of(text: str) -> bytes:
    """The MinHash of a text: SIGNATURE bytes; all zero for one without words."""
    return signature_of_words(words_of(text))


def signature_of_words(words: Sequence[str]) -> bytes:
    """The same of a text given as its words."""
    from rensa import RMinHash

    if not words:
        return bytes(SIGNATURE)
    parts = [words[n:] for n in range(SHINGLE)]
    shingles = list(map(" ".join, zip(*parts, strict=False))) or [" ".join(words)]
    hashed = RMinHash(SIGNATURE, SEED)
    hashed.update(shingles)
    return pack(f"<{SIGNATURE}I", *hashed.digest())[::4]  # the lowest byte of each


def similarities(signatures: Bytes, one: bytes) -> npt.NDArray[np.float64]:
    """The estimated Jaccard similarity of each row (articles, SIGNATURE) to one signature."""
    if not any(one):
        return np.zeros(len(signatures))
    return _estimate((signatures == np.frombuffer(one, np.uint8)).sum(1))


def group_copies(signatures: Bytes, labels: Ints) -> Ints:
    """The story of each article: the smallest label among its copies.

    signatures: (articles, SIGNATURE); rows of zeros, texts without words, are nobody's copies. The result depends on the
    articles alone, not on their order. Within a bucket each article is compared with the one of the smallest label, so
    that the work is linear in the number of articles.
    """
    order = np.argsort(labels, kind="stable")
    ranked = np.ascontiguousarray(signatures[order])
    known = ranked.any(1)
    parent = np.arange(len(labels))
    for columns in _bands():
        band = ranked[:, columns].astype(np.int64) @ (256 ** np.arange(BAND, dtype=np.int64))
        keys = np.where(known, band, -1 - np.arange(len(labels)))
        at = np.argsort(keys, kind="stable")  # within a bucket in order of the labels
        fresh = np.concatenate([[True], keys[at][1:] != keys[at][:-1]]) if len(at) else np.zeros(0, bool)
        lead = at[np.flatnonzero(fresh)[np.cumsum(fresh) - 1]]
        pairs = lead != at
        a, b = lead[pairs], at[pairs]
        same = parent[a] == parent[b]
        a, b = a[~same], b[~same]
        for low in range(0, len(a), 65536):
            x, y = a[low : low + 65536], b[low : low + 65536]
            alike = _estimate((ranked[x] == ranked[y]).sum(1)) >= SIMILAR
            _join(parent, x[alike], y[alike])
        parent = _settled(parent)
    out = np.empty(len(labels), dtype=np.int64)
    out[order] = labels[order][_settled(parent)]
    return out


def _bands() -> Iterator[Ints]:
    """The columns of each band: cuts of the signature in its order, and in orders drawn once and for all."""
    random = np.random.default_rng(SEED)
    for number in range(ROUNDS):
        order = np.arange(SIGNATURE) if number == 0 else random.permutation(SIGNATURE)
        for low in range(0, SIGNATURE - BAND + 1, BAND):
            yield order[low : low + BAND]


def _estimate(equal: Any) -> npt.NDArray[np.float64]:
    """Jaccard similarity from the number of equal bytes, corrected for those equal by chance."""
    share = np.asarray(equal, dtype=np.float64) / SIGNATURE
    return np.clip((share - CHANCE) / (1 - CHANCE), 0.0, 1.0)


def _join(parent: Ints, a: Ints, b: Ints) -> None:
    """Union by smallest rank."""
    for x, y in zip(a.tolist(), b.tolist(), strict=True):
        x, y = _root(parent, x), _root(parent, y)
        if x != y:
            parent[max(x, y)] = min(x, y)


def _root(parent: Ints, n: int) -> int:
    while parent[n] != n:
        parent[n] = parent[parent[n]]
        n = int(parent[n])
    return n


def _settled(parent: Ints) -> Ints:
    """Every member straight under its root."""
    while True:
        above = parent[parent]
        if np.array_equal(above, parent):
            return parent
        parent = above


def stack_signatures(column: Any) -> Bytes:
    """An Arrow column of signatures as (articles, SIGNATURE), copied once at most."""
    parts = [_rows_of(chunk) for chunk in column.cast("binary").chunks] or [np.zeros((0, SIGNATURE), np.uint8)]
    return np.concatenate(parts) if len(parts) != 1 else parts[0]


def _rows_of(chunk: Any) -> Bytes:
    offsets = np.frombuffer(chunk.buffers()[1], np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
    values = np.frombuffer(chunk.buffers()[2], np.uint8) if chunk.buffers()[2] else np.zeros(0, np.uint8)
    return values[offsets[0] : offsets[-1]].reshape(-1, SIGNATURE)
