"""The annotator: an article in, its quotes, attributions and speakers out.

marks -> encode -> model -> decode -> link -> speakers -> records; each step is one file beside this one.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec
import numpy as np
import numpy.typing as npt

from sourcing.annotate import decode
from sourcing.annotate.confidence import calibrated, evidence
from sourcing.annotate.encode import Encoded, encode, load_tokenizer
from sourcing.annotate.language import language_of
from sourcing.annotate.link import Linked, link
from sourcing.annotate.marks import Pairing, Passage, pair_marks
from sourcing.annotate.model import Model, Scores, load_model
from sourcing.annotate.roles import role_without_speech
from sourcing.annotate.speakers import Resolved, resolve
from sourcing.records import Annotation, Article, Attribution, Extent, Kind, Quote, Role, Span, Speaker
from sourcing.text import count_words

Floats = npt.NDArray[np.float32]
Spot = tuple[int, int]
MOSTLY = 0.5  # share of a quotation's words that must be attributed content; the same as the gold standard's scorer
WHOLLY = 0.9  # share of the content in quotes from which it counts as direct: "that" or "and" may stand outside


class _Place(NamedTuple):
    """A quotation with what is known of it: its words in all its paragraphs, and the head's log-odds that it is speech."""

    passage: Passage
    parts: list[Spot]
    speech: float


def annotate(article: Article, *, model: Model | None = None) -> Annotation:
    """Annotate the article's body."""
    model = model or load_model()
    text = article.text
    paragraphs = [(e.start, e.end) for e in article.body]
    blocks = [(e.start, e.end) for e in article.block_quotes]
    pairing = pair_marks(text, paragraphs)
    encoded = encode(text, paragraphs, pairing, load_tokenizer(), block_quotes=blocks)
    scores = model.score(encoded)
    passages = _with_blocks(pairing, blocks, text)
    quoted = decode.judge_quotations(encoded, passages, scores)
    headings = [(e.start, e.end) for e in article.headings]
    spans = decode.find_spans(scores, model.parameters.transitions, quoted, encoded, text, headings=headings)
    bounds = decode.find_sentences(encoded, scores)
    sentence = np.repeat(np.arange(len(bounds)), [b - a for a, b in bounds])
    linked = link(spans, quoted, sentence, encoded, scores, model.parameters)
    names = decode.read_names(encoded, scores, text, paragraphs, headings=headings)
    sentences = [Extent(int(encoded.start[a]), int(encoded.end[b - 1])) for a, b in bounds]
    resolved = resolve(text, encoded, scores, model.parameters, linked, names, sentences)
    places = _places(passages, quoted, encoded)
    attributions = _attributions(text, encoded, scores, linked, resolved, places, sentences, model)
    quotes = _quotes(text, encoded, places, passages, linked, attributions)
    language, warnings = language_of(article)
    return Annotation(
        language=language,
        sentences=tuple(sentences),
        quotes=tuple(quotes),
        attributions=tuple(attributions),
        speakers=tuple(_counted(resolved.speakers, attributions, quotes, text)),
        unbalanced=tuple(Extent(a, b) for a, b in pairing.unbalanced),
        person_names=tuple(resolved.names),
        people=tuple(resolved.people),
        model=model.card,
        warnings=warnings,
    )


def _with_blocks(pairing: Pairing, blocks: Sequence[Spot], text: str) -> list[Passage]:
    """The quotations, with block quotations that carry no marks of their own added; marks inside such a one are nested."""
    bare = []
    inner: set[int] = set()
    for a, b in blocks:
        within = [p for p in pairing.passages if a <= p.start and p.end <= b]
        marked = sum(p.end - p.start for p in within if not p.nested)
        if marked < MOSTLY * len(text[a:b].strip()):
            bare.append(Passage(((a, b),), True, False, ()))
            inner.update(p.start for p in within)
    passages = [p._replace(nested=True) if p.start in inner else p for p in pairing.passages]
    return sorted([*passages, *bare], key=lambda p: (p.start, -p.end))


def _places(passages: Sequence[Passage], quoted: Sequence[decode.Quoted], encoded: Encoded) -> list[_Place]:
    parts: dict[int, list[Spot]] = {}
    odds: dict[int, float] = {}
    for number, words, speech in quoted:
        parts.setdefault(number, []).append(words)
        odds[number] = speech
    return [_Place(passages[n], parts[n], odds[n]) for n in sorted(parts)]


def _attributions(
    text: str, encoded: Encoded, scores: Scores, linked: Sequence[Linked], resolved: Resolved,
    places: Sequence[_Place], sentences: Sequence[Extent], model: Model,
) -> list[Attribution]:  # fmt: skip
    inside = np.zeros(len(encoded.start), dtype=bool)
    for place in places:
        for a, b in place.parts:
            inside[a:b] = True
    wordlike = _wordlike(text, encoded)
    starts = np.array([s.start for s in sentences])

    def span(spot: Spot) -> Span:
        start, end = int(encoded.start[spot[0]]), int(encoded.end[spot[1] - 1])
        return Span(start, end, text[start:end])

    found = []
    for number, item in enumerate(linked):
        words = np.concatenate([np.arange(a, b) for a, b in item.content])
        counted = words[wordlike[words]] if wordlike[words].any() else words
        first = min(encoded.start[s[0]] for s in (*item.content, item.cue, item.source) if s)
        found.append(
            Attribution(
                id=f"a{number + 1}",
                kind=_kind(float(inside[counted].mean())),
                content=tuple(span(s) for s in item.content),
                cue=span(item.cue) if item.cue else None,
                source=resolved.sources[number],
                speaker=resolved.of[number],
                sentence=max(0, int(np.searchsorted(starts, first, side="right")) - 1),
                confidence=calibrated(evidence(scores, item), model.parameters.calibration["attribution"]),
            )
        )
    return found


def _wordlike(text: str, encoded: Encoded) -> npt.NDArray[np.bool_]:
    """Which of the encoder's words are words, and not marks."""
    return np.array([text[a].isalnum() for a in encoded.start.tolist()], dtype=bool)


def _kind(share: float) -> Kind:
    return "direct" if share >= WHOLLY else "mixed" if share > 0 else "indirect"


def _quotes(
    text: str, encoded: Encoded, places: Sequence[_Place], passages: Sequence[Passage], linked: Sequence[Linked],
    attributions: Sequence[Attribution],
) -> list[Quote]:  # fmt: skip
    owner = np.full(len(encoded.start), -1, dtype=np.int64)
    for number, item in enumerate(linked):
        for a, b in item.content:
            owner[a:b] = number
    wordlike = _wordlike(text, encoded)
    known = {place.passage.start: place for place in places}
    found: list[Quote] = []
    for passage in passages:
        start, end = passage.start, passage.end
        role: Role = "nested"
        attribution: Attribution | None = None
        place = known.get(start) if not passage.nested else None
        if place is not None:
            inside = np.concatenate([np.arange(a, b) for a, b in place.parts])
            owners = owner[inside[wordlike[inside]]]
            if not len(owners):
                continue  # marks around nothing
            credited = owners[owners >= 0]
            if len(credited) >= MOSTLY * len(owners):
                role, attribution = "speech", attributions[int(np.bincount(credited).argmax())]
            else:
                role = "unattributed" if place.speech > 0 else role_without_speech(text, start, end)
        found.append(
            Quote(
                id=f"q{len(found) + 1}",
                start=start,
                end=end,
                text=text[start:end],
                role=role,
                attribution=attribution.id if attribution else None,
                speaker=attribution.speaker if attribution else None,
            )
        )
    return found


def _counted(
    speakers: Sequence[Speaker], attributions: Sequence[Attribution], quotes: Sequence[Quote], text: str
) -> list[Speaker]:
    """Fill in how much of the article is each speaker's."""
    said = {s.id: [0, 0, 0] for s in speakers}
    for attribution in attributions:
        if attribution.speaker:
            said[attribution.speaker][0] += 1
            said[attribution.speaker][2] += sum(count_words(text, c.start, c.end) for c in attribution.content)
    for quote in quotes:
        if quote.speaker and quote.role == "speech":
            said[quote.speaker][1] += 1
    return [
        msgspec.structs.replace(s, attributions=said[s.id][0], quotes=said[s.id][1], words=said[s.id][2])
        for s in speakers
    ]
