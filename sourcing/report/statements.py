"""The whole sentences around an attribution, found without a parser.

The report carries spans, not sentences; a table for people wants what stood in the paper. A border is a stop, the
marks that close with it, white space and then something that can open a sentence. Not a border: a stop inside a
quotation, after an abbreviation ("said Dr. Ellingsen"), or a paragraph broken behind one.

>>> [text for text in _pieces("He left. “Why?” She sighed. Dr. Moe did not.", ())]
['He left.', '“Why?”', 'She sighed.', 'Dr. Moe did not.']
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from operator import attrgetter

from sourcing.records import Attribution, Extent, Report
from sourcing.report.untrusted import one_line

GAP = " […] "
LONGEST = 32_000
"""Stands between sentences of one statement that are not neighbours."""

_CLOSERS = "\"'”’»›)\\]"
_OPENERS = "\"'“‘„«‹(\\["
_BREAK = re.compile(
    rf"""(?P<blank>\n[^\S\n]*\n\s*)                                   # a paragraph ends
       | (?P<line>[^\S\n]*\n\s*)                                      # a line ends
       | (?<=[.!?…{_CLOSERS}])(?P<space>[^\S\n]+)(?=[{_OPENERS}]*[^\W_a-z])  # a sentence may end
    """,
    re.VERBOSE,
)
_STOP = re.compile(rf"[.!?…][{_CLOSERS}]*$")
_ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Mx|Dr|Prof|Rev|Hon|Fr|Sr|Jr|St|Mt|Gen|Lt|Col|Maj|Capt|Cmdr|Cpl|Sgt|Adm|Brig|Sen|Rep|Gov|Pres|"
    r"Supt|Insp|Amb|No|vs|Jan|Feb|Mar|Apr|Aug|Sept?|Oct|Nov|Dec|e\.g|i\.e)|\b[A-Z](?:\.[A-Z])*)\.$"
)


def sentence_extents(report: Report) -> tuple[Extent, ...]:
    """Return the sentences of the report's body, in order; empty when the report carries no text."""
    text = report.article.text
    if not isinstance(text, str):
        return ()
    quotes = [Extent(quote.start, quote.end) for quote in report.quotes]
    return tuple(extent for part in report.article.body for extent in _split(text, part, quotes))


def statement_of(report: Report, attribution: Attribution, sentences: Sequence[Extent] | None = None) -> str:
    """Return the sentence or sentences in which `attribution` stands, on one line.

    Every sentence that holds a piece of the content, the cue or the source; `[…]` marks sentences left out between. A text
    without full stops is one sentence, of which the first LONGEST characters are taken.
    `sentences` is `sentence_extents(report)`, to be found once for many attributions. A report without its text gives
    the spans' own texts.
    """
    spans = sorted(span for span in (*attribution.content, attribution.cue, attribution.source) if span is not None)
    text = report.article.text
    if not isinstance(text, str):
        return one_line(" ".join(span.text for span in spans))
    if sentences is None:
        sentences = sentence_extents(report)
    runs: list[tuple[int, int, int]] = []  # start, end and the number of the last sentence
    for span in spans:
        first = bisect_right(sentences, span.start, key=attrgetter("end"))
        last = bisect_left(sentences, span.end, key=attrgetter("start")) - 1
        if first > last:  # outside of every sentence: the span speaks for itself
            run = (span.start, span.end, last)
        else:
            run = (min(sentences[first].start, span.start), max(sentences[last].end, span.end), last)
        if runs and (run[0] <= runs[-1][1] or first <= runs[-1][2] + 1):
            runs[-1] = (min(runs[-1][0], run[0]), max(runs[-1][1], run[1]), max(runs[-1][2], run[2]))
        else:
            runs.append(run)
    return GAP.join(one_line(text[start : min(end, start + LONGEST)]) for start, end, _ in runs)


def _split(text: str, part: Extent, quotes: Sequence[Extent]) -> Iterator[Extent]:
    inside = _Inside(quotes)
    start = part.start
    for match in _BREAK.finditer(text, part.start, part.end):
        if not inside(match.start()) and _ends(text, start, match):
            if text[start : match.start()].strip():
                yield Extent(start, match.start())
            start = match.end()
    if text[start : part.end].strip():
        yield Extent(start, part.end)


def _ends(text: str, start: int, match: re.Match[str]) -> bool:
    before = text[max(start, match.start() - 24) : match.start()]
    if _ABBREVIATION.search(before):
        return False
    if match["line"] is not None:
        following = text[match.end() : match.end() + 1]
        return _STOP.search(before) is not None and not following.islower()
    return match["blank"] is not None or _STOP.search(before) is not None


class _Inside:
    """Whether an offset, asked in rising order, lies inside a quotation."""

    def __init__(self, quotes: Sequence[Extent]) -> None:
        self._quotes = sorted(quotes)
        self._next = 0
        self._end = 0

    def __call__(self, offset: int) -> bool:
        while self._next < len(self._quotes) and self._quotes[self._next].start < offset:
            self._end = max(self._end, self._quotes[self._next].end)
            self._next += 1
        return offset < self._end


def _pieces(text: str, quotes: Sequence[Extent]) -> Iterator[str]:
    for extent in _split(text, Extent(0, len(text)), quotes):
        yield text[extent.start : extent.end]
