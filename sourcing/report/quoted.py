"""Who says what: the passages in quotation marks, as they stand in the text, where an output cannot show the article.

A passage is one attribution with quoted words, or speech that nobody is credited with. Paraphrases are left to the
page.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from sourcing.records import Attribution, Report, Speaker
from sourcing.report.passages import Mark, cut
from sourcing.report.untrusted import one_line, visible

MAX_GAP = 60
"""Code points of narration shown between two pieces of one attribution; longer ones become an ellipsis."""

Part = Literal["said", "frame", "between"]


class Passage(NamedTuple):
    """A passage: where it starts, who speaks (None: nobody in sight), and its pieces in the order of the text.

    parts: text with what it is: `said` is attributed content, `frame` the cue or the source, `between` the rest.
    """

    start: int
    speaker: Speaker | None
    parts: tuple[tuple[str, Part], ...]


def quoted_passages(report: Report) -> list[Passage]:
    """Return the passages in the order of the text."""
    speakers = {speaker.id: speaker for speaker in report.speakers}
    passages = [
        Passage(min(span.start for span in item.content), speakers.get(item.speaker or ""), tuple(_parts(report, item)))
        for item in report.attributions
        if item.content and item.kind != "indirect"
    ]
    passages += [
        Passage(quote.start, speakers.get(quote.speaker or ""), ((one_line(quote.text), "said"),))
        for quote in report.quotes
        if quote.role == "unattributed"
    ]
    return sorted(passages, key=lambda passage: passage.start)


def paraphrases(report: Report) -> int:
    """Return how many attributions have no quoted word."""
    return sum(item.kind == "indirect" for item in report.attributions)


def _parts(report: Report, item: Attribution) -> Iterator[tuple[str, Part]]:
    text = report.article.text
    if not isinstance(text, str):
        yield " … ".join(one_line(span.text) for span in item.content), "said"
        return
    marks = [Mark(span.start, span.end, "content") for span in item.content]
    marks += [Mark(span.start, span.end, "cue") for span in (item.cue, item.source) if span is not None]
    for piece in cut(marks, min(mark.start for mark in marks), max(mark.end for mark in marks)):
        kinds = {mark.kind for mark in piece.marks}
        words = visible(text[piece.start : piece.end])
        lead, tail = words[:1].isspace(), words[-1:].isspace()
        line = " ".join(words.split())
        words = f"{' ' * lead}{line}{' ' * (tail and bool(line))}"
        if "content" in kinds:
            yield words, "said"
        elif kinds:
            yield words, "frame"
        else:
            yield (words if len(words) <= MAX_GAP else " … "), "between"
