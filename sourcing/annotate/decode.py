"""From scores to spans: the best BIO sequence under the learned transitions, with quotation marks as hard evidence.

The surer the speech head is that a quotation is somebody's words, the more its words are held to be content from mark to mark,
and a content hardly ever ends within it.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sourcing.annotate.encode import Encoded, words_of
from sourcing.annotate.marks import Passage
from sourcing.annotate.model import Scores
from sourcing.annotate.names import GENERATIONS, HONORIFICS, in_dateline

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
Spot = tuple[int, int]  # first word, last word + 1

OUTSIDE, B_SOURCE, I_SOURCE, B_CUE, I_CUE, B_CONTENT, I_CONTENT = range(7)
FORBIDDEN = -1e4
MOVES_INTO = {I_SOURCE: (B_SOURCE, I_SOURCE), I_CUE: (B_CUE, I_CUE), I_CONTENT: (B_CONTENT, I_CONTENT)}
KINDS = ("person", "organization", "place")
JOINERS = "-‑'’"
HALF_TAKEN = (
    0.15  # of being in a person's name, from which a capitalised neighbour joins; held out: names 0.77 to 0.92 right
)
WHOLLY_TAKEN = 0.5  # the same before what is a whole name already: "Committeeman Ada Quill", "Crooked Ada Quill"
HEADLINE = 24  # words and marks of a first paragraph that reads as a headline
PARTICLES = frozenset(
    "al el bin binti ibn abu van von de del der den della di da du la le dos ter ten y e".split()
)  # in names


class Quoted(NamedTuple):
    """A quotation's words in one paragraph, and the log-odds that it is somebody's speech."""

    passage: int
    words: Spot
    speech: float


class Spans(NamedTuple):
    """Word spans by role, in order of the text."""

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


def find_spans(
    scores: Scores,
    transitions: Floats,
    quoted: Sequence[Quoted],
    encoded: Encoded,
    text: str,
    *,
    headings: Sequence[tuple[int, int]] = (),
) -> Spans:
    """Decode sources, cues and contents."""
    emissions = scores.tags.copy()
    for _, (start, end), speech in quoted:
        if speech > 0:
            emissions[start:end, :B_CONTENT] -= min(8.0, 2.0 * speech)
            emissions[start + 1 : end, B_CONTENT] += FORBIDDEN / 10
    inside = np.zeros(len(emissions) + 1, dtype=bool)
    for _, (start, _), _ in quoted:
        inside[start] = True  # a quotation may go on from the paragraph before
    for word in np.flatnonzero(np.diff(encoded.paragraph)) + 1:
        if _is_border(int(word), encoded, text, headings):
            emissions[word, [I_SOURCE, I_CUE]] += FORBIDDEN
            if not inside[word]:
                emissions[word, I_CONTENT] += FORBIDDEN
    tags = best_tags(emissions, allowed(transitions))
    spans = Spans(*(bio_spans(tags, begin) for begin in (B_SOURCE, B_CUE, B_CONTENT)))
    trimmed = [_without_marks(spot, encoded, text) for spot in spans.source]
    return spans._replace(source=[spot for spot in trimmed if spot[1] > spot[0]])


def _is_border(word: int, encoded: Encoded, text: str, headings: Sequence[tuple[int, int]]) -> bool:
    """Does a sentence surely end before this word, the first of a paragraph? Paragraphs may be broken in odd places, but
    headings stand alone, and a full stop after anything but "Dr." ends."""
    last, before = int(encoded.end[word - 1]), int(encoded.start[word - 1])
    if any(a <= before < b for a, b in headings):
        return True
    address = word >= 2 and text[encoded.start[word - 2] : encoded.end[word - 2]].lower() in HONORIFICS
    return text[last - 1] in '.!?”"' and not address


def _without_marks(spot: Spot, encoded: Encoded, text: str) -> Spot:
    """The span without commas and dashes at its ends."""
    start, end = spot
    while end > start and text[encoded.start[end - 1]] in ",;:—–-":
        end -= 1
    while start < end and text[encoded.start[start]] in ",;:—–-":
        start += 1
    return start, end


def read_names(
    encoded: Encoded,
    scores: Scores,
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    *,
    headings: Sequence[tuple[int, int]] = (),
) -> list[tuple[int, int, str]]:
    """The names of people, organizations and places, completed, without the towns of datelines and of bodies."""
    names = widen_names(find_names(scores), encoded, scores, text)
    names = settle_names(trim_headlines(names, encoded, text, headings), encoded, text)
    return [
        (a, b, kind)
        for a, b, kind in names
        if kind != "person" or not in_dateline(int(encoded.start[a]), text, paragraphs[encoded.paragraph[a]][0])
    ]


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


def trim_headlines(
    names: list[tuple[int, int, str]], encoded: Encoded, text: str, headings: Sequence[tuple[int, int]]
) -> list[tuple[int, int, str]]:
    """Cut people's names in headlines, where capitals say little, to what the running text calls them: "Ada Quill Says" to "Ada
    Quill" and "Is Quill", with a small "is" below, to "Quill". A short first paragraph counts as a headline."""
    words = words_of(text, encoded)
    first = int(np.searchsorted(encoded.paragraph, 0, side="right"))

    def in_headline(word: int) -> bool:
        return (word < first <= HEADLINE) or any(a <= encoded.start[word] < b for a, b in headings)

    below = {tuple(words[a:b]) for a, b, kind in names if kind == "person" and b - a > 1 and not in_headline(a)}
    lasts = {name[-1] for name in below}
    small = {w for w in words if w.islower()}
    out = []
    for a, b, kind in names:
        if kind == "person" and b - a > 1 and in_headline(a) and tuple(words[a:b]) not in below:
            inner = [(i, j) for i in range(a, b - 1) for j in range(b, i + 1, -1) if tuple(words[i:j]) in below]
            if inner:
                a, b = max(inner, key=lambda s: s[1] - s[0])
            elif words[b - 1] in lasts and words[a].lower() in small:
                a += 1
        out.append((a, b, kind))
    return out


def settle_names(names: list[tuple[int, int, str]], encoded: Encoded, text: str) -> list[tuple[int, int, str]]:
    """Take single words out of the people that the article uses more often in names of bodies and places: in a report from
    Brackley, with its Brackley District Council, "Brackley" alone is nobody."""
    words = words_of(text, encoded)
    people: Counter[str] = Counter()
    others: Counter[str] = Counter()
    full: set[str] = set()
    for a, b, kind in names:
        if kind == "person" and b - a > 1:
            full.update(words[a:b])
        elif kind == "person":
            people[words[a]] += 1
        else:
            others.update(words[a:b])
    return [
        (a, b, kind)
        for a, b, kind in names
        if not (kind == "person" and b - a == 1 and words[a] not in full and others[words[a]] >= people[words[a]])
    ]


def widen_names(
    names: list[tuple[int, int, str]], encoded: Encoded, scores: Scores, text: str
) -> list[tuple[int, int, str]]:
    """Complete people's names, which the tagger, trained on American ones, cuts: capitalised neighbours that it half takes for a
    name, initials, all of a hyphenated or apostrophed word (al-Farouq, O’Brien), parts that only a particle (von der, bin)
    keeps apart."""
    words = words_of(text, encoded)
    glued = [False, *(encoded.start[1:] == encoded.end[:-1]).tolist(), False]  # no space before this word
    breaks = np.diff(encoded.paragraph, prepend=-1) != 0
    odds = scores.names - np.logaddexp.reduce(scores.names, axis=1)[:, None] if len(scores.names) else scores.names
    person = np.exp(odds[:, 1:3]).sum(1) if len(odds) else odds

    def belongs(word: int, least: float = HALF_TAKEN) -> bool:
        form = words[word]
        if form.lower() in HONORIFICS or not form[:1].isupper():
            return False
        return bool(person[word] > least) or len(form) == 1

    def is_whole(a: int, b: int) -> bool:  # "Vale Jr" lacks the given name
        return b - a - (words[b - 1].lower() in GENERATIONS) > 1

    def name_like(word: int) -> bool:
        return words[word][:1].isupper() or words[word].lower() in PARTICLES

    out: list[tuple[int, int, str]] = []
    borders = [*(a for a, _, kind in names if kind != "person"), len(words)]
    for a, b, kind in names:
        floor = out[-1][1] if out else 0
        ceiling = borders[bisect_left(borders, b)]
        while kind == "person" and a > floor and not breaks[a]:
            joined = words[a - 1] in JOINERS and glued[a] and glued[a - 1] and a >= 2 and name_like(a - 2)
            initial = words[a - 1] == "." and a >= 2 and len(words[a - 2]) == 1 and words[a - 2].isupper()
            if (joined or initial) and a - 2 >= floor:
                a -= 2
            elif belongs(a - 1, WHOLLY_TAKEN if is_whole(a, b) else HALF_TAKEN):
                a -= 1
            else:
                break
        while kind == "person" and b < ceiling and not breaks[b]:
            joined = words[b] in JOINERS and glued[b] and b + 1 < ceiling and glued[b + 1]
            if joined and words[b + 1][:1].isupper() and float(person[b + 1]) > HALF_TAKEN:
                b += 2
            elif len(words[b]) > 1 and belongs(b):
                b += 1
            else:
                break
        while kind == "person" and a < b and (words[a].lower() in HONORIFICS or words[a] == "."):
            a += 1  # "Dr." is no part of the name, and a broken line may part them
        if a >= b or b <= floor:
            continue
        before = out[-1] if out and kind == out[-1][2] == "person" and not breaks[floor : a + 1].any() else None
        if before and (a <= floor or _only_particles(words[floor:a])):
            out[-1] = (before[0], b, kind)
        else:
            out.append((max(a, floor), b, kind))
    return out


def _only_particles(words: list[str]) -> bool:
    return 0 < len(words) <= 3 and all(w.lower() in PARTICLES for w in words)


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
