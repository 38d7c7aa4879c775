"""The article as paragraphs of marked runs, in the body and out of it.

Nothing here knows HTML. Spans that nest or overlap are cut at every border; a run is a stretch with one look.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, NamedTuple

from sourcing.records import Report, SpeakerClass
from sourcing.report.cards import Card
from sourcing.report.passages import Mark, cut, marks_of
from sourcing.report.untrusted import one_line

MAX_FLAGGED = 240
"""Code points up to which a finding is overlined; a longer one (a long stretch, an article) has its flag only."""

_BLANK = re.compile(r"(?:\r?\n|\r)[^\S\r\n]*(?:(?:\r?\n|\r)\s*)+")


@dataclass(frozen=True)
class Run:
    """A stretch of text with one look.

    look: class names. speaker: the card's number, 0 for none. anchors: names that links point to, before the text.
    sources: cards to point to, after it. unclaimed: whether speech of nobody in sight ends here. flags: numbers of findings that
    start here. ends: ids of the attributions, and of the quotes that are nobody's or struck, that end here.
    """

    text: str
    look: str = ""
    speaker: int = 0
    anchors: tuple[str, ...] = ()
    sources: tuple[Card, ...] = ()
    unclaimed: bool = False
    flags: tuple[int, ...] = ()
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class Block:
    """A paragraph; `skipped` ones lie outside of the article's body."""

    runs: tuple[Run, ...]
    skipped: bool
    headline: bool = False


class _Lookup(NamedTuple):
    """What the runs of every block need: by speaker, class and card; by attribution, where its content ends; what is struck."""

    classes: dict[str, SpeakerClass]
    cards: dict[str, Card]
    ends: dict[str, int]
    struck: frozenset[str]


def article_blocks(
    report: Report, text: str, cards: dict[str, Card], struck: frozenset[str] = frozenset()
) -> Iterator[Block]:
    """Yield the paragraphs of `text` in order; `cards` by speaker id. Time grows linearly with the article.

    struck: ids of attributions and quotes that an editor says are none.
    """
    look_up = _Lookup(
        {speaker.id: speaker.class_ for speaker in report.speakers},
        cards,
        {item.id: max(span.end for span in item.content) for item in report.attributions if item.content},
        struck,
    )
    marks = marks_of(report)
    last = max(len(text) - 1, 0)
    # A finding on an empty span still needs a place for its flag.
    marks = [mark._replace(start=min(mark.start, last), end=max(mark.end, min(mark.start, last) + 1)) for mark in marks]
    stretches = list(_stretches(report, text))
    parted = _part(marks, [start for start, _, _ in stretches])
    title = one_line(report.article.title or "")
    pending: list[Mark] = []  # marks that start in white space between paragraphs wait for the next one
    started: set[tuple[str, str]] = set()
    for (start, end, skipped), found in zip(stretches, parted, strict=True):
        here = [mark for mark in found if mark.start < end]
        runs = tuple(_runs(text, start, end, [*pending, *here], look_up, started))
        pending = [mark for mark in found if mark.start >= end]
        yield Block(runs, skipped, headline=bool(title) and one_line(text[start:end]) == title)


def _stretches(report: Report, text: str) -> Iterator[tuple[int, int, bool]]:
    """The paragraphs, in the body and out of it: start, end, skipped."""
    position = 0
    parts: list[tuple[int, int, bool]] = []
    for extent in report.article.body:
        parts += [(position, extent.start, True), (extent.start, extent.end, False)]
        position = extent.end
    parts.append((position, len(text), True))
    for start, end, skipped in parts:
        at = start
        for match in _BLANK.finditer(text, start, end):
            yield from _trimmed(text, at, match.start(), skipped)
            at = match.end()
        yield from _trimmed(text, at, end, skipped)


def _trimmed(text: str, start: int, end: int, skipped: bool) -> Iterator[tuple[int, int, bool]]:
    passage = text[start:end]
    if words := passage.strip():
        start += len(passage) - len(passage.lstrip())
        yield start, start + len(words), skipped


def _part(marks: list[Mark], starts: list[int]) -> list[list[Mark]]:
    """Every mark, at each paragraph it touches."""
    parted: list[list[Mark]] = [[] for _ in starts]
    for mark in marks:
        first = max(bisect_right(starts, mark.start) - 1, 0)
        for number in range(first, bisect_right(starts, mark.end - 1)):
            parted[number].append(mark)
        if starts and mark.end <= starts[0]:
            parted[0].append(mark)
    return parted


def _runs(
    text: str, start: int, end: int, marks: list[Mark], look_up: _Lookup, started: set[tuple[str, str]]
) -> Iterator[Run]:
    early = [mark for mark in marks if mark.end <= start]
    for piece in cut(marks, start, end):
        anchors: list[str] = []
        flags: list[int] = []
        for mark in (*early, *piece.marks):
            name = "f" if mark.kind == "finding" else "a" if mark.kind == "content" else ""
            if name and (name, mark.id) not in started:
                started.add((name, mark.id))
                if name == "f":
                    flags.append(int(mark.id) + 1)
                    anchors.append(f"m{int(mark.id) + 1}")
                else:
                    anchors.append(mark.id)
        early = []
        closing = [mark for mark in piece.marks if mark.kind == "content" and look_up.ends.get(mark.id) == piece.end]
        unclaimed = [mark for mark in piece.marks if mark.kind == "quote" and mark.end == piece.end]
        unclaimed = [mark for mark in unclaimed if mark.role == "unattributed" or mark.id in look_up.struck]
        nobodys = [mark for mark in (*closing, *unclaimed) if mark.speaker not in look_up.cards]
        innermost = next((mark for mark in reversed(piece.marks) if mark.speaker), None)
        card = look_up.cards.get(innermost.speaker or "") if innermost else None
        yield Run(
            text=text[piece.start : piece.end],
            look=" ".join(_looks(piece.marks, look_up)),
            speaker=card.number if card else 0,
            anchors=tuple(anchors),
            sources=tuple(look_up.cards[mark.speaker] for mark in closing if mark.speaker in look_up.cards),
            unclaimed=any(mark.id not in look_up.struck for mark in nobodys),
            flags=tuple(flags),
            ends=tuple(mark.id for mark in (*closing, *unclaimed)),
        )


def _looks(marks: tuple[Mark, ...], look_up: _Lookup) -> Iterator[str]:
    """The class names of one piece; of nested attributions the inner one gives the colour."""
    kinds = {mark.kind: mark for mark in marks}  # the narrowest of each kind
    framed: list[Literal["content", "cue", "source"]] = ["content", "cue", "source"]
    for kind in framed:
        if kind in kinds:
            yield kind
    innermost = next((mark for mark in reversed(marks) if mark.kind in framed), None)
    if innermost:
        yield look_up.classes.get(innermost.speaker or "", "nobody")
    if any(mark.id in look_up.struck for mark in marks if mark.kind in ("content", "quote")):
        yield "struck"
    if "quote" in kinds:
        yield "quote"
        yield kinds["quote"].role
    if any(mark.kind == "finding" and mark.end - mark.start <= MAX_FLAGGED for mark in marks):
        yield "flagged"
