"""From scores to spans: the best BIO sequence under the learned transitions, with quotation marks as hard evidence.

A quotation that the speech head takes for somebody's words is content from mark to mark, whatever single words inside look
like; a long content is therefore never cut within a quotation.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sourcing.annotate.encode import Encoded
from sourcing.annotate.marks import Passage
from sourcing.annotate.model import Scores

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Spot = tuple[int, int]  # first word, last word + 1

OUTSIDE, B_SOURCE, I_SOURCE, B_CUE, I_CUE, B_CONTENT, I_CONTENT = range(7)
FORBIDDEN = -1e4
MOVES_INTO = {I_SOURCE: (B_SOURCE, I_SOURCE), I_CUE: (B_CUE, I_CUE), I_CONTENT: (B_CONTENT, I_CONTENT)}
KINDS = ("person", "organization", "place")


class Quoted(NamedTuple):
    """A quotation's words in one paragraph, and the log-odds that it is somebody's speech."""

    passage: int
    words: Spot
    speech: float


class Spans(NamedTuple):
    """Word spans by role, in order of the text; names as (start, end, kind)."""

    source: list[Spot]
    cue: list[Spot]
    content: list[Spot]


def words_between(encoded: Encoded, start: int, end: int) -> Spot:
    """The words that the code points start..end touch."""
    low = int(np.searchsorted(encoded.end, start, side="right"))
    return low, max(low, int(np.searchsorted(encoded.start, end, side="left")))


def judge_quotations(encoded: Encoded, passages: Sequence[Passage], scores: Scores) -> list[Quoted]:
    """Average the speech head over each outer passage; all paragraphs of one passage share one judgement."""
    found: list[Quoted] = []
    for number, passage in enumerate(passages):
        if passage.nested:
            continue
        parts = [s for a, b in passage.parts if (s := words_between(encoded, a, b))[1] > s[0]]
        if parts:
            speech = float(np.mean(np.concatenate([scores.speech[a:b] for a, b in parts])))
            found.extend(Quoted(number, part, speech) for part in parts)
    return found


def find_spans(scores: Scores, transitions: Floats, quoted: Sequence[Quoted]) -> Spans:
    """Decode sources, cues and contents."""
    emissions = scores.tags.copy()
    for _, (start, end), speech in quoted:
        if speech > 0:
            emissions[start:end, :B_CONTENT] -= min(8.0, 2.0 * speech)
            emissions[start + 1 : end, B_CONTENT] += FORBIDDEN / 10
    tags = best_tags(emissions, allowed(transitions))
    return Spans(*(bio_spans(tags, begin) for begin in (B_SOURCE, B_CUE, B_CONTENT)))


def find_names(scores: Scores) -> list[tuple[int, int, str]]:
    """Names of people, organizations and places: (first word, last word + 1, kind)."""
    found: list[tuple[int, int, str]] = []
    kinds = ((scores.names.argmax(1) + 1) // 2).tolist() if len(scores.names) else []  # B- and I- of a kind alike
    begins = (scores.names.argmax(1) % 2 == 1).tolist() if len(scores.names) else []
    for word, kind in enumerate(kinds):
        if not kind:
            continue
        name = KINDS[kind - 1]
        if found and found[-1][1] == word and found[-1][2] == name and not begins[word]:
            found[-1] = (found[-1][0], word + 1, name)
        else:
            found.append((word, word + 1, name))
    return found


def find_sentences(encoded: Encoded, scores: Scores) -> list[Spot]:
    """Sentences as word spans: they start where the head says so, and with every paragraph."""
    words = len(encoded.first)
    if not words:
        return []
    starts = (scores.sentence > 0) | (np.diff(encoded.paragraph, prepend=-1) != 0)
    at = np.flatnonzero(starts).tolist()
    return list(zip(at, [*at[1:], words], strict=True))


def allowed(transitions: Floats) -> Floats:
    """The learned transitions without the moves that BIO forbids."""
    out = transitions.copy()
    for inside, before in MOVES_INTO.items():
        out[[t for t in range(len(out)) if t not in before], inside] = FORBIDDEN
    return out


def best_tags(emissions: Floats, transitions: Floats) -> Ints:
    """Viterbi: the tag sequence with the highest sum of emissions (words, tags) and transitions (tags, tags)."""
    words, tags = emissions.shape
    if not words:
        return np.zeros(0, dtype=np.int64)
    score: Any = emissions[0].copy()
    score[list(MOVES_INTO)] = FORBIDDEN
    back = np.empty((words, tags), dtype=np.int8)
    columns = np.arange(tags)
    incoming = transitions.T.copy()  # row: to, column: from, so that the sum below runs along memory
    for i in range(1, words):
        paths = incoming + score
        back[i] = best = paths.argmax(1)
        score = paths[columns, best] + emissions[i]
    out = np.empty(words, dtype=np.int64)
    out[-1] = score.argmax()
    for i in range(words - 1, 0, -1):
        out[i - 1] = back[i, out[i]]
    return out


def bio_spans(tags: Ints, begin: int) -> list[Spot]:
    """The spans of the role whose B- tag is `begin` and whose I- tag is the next number."""
    starts = np.flatnonzero(tags == begin)
    inside = tags == begin + 1
    ends = np.flatnonzero(~inside)
    stops = np.append(ends, len(tags))[np.searchsorted(ends, starts + 1)]
    return list(zip(starts.tolist(), stops.tolist(), strict=True))
