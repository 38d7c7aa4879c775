"""What the annotator gets wrong, case by case: the cases behind the figures of evaluate.py, by its own matching.

>>> text = "Ada Quill said the ferry is late."
>>> gold = {"id": "g", "text": text, "attributions": [{"source": [[0, 9]], "cue": [[10, 14]], "content": [[15, 32]]}]}
>>> [(mistake.kind, mistake.part, mistake.article) for mistake in find_mistakes([gold], {})]
[('missed', 'indirect', 'g')]

A matched attribution can have several mistakes, each a record of its own. Missed attributions, wrong classes and wrong names
share out what `end_to_end` lacks: every gold attribution that it counts as wrong is in one of the three, once.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, NamedTuple

from sourcing.evaluate import (
    CLASSES,
    Item,
    Tally,
    Words,
    covered,
    double_quoted,
    found_spans,
    judge_passages,
    name_parts,
    overlap,
    pair_up,
    same_name,
    same_source,
    score_article,
)

Kind = Literal["missed", "extra", "source", "class", "name", "borders", "cue", "speech"]
Spans = tuple[tuple[int, int], ...]

CLOSE = 0.8  # content off by a word in five; one in nine of the matched pairs of the held-out PolNeAR articles is below
WHOLLY = 0.9  # share of content in quotation marks from which it is quoted, not partly; as in the annotator
PRONOUNS = frozenset(
    "i me my we us our you your he him his himself she her hers herself they them their themselves it its who whom whose "
    "this that these those one both".split()
)


class Group(NamedTuple):
    """A kind of mistake for people: `parts` are what it is split into, by key, in the order of the page."""

    title: str
    meaning: str
    parts: Mapping[str, str]


_MANNERS = {"quoted": "quoted", "partly": "partly quoted", "indirect": "indirect", "sourceless": "without a source"}
_WHOLE = {"": "all"}
_MANNER_OF_KIND = {"direct": "quoted", "mixed": "partly", "indirect": "indirect"}

KINDS: Mapping[Kind, Group] = {
    "missed": Group("Missed attributions", "In gold; nothing of ours shares half of the content’s words.", _MANNERS),
    "extra": Group("False alarms", "Ours; matched to nothing in gold. The surest first.", _MANNERS),
    "source": Group("Source wrong", "Matched, but the sources share no word, or one side has none.", _WHOLE),
    "class": Group(
        "Class wrong",
        "Matched, but the speaker’s class is another, or we have none.",
        {f"{a}-{b}": f"{a} → {b}" for a in CLASSES for b in (*CLASSES, "none") if a != b},
    ),
    "name": Group(
        "Name wrong",
        "Named on both sides, but not the same person; by what the source is in gold.",
        {"pronoun": "pronoun", "name": "name", "description": "description", "sourceless": "without a source"},
    ),
    "borders": Group("Borders", f"Matched, but the contents’ intersection over union is below {CLOSE}.", _WHOLE),
    "cue": Group("Cue differs", "Matched, but the cues are not the same words.", _WHOLE),
    "speech": Group(
        "Quotations",
        "Passages in double quotes: somebody’s speech, or not.",
        {"missed": "speech judged not speech", "extra": "not speech, judged speech"},
    ),
}


@dataclass(frozen=True, kw_only=True)
class Side:
    """A case as gold or as the report has it. Spans are (start, end) in code points of the article's text.

    speaker, name: the speaker's class and name, None where not judged or not found. kind: the report's own word, `direct`,
    `mixed` or `indirect`, or a quotation's role. confidence: 0..1. Both are None in gold.
    """

    content: Spans
    cue: Spans = ()
    source: Spans = ()
    speaker: str | None = None
    name: str | None = None
    kind: str | None = None
    confidence: float | None = None


@dataclass(frozen=True, kw_only=True)
class Mistake:
    """One mistake. `kind` and `part` are keys of KINDS and of its parts; `article` is the article's id.

    gold, ours: both sides; of a missed attribution and a false alarm, the other side is the one that shares the most words of
    content, or None; of a quotation, content is the passage. costs: whether `end_to_end` loses this attribution by it.
    """

    kind: Kind
    part: str
    article: str
    gold: Side | None
    ours: Side | None
    costs: bool = False


class Totals(NamedTuple):
    """What the mistakes are shares of: attributions in gold, ours, and of `end_to_end`; passages of speech in gold, and ours."""

    gold: int
    ours: int
    judged: int
    gold_speech: int
    our_speech: int


def find_mistakes(gold: Iterable[Mapping[str, Any]], reports: Mapping[str, Mapping[str, Any]]) -> list[Mistake]:
    """Return every mistake, article by article. `gold` and `reports` are what `evaluate` takes: plain dicts."""
    return [mistake for article in gold for mistake in _mistakes_of(article, reports.get(article["id"], {}))]


def count_totals(gold: Iterable[Mapping[str, Any]], reports: Mapping[str, Mapping[str, Any]]) -> Totals:
    """Return what `evaluate` counts."""
    tally = Tally()
    for article in gold:
        score_article(article, reports.get(article["id"], {}), tally)
    (_, ours, theirs), (_, our_speech, speech) = tally.hits["attribution"], tally.hits["speech"]
    return Totals(theirs, ours, tally.shares["end_to_end"][1], speech, our_speech)


def _mistakes_of(gold: Mapping[str, Any], report: Mapping[str, Any]) -> Iterator[Mistake]:
    text, id = gold["text"], gold["id"]
    pairing = pair_up(gold, report)
    words, golden, found, pairs = pairing
    right = set(pairs.values())
    theirs = [_gold_side(plain, item) for plain, item in zip(gold["attributions"], golden, strict=True)]
    ours = [_our_side(plain, item) for plain, item in zip(report.get("attributions", []), found, strict=True)]
    marked = [(q["start"], q["end"]) for q in report.get("quotes", [])]  # other styles of mark than double ones
    quoted = covered(words, [*double_quoted(text), *marked])
    for n, item in enumerate(golden):
        if n in pairs:
            source = " ".join(text[a:b] for a, b in theirs[n].source)
            for kind, part in _faults(item, found[pairs[n]], source):
                costs = kind in ("class", "name")
                yield Mistake(kind=kind, part=part, article=id, gold=theirs[n], ours=ours[pairs[n]], costs=costs)
        else:
            part, near, judged = _manner(item, quoted, None), _nearest(item, found, ours), item.speaker is not None
            yield Mistake(kind="missed", part=part, article=id, gold=theirs[n], ours=near, costs=judged)
    for n, item in enumerate(found):
        if n not in right:
            part = _manner(item, quoted, ours[n].kind)
            yield Mistake(kind="extra", part=part, article=id, gold=_nearest(item, golden, theirs), ours=ours[n])
    speakers = {s["id"]: s for s in report.get("speakers", [])}
    for start, end, owner, quote in judge_passages(text, pairing, report):
        if owner is not None and quote is None:
            other = next((q for q in report.get("quotes", []) if q["start"] < end and start < q["end"]), None)
            side = Side(content=((start, end),), speaker=golden[owner].speaker, name=golden[owner].name)
            yield Mistake(kind="speech", part="missed", article=id, gold=side, ours=_quote_side(other, speakers))
        elif owner is None and quote is not None:
            yield Mistake(kind="speech", part="extra", article=id, gold=None, ours=_quote_side(quote, speakers))


def _faults(gold: Item, ours: Item, source: str) -> Iterator[tuple[Kind, str]]:
    """What is wrong with a matched attribution; `source` is gold's, as text."""
    if not same_source(gold, ours):
        yield "source", ""
    if gold.speaker and ours.speaker != gold.speaker:
        yield "class", f"{gold.speaker}-{ours.speaker if ours.speaker in CLASSES else 'none'}"
    elif gold.speaker == "named" and not same_name(gold.name, ours.name):
        yield "name", _form(source, gold.name)
    if overlap(gold.content, ours.content) < CLOSE:
        yield "borders", ""
    if gold.cue != ours.cue:
        yield "cue", ""


def _form(source: str, name: str | None) -> str:
    words = source.lower().split()
    if not words:
        return "sourceless"
    if PRONOUNS.issuperset(word.strip(",.") for word in words):
        return "pronoun"
    return "description" if set(name_parts(name or "")).isdisjoint(name_parts(source)) else "name"


def _manner(item: Item, quoted: Words, kind: str | None) -> str:
    """Which part of the missed, or of the false alarms; by the report's own `kind`, else by the words in quotation marks."""
    if not item.source:
        return "sourceless"
    if kind in _MANNER_OF_KIND:
        return _MANNER_OF_KIND[kind]
    share = len(item.content & quoted) / len(item.content) if item.content else 0.0
    return "quoted" if share >= WHOLLY else "partly" if share > 0 else "indirect"


def _nearest(item: Item, others: list[Item], sides: list[Side]) -> Side | None:
    shared = [len(item.content & other.content) for other in others]
    return sides[shared.index(max(shared))] if any(shared) else None


def _gold_side(plain: Mapping[str, Any], item: Item) -> Side:
    content, cue, source = (tuple((a, b) for a, b in plain[role]) for role in ("content", "cue", "source"))
    return Side(content=content, cue=cue, source=source, speaker=item.speaker, name=item.name)


def _our_side(plain: Mapping[str, Any], item: Item) -> Side:
    content, cue, source = (tuple(found_spans(plain, role)) for role in ("content", "cue", "source"))
    known = {"kind": plain.get("kind"), "confidence": plain.get("confidence")}
    return Side(content=content, cue=cue, source=source, speaker=item.speaker, name=item.name, **known)


def _quote_side(quote: Mapping[str, Any] | None, speakers: Mapping[str, Any]) -> Side | None:
    if quote is None:
        return None
    speaker = speakers.get(quote.get("speaker") or "") or {}
    extent = ((quote["start"], quote["end"]),)
    return Side(content=extent, speaker=speaker.get("class"), name=speaker.get("name"), kind=quote["role"])
