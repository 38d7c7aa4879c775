"""The phrases of a quote as numbers, by which others with nearly the same words are found.

`phrases_of` says what they are; `phrases_of_all` makes the same ones of very many quotes, five times as fast: a CRC-32 is linear,
so that of a phrase is put together from those of its words (Mark Adler's crc32_combine in zlib), for all phrases at a time.

>>> keys, there = phrases_of_all([words_of("We have crossed here for forty winters.")])
>>> keys[there].tolist() == phrases_of("We have crossed here for forty winters.")
True
"""

from collections.abc import Sequence
from functools import cache
from itertools import chain
from zlib import crc32

import numpy as np
import numpy.typing as npt

from sourcing.corpus.copies import words_of
from sourcing.corpus.layout import KEYS

SHORTEST_QUOTE = 6  # words from which a quote is looked for elsewhere: shorter ones are anybody's
PHRASE = 4  # words of a phrase
MOST_BYTES = 63  # of a word that the tables are made for; other quotes are done one by one
MOST_WORDS = 1 << 16  # whose numbers are kept
SIGNED = 1 << 31  # taken off: Delta tables have no unsigned numbers

Numbers = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]


def phrases_of(text: str) -> list[int]:
    """The KEYS smallest hashes of a quote's phrases of PHRASE words: quotes with nearly the same words share one; [] for a
    short quote."""
    words = words_of(text)
    return _phrases_of(words) if len(words) >= SHORTEST_QUOTE else []


def phrases_of_all(quotes: Sequence[list[str]]) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.bool_]]:
    """The same of quotes given as their words, each SHORTEST_QUOTE or more: (quotes, KEYS) numbers, and which of them there are."""
    keys = np.zeros((len(quotes), KEYS), np.int32)
    there = np.zeros((len(quotes), KEYS), np.bool_)
    if not quotes:
        return keys, there
    words = np.fromiter(map(_WORDS.__getitem__, chain.from_iterable(quotes)), np.int64)
    whose = np.repeat(np.arange(len(quotes)), np.fromiter(map(len, quotes), np.int64, len(quotes)))
    hashes, begins = _phrases(words), whose[: 1 - PHRASE]
    within = begins == whose[PHRASE - 1 :]
    found = np.sort(begins[within] << 32 | hashes[within])  # by quote, then by hash
    found = found[np.concatenate([[True], found[1:] != found[:-1]])]
    quote = found >> 32
    place = np.arange(len(found)) - np.searchsorted(quote, np.arange(len(quotes)))[quote]
    few = place < KEYS
    keys[quote[few], place[few]] = (found[few] & 0xFFFFFFFF) - SIGNED
    there[quote[few], place[few]] = True
    for n in np.unique(whose[words >> 32 > MOST_BYTES]).tolist():
        one = _phrases_of(quotes[n])
        keys[n, : len(one)], there[n] = one, np.arange(KEYS) < len(one)
    return keys, there


def _phrases_of(words: list[str]) -> list[int]:
    plain = [word.encode("utf-8", "replace") for word in words]
    phrases = map(b" ".join, zip(*(plain[n:] for n in range(PHRASE)), strict=False))
    return [value - SIGNED for value in sorted(set(map(crc32, phrases)))[:KEYS]]


def _phrases(words: Ints) -> Ints:
    """The CRC-32 of each PHRASE words that follow one another, from the words' numbers (_Words)."""
    spaced, length = (words & 0xFFFFFFFF).astype(np.uint32), np.minimum(words >> 32, MOST_BYTES)
    count = len(words) - PHRASE + 1
    space = np.full(count, crc32(b" "), np.uint32)
    phrase = _followed(space, length[:count]) ^ spaced[:count]  # the first without its space
    for n in range(1, PHRASE):
        phrase = _followed(phrase, length[n : n + count] + 1) ^ spaced[n : n + count]
    return phrase.astype(np.int64)


def _followed(hashes: Numbers, length: Ints) -> Numbers:
    """What becomes of the hashes when so many bytes follow; ^ the CRC-32 of these bytes it is that of both."""
    tables, base = _tables(), length << 10
    out: Numbers = tables[base | (hashes & 0xFF)]
    for n in range(1, 4):
        out ^= tables[base | n << 8 | (hashes >> np.uint32(8 * n) & 0xFF)]
    return out


@cache
def _tables() -> Numbers:
    """_followed of each byte (256) at each place of a number (4), for each length from 0 to MOST_BYTES + 1, one after another."""
    step = np.array([crc32(bytes([byte])) ^ crc32(b"\0") for byte in range(256)], np.uint32)
    rows = [np.concatenate([np.arange(256, dtype=np.uint32) << np.uint32(8 * n) for n in range(4)])]
    for _ in range(MOST_BYTES + 1):
        rows.append(rows[-1] >> np.uint32(8) ^ step[rows[-1] & 0xFF])
    return np.concatenate(rows)


class _Words(dict[str, int]):
    """Words as numbers: the CRC-32 of a space and the word, above it the word's bytes."""

    def __missing__(self, word: str) -> int:
        if len(self) >= MOST_WORDS:
            self.clear()
        plain = word.encode("utf-8", "replace")
        number = len(plain) << 32 | crc32(b" " + plain)
        if len(plain) <= MOST_BYTES:
            self[word] = number
        return number


_WORDS = _Words()
