"""A report's spans laid over its text: cut at every border, so that nested and overlapping ones come out right.

>>> [(piece.start, piece.end, [mark.kind for mark in piece.marks])
...  for piece in cut([Mark(0, 6, "quote"), Mark(4, 9, "content")], 0, 9)]
[(0, 4, ['quote']), (4, 6, ['quote', 'content']), (6, 9, ['content'])]
"""

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

from sourcing.records import Report

MarkKind = Literal["content", "cue", "source", "quote", "finding"]


class Mark(NamedTuple):
    """One span to be shown: what it is, whose, and which record it belongs to.

    id: the attribution's, the quote's, or the number of the finding. speaker: the speaker's id. role: a quote's.
    """

    start: int
    end: int
    kind: MarkKind
    id: str = ""
    speaker: str | None = None
    role: str = ""


class Piece(NamedTuple):
    """A stretch in which the same marks hold throughout; the widest mark first."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def marks_of(report: Report) -> list[Mark]:
    """Return every span of the report that the text is to show, in no order."""
    marks: list[Mark] = []
    for attribution in report.attributions:
        of = (attribution.id, attribution.speaker)
        marks += [Mark(span.start, span.end, "content", *of) for span in attribution.content]
        if attribution.cue:
            marks.append(Mark(attribution.cue.start, attribution.cue.end, "cue", *of))
        if attribution.source:
            marks.append(Mark(attribution.source.start, attribution.source.end, "source", *of))
    marks += [Mark(quote.start, quote.end, "quote", quote.id, quote.speaker, quote.role) for quote in report.quotes]
    marks += [
        Mark(finding.start, finding.end, "finding", str(number), finding.speaker)
        for number, finding in enumerate(report.findings)
    ]
    return marks


def cut(marks: Iterable[Mark], start: int, end: int) -> Iterator[Piece]:
    """Yield the pieces of [start, end) in order, without gap; time grows with marks times depth, not marks squared."""
    waiting = sorted((mark for mark in marks if max(mark.start, start) < min(mark.end, end)), key=_wide)
    borders = sorted({start, end, *(min(max(edge, start), end) for mark in waiting for edge in (mark.start, mark.end))})
    holding: list[Mark] = []
    position = 0
    for left, right in pairwise(borders):
        holding = [mark for mark in holding if mark.end > left]
        while position < len(waiting) and waiting[position].start <= left:
            holding.append(waiting[position])
            position += 1
        yield Piece(left, right, tuple(sorted(holding, key=lambda mark: mark.start - mark.end)))


def _wide(mark: Mark) -> tuple[int, int]:
    return mark.start, -mark.end
