"""Which cue reports which content, and who is its source: the learned pointers, read off over spans.

An attribution hangs on its cue (in the training data 99.8 % have one, and no cue serves two): each piece of content points to
a cue or to none, each cue to a source or to none. A pointer's probability for a span is the sum over the span's words,
against all other candidate spans and "none".
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sourcing.annotate.decode import Quoted, Spans, Spot
from sourcing.annotate.encode import Encoded
from sourcing.annotate.model import CONTENT_CUE, CUE_SOURCE, LINK, MENTION_NAME, Parameters, Scores

Floats = npt.NDArray[np.float32]
Ints = npt.NDArray[np.int64]
NEAR = 16  # candidate spans looked at on either side; in the 840 training articles the target is never more than 6 away
FAR_SURE = 0.97  # probability that a paraphrase needs to hang on a cue of another sentence; held-out articles, docs/training.md
SOURCELESS_SURE = (
    0.9  # probability from which a cue near sources is left without one; held-out articles, docs/training.md
)
UNLINKED = 0.5  # what the links of a quotation without a cue count for in its confidence
SAME_PARAGRAPH = 3.0  # log-odds for a cue or source of the own paragraph; held-out articles, docs/training.md
DISTANCES = 11
PARAGRAPHS = 3


class Choice(NamedTuple):
    """What a pointer chose: the candidate's number, or None for nothing, and its probability."""

    target: int | None
    probability: float


class Linked(NamedTuple):
    """One attribution in words. probability: of its links."""

    content: list[Spot]
    cue: Spot | None
    source: Spot | None
    probability: float


def point(
    queries: Sequence[Spot],
    candidates: Sequence[Spot],
    relation: int,
    scores: Scores,
    parameters: Parameters,
    paragraph: Ints,
    *,
    near: int = NEAR,
) -> list[tuple[int, Floats]]:
    """For each query span: (number of its first candidate, log-probabilities of the candidates near it, "none" last).

    Candidates are in text order. Cost: one small product a query, whatever the length of the article.
    """
    words = np.concatenate([np.arange(a, b) for a, b in candidates]) if candidates else np.zeros(0, dtype=np.int64)
    lengths = np.array([b - a for a, b in candidates], dtype=np.int64)
    offsets = np.concatenate([[0], np.cumsum(lengths)])
    keys = scores.keys[words, relation]
    starts = np.array([a for a, _ in candidates], dtype=np.int64)
    distance_bias, paragraph_bias = parameters.distance[relation], parameters.paragraph[relation]
    out = []
    for start, end in queries:
        query = scores.queries[start:end, relation].mean(0)
        null = float(query @ parameters.null[relation]) / math.sqrt(LINK) + float(parameters.null_bias[relation])
        middle = int(np.searchsorted(starts, start))
        low, high = max(0, middle - near), min(len(candidates), middle + near)
        if high == low:
            out.append((0, np.zeros(1, dtype=np.float32)))
            continue
        a, b = int(offsets[low]), int(offsets[high])
        at = words[a:b]
        logits = keys[a:b] @ query / math.sqrt(LINK)
        delta = np.where(at < start, at - start, np.where(at >= end, at - end + 1, 0))
        logits = logits + distance_bias[_bucket(delta)]
        step = np.clip(paragraph[at] - paragraph[start], -PARAGRAPHS, PARAGRAPHS) + PARAGRAPHS
        logits = logits + paragraph_bias[step]
        if relation != MENTION_NAME:
            logits = logits + SAME_PARAGRAPH * (step == PARAGRAPHS)
        logits[(at >= start) & (at < end)] = -1e4
        spans = np.append(np.logaddexp.reduceat(logits, offsets[low:high] - a), null)
        out.append((low, spans - np.logaddexp.reduce(spans)))
    return out


def _bucket(delta: Ints) -> Ints:
    """Signed distance -> 0..22, logarithmic: 11 is zero, 12 is 1, 13 is 2, 14 is 3-4, ..."""
    size = np.ceil(np.log2(np.maximum(np.abs(delta), 1))).astype(np.int64) + 1
    return np.where(delta == 0, 0, np.minimum(size, DISTANCES) * np.sign(delta)) + DISTANCES


def choose(pointed: Sequence[tuple[int, Floats]], *, sure: float = 0.0) -> list[Choice]:
    """The most probable candidate of each query; "none" only where it is the most probable and at least `sure`."""
    chosen = []
    for low, logs in pointed:
        best = int(logs.argmax())
        if best == len(logs) - 1 > 0 and math.exp(logs[-1]) < sure:
            best = int(logs[:-1].argmax())
        chosen.append(Choice(None if best == len(logs) - 1 else low + best, float(np.exp(logs[best]))))
    return chosen


def link(
    spans: Spans, quoted: Sequence[Quoted], sentence: Ints, encoded: Encoded, scores: Scores, parameters: Parameters
) -> list[Linked]:
    """Group the spans into attributions, in order of the text. sentence: each word's sentence number."""
    speech = np.zeros(len(sentence), dtype=bool)
    for quotation in quoted:
        speech[slice(*quotation.words)] |= quotation.speech > 0
    cues = choose(point(spans.content, spans.cue, CONTENT_CUE, scores, parameters, encoded.paragraph))
    sources = choose(
        point(spans.cue, spans.source, CUE_SOURCE, scores, parameters, encoded.paragraph), sure=SOURCELESS_SURE
    )
    contents: dict[int, list[tuple[Spot, float]]] = {}
    linked = []
    for span, choice in zip(spans.content, cues, strict=True):
        quotes = bool(speech[slice(*span)].any())
        if choice.target is not None and (
            quotes or choice.probability >= FAR_SURE or not _apart(span, spans.cue[choice.target], sentence)
        ):
            contents.setdefault(choice.target, []).append((span, choice.probability))
        elif quotes:  # without a cue only quotations count: an all-quote paragraph that goes on after "he said"
            linked.append(Linked([span], None, None, UNLINKED))
    for number, pieces in contents.items():
        choice = sources[number]
        cue = spans.cue[number]
        source = None if choice.target is None else spans.source[choice.target]
        sure = choice.probability * float(np.mean([p for _, p in pieces]))
        linked.append(Linked([s for s, _ in pieces], cue, source, sure))
    return _carried_on(sorted(linked, key=lambda x: x.content[0]), encoded.paragraph)


def _carried_on(linked: list[Linked], paragraph: Ints) -> list[Linked]:
    """Give a quotation without a cue the source of the attribution before it, in its own or the paragraph before: the
    speaker goes on."""
    out: list[Linked] = []
    for item in linked:
        before = out[-1] if out else None
        if item.cue is None and item.source is None and before is not None and before.source is not None:
            gap = paragraph[item.content[0][0]] - paragraph[before.content[-1][1] - 1]
            item = item._replace(source=before.source) if 0 <= gap <= 1 else item
        out.append(item)
    return out


def _apart(a: Spot, b: Spot, sentence: Ints) -> bool:
    """Do two spans share no sentence?"""
    return bool(sentence[a[1] - 1] < sentence[b[0]] or sentence[b[1] - 1] < sentence[a[0]])
