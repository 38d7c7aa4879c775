"""Turn an article's body into what the network reads: word pieces and the features that an uncased model would miss.

Quotation marks of any style become one mark, and each piece says whether it opens, stands in or closes a quotation, so
that a model trained on American double quotes reads British single ones and guillemets alike. A shape (lower, Title,
UPPER, ...) restores the case that the uncased vocabulary drops, and a break tells where paragraphs start.

Words here are the tokenizer's pre-tokens (runs of letters and digits, or one punctuation mark): the units that the heads label.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from unicodedata import combining

import numpy as np
import numpy.typing as npt

from sourcing.annotate.marks import Pairing
from sourcing.errors import ModelError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

Ints = npt.NDArray[np.int64]

MODEL_FOLDER = Path(__file__).parent / "model"
SHAPES = 6  # other, lower, Title, UPPER, mixed, digits
QUOTE_STATES = 6  # outside, opening mark, inside, closing mark, inside a nested quotation, block quotation
BREAKS = 2  # first word of a paragraph, or not
OUTSIDE, OPENING, INSIDE, CLOSING, NESTED, BLOCK = range(QUOTE_STATES)
MARK, NESTED_MARK = '"', "'"


class Encoded(NamedTuple):
    """pieces: ids, shape, quote, brk, each (pieces,). words: first (index of a word's first piece), start, end (code
    points), paragraph (number), all (words,)."""

    ids: Ints
    shape: Ints
    quote: Ints
    brk: Ints
    first: Ints
    start: Ints
    end: Ints
    paragraph: Ints


def words_of(text: str, encoded: Encoded) -> list[str]:
    """The words as written."""
    return [text[a:b] for a, b in zip(encoded.start.tolist(), encoded.end.tolist(), strict=True)]


@cache
def load_tokenizer(path: Path = MODEL_FOLDER / "tokenizer.json") -> "Tokenizer":
    """Read the word-piece tokenizer that belongs to the weights."""
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # tokenizers raises nothing more specific
        raise ModelError(f"the model file {path.name} is missing or damaged; reinstall the package") from error
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer


def encode(
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    pairing: Pairing,
    tokenizer: "Tokenizer",
    *,
    block_quotes: Sequence[tuple[int, int]] = (),
) -> Encoded:
    """Encode the paragraphs of `text`, given as (start, end) offsets in order."""
    ids: list[int] = []
    words: list[int] = []
    starts: list[int] = []
    ends: list[int] = []
    brk: list[int] = []
    paragraph_of: list[int] = []
    base = 0
    batch = tokenizer.encode_batch([text[a:b] for a, b in paragraphs], add_special_tokens=False)
    for number, encoding in enumerate(batch):
        offset = paragraphs[number][0]
        count = len(encoding.ids)
        ids.extend(encoding.ids)
        words.extend(base + w for w in encoding.word_ids if w is not None)
        starts.extend(offset + a for a, _ in encoding.offsets)
        ends.extend(offset + b for _, b in encoding.offsets)
        paragraph_of.extend([number] * count)
        brk.extend([1] + [0] * (count - 1) if count else [])
        base = words[-1] + 1 if words else 0
    piece_ids = np.array(ids, dtype=np.int64)
    piece_start, piece_end = np.array(starts, dtype=np.int64), np.array(ends, dtype=np.int64)
    word_of = np.array(words, dtype=np.int64)
    first = np.flatnonzero(np.diff(word_of, prepend=-1)) if len(word_of) else np.zeros(0, dtype=np.int64)
    last = np.append(first[1:], len(word_of)) - 1 if len(word_of) else first
    word_start, word_end = piece_start[first], piece_end[last]
    _take_combining(text, word_end)
    shapes = np.array(
        [_shape(text[a:b]) for a, b in zip(word_start.tolist(), word_end.tolist(), strict=True)], dtype=np.int64
    )
    lengths = np.diff(np.append(first, len(word_of)))
    quote = _quote_states(piece_start, pairing, block_quotes)
    _canonical_marks(piece_ids, piece_start, pairing, tokenizer)
    return Encoded(
        piece_ids,
        np.repeat(shapes, lengths),
        quote,
        np.array(brk, dtype=np.int64),
        first,
        word_start,
        word_end,
        np.array(paragraph_of, dtype=np.int64)[first],
    )


def _take_combining(text: str, word_end: Ints) -> None:
    """Let words end behind their combining marks, which the tokenizer drops (decomposed "José")."""
    if text.isascii():
        return
    for n, end in enumerate(word_end.tolist()):
        stop = end
        while stop < len(text) and combining(text[stop]):
            stop += 1
        word_end[n] = stop


def _shape(word: str) -> int:
    if word.islower():
        return 1
    if word.isupper():
        return 3 if len(word) > 1 else 2
    if word.istitle():
        return 2
    if word.isdigit():
        return 5
    return 4 if any(c.isupper() for c in word) else 0


def _quote_states(piece_start: Ints, pairing: Pairing, block_quotes: Sequence[tuple[int, int]]) -> Ints:
    states = np.full(len(piece_start), OUTSIDE, dtype=np.int64)

    def paint(start: int, end: int, state: int) -> None:
        low, high = np.searchsorted(piece_start, (start, end))
        states[low:high] = state

    for start, end in block_quotes:
        paint(start, end, BLOCK)
    for passage in pairing.passages:  # outer ones come before those inside them
        for start, end in passage.parts:
            paint(start, end, NESTED if passage.nested else INSIDE)
        if not passage.nested:
            closing = passage.marks[-1] if passage.closed else None
            for mark in passage.marks:
                paint(*mark, CLOSING if mark == closing else OPENING)
    return states


def _canonical_marks(ids: Ints, piece_start: Ints, pairing: Pairing, tokenizer: "Tokenizer") -> None:
    """Give every outer mark the id of `"`, every nested mark and apostrophe that of `'`."""
    outer, inner = (tokenizer.encode(c, add_special_tokens=False).ids[0] for c in (MARK, NESTED_MARK))
    for passage in pairing.passages:
        for start, end in passage.marks:
            low, high = np.searchsorted(piece_start, (start, end))
            ids[low:high] = inner if passage.nested else outer
    for curly in ("’", "‘", "`"):
        code = tokenizer.token_to_id(curly)
        if code is not None:
            ids[ids == code] = inner
    loose = [tokenizer.token_to_id(c) for c in ("“", "”", "„", "«", "»")]
    for code in loose:
        if code is not None:
            ids[ids == code] = outer
