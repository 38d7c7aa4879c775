r"""Judge which stretches of a text are the article.

Scraped text carries what stood around the article: banners, share buttons, credits, notices, a reader thread. Losing a
quote is worse than keeping a banner, so every paragraph is article text until enough speaks against it:

1. a reader thread ends the article (comments.py);
2. a paragraph of full sentences is *prose*; from the first to the last of them runs the article;
3. each paragraph collects weights: its wording (wording.py), repetition, form, and whether it lies outside that run.
   OUT or more puts it out; inside the run nothing does unless the wording does;
4. above the run only the headline and what stands close to it stays, below it only what follows at once.

>>> text = "Home\nBridge to open in May\nThe harbor bridge is to open in May, the council said.\nShare on Facebook"
>>> [text[extent.start:extent.end] for extent in judge(text).body]
['Bridge to open in May', 'The harbor bridge is to open in May, the council said.']
"""

import re
from collections import Counter
from collections.abc import Sequence

import msgspec

from sourcing.documents.comments import find_thread, is_marker
from sourcing.documents.paragraphs import Block, split_paragraphs
from sourcing.documents.wording import QUOTE_MARKS, is_byline, wording
from sourcing.records import Extent

# Weights that put a paragraph out. PolNeAR train (840 articles, 17,349 paragraphs): 3 puts out 80, all of them credits,
# pleas, dates and remains of web pages, and none of the gold content; 2 puts out 117, among them numbered headings; 4
# puts out 2.
OUT = 3
# Fewest words of a paragraph that can be prose. PolNeAR train: 90 % of the paragraphs have 8 words or more; the
# rest are mostly credits, buttons and section headings.
PROSE_WORDS = 8
# Most words of a headline. PolNeAR train: median 9, longest but one 25.
HEADLINE_WORDS = 25
# Most words of a section heading, of a line that counts as short, of a plea that cannot be a headline, and of a line
# whose repetition counts: choices, not measurements: a word more or less changes nothing on PolNeAR train.
SECTION_WORDS = 12
FEW_WORDS = 3
PLEA_WORDS = 4
REPEATED_WORDS = 12
# Headline, standfirst and four key points: more unpunctuated lines above the first sentence are a list of links.
HEAD_LINES = 6

_CLOSERS = "\"'”’»›)]}*_» 」』"
_TERMINAL = ".!?…:;,。！？；：؟।"
_WORD = re.compile(r"\w+")


class Verdict(msgspec.Struct, frozen=True):
    """What was judged of one paragraph, and by which rules.

    part: "body", "heading" (in the body too) or "furniture". reasons: (rule, weight) of all that spoke for "furniture".
    """

    start: int
    end: int
    part: str
    reasons: tuple[tuple[str, int], ...] = ()


class Judgement(msgspec.Struct, frozen=True):
    """The judge's answer: the verdicts in text order, and what follows from them."""

    verdicts: tuple[Verdict, ...]
    body: tuple[Extent, ...]
    headings: tuple[Extent, ...]
    title: str | None


class _Line(msgspec.Struct):
    """A paragraph and what can be read off it alone."""

    block: Block
    text: str
    words: int
    finished: bool
    quoted: bool
    reasons: dict[str, int]
    prose: bool
    short_key: str


def judge(text: str, blocks: Sequence[Block] | None = None) -> Judgement:
    """Judge the paragraphs of the text; `blocks` are those a reader knows from markup, in order and without overlap."""
    lines = [_look(text, block) for block in (split_paragraphs(text) if blocks is None else blocks)]
    thread = find_thread([line.text for line in lines], [line.prose for line in lines])
    article = lines if thread is None else lines[:thread]
    _weigh_repetition(lines)
    parts = _judge_article(article)
    parts += [("furniture", {"reader thread": OUT})] * (len(lines) - len(article))
    verdicts = tuple(
        Verdict(line.block.start, line.block.end, part, tuple(reasons.items()))
        for line, (part, reasons) in zip(lines, parts, strict=True)
    )
    headings = tuple(Extent(v.start, v.end) for v in verdicts if v.part == "heading")
    return Judgement(
        verdicts=verdicts,
        body=tuple(Extent(v.start, v.end) for v in verdicts if v.part != "furniture"),
        headings=headings,
        title=_title(lines, verdicts),
    )


def _look(text: str, block: Block) -> _Line:
    """Read off a paragraph what it shows by itself."""
    line = text[block.start : block.end]
    long = len(line) > 600
    words = 100 if long else len(_WORD.findall(line))
    reasons = {} if long else dict(wording(line))
    if not long and is_marker(line):
        reasons["comment section"] = OUT
    end = line.rstrip(_CLOSERS)
    finished = bool(end) and end[-1] in _TERMINAL
    quoted = block.kind == "quote" or not QUOTE_MARKS.isdisjoint(line)
    dense = words < PROSE_WORDS and len(line) >= 5 * PROSE_WORDS and not line.isascii()  # Chinese has no spaces
    prose = (
        block.kind not in ("heading", "cell")
        and finished
        and (words >= PROSE_WORDS or dense)
        and sum(reasons.values()) < OUT - 1
    )
    return _Line(
        block, line, words, finished, quoted, reasons, prose, line.casefold() if words <= REPEATED_WORDS else ""
    )


def _weigh_repetition(lines: Sequence[_Line]) -> None:
    """Add a weight to short lines that occur more than once."""
    counts = Counter(line.short_key for line in lines if line.short_key)
    for line in lines:
        if counts[line.short_key] > 1 and not line.prose and not line.finished:
            line.reasons["repeated"] = 1


def _judge_article(lines: Sequence[_Line]) -> list[tuple[str, dict[str, int]]]:
    """Return (part, reasons) for each paragraph above the thread."""
    run = [i for i, line in enumerate(lines) if line.prose]
    first, last = (run[0], run[-1]) if run else (0, len(lines) - 1)
    head = _head(lines, first)
    parts: list[tuple[str, dict[str, int]]] = []
    cut_off = False
    for i, line in enumerate(lines):
        outside = not first <= i <= last
        reasons = {} if i in head else _weigh(line, outside)
        if i < first and not line.finished and i not in head:
            reasons["above the headline"] = 2
        if i < first and is_byline(line.text):
            reasons["byline"] = OUT
        if i > last and cut_off and not line.finished:
            reasons["below the article"] = 2
        out = sum(reasons.values()) >= OUT
        cut_off = cut_off or (i > last and out)
        if out:
            parts.append(("furniture", reasons))
        elif _is_heading(lines, i, head, first, last):
            parts.append(("heading", {}))
        else:
            parts.append(("body", reasons))
    return parts


def _weigh(line: _Line, outside: bool) -> dict[str, int]:
    """Return all that speaks against a paragraph; nothing when it is inside the run and only its form does."""
    if not outside and line.reasons.keys() <= {"repeated"}:
        return {}  # a transcript repeats its speakers' names
    reasons = dict(line.reasons)
    if outside:
        reasons["outside the run of prose"] = 1
    if line.block.kind != "heading" and not line.finished:
        reasons["unfinished"] = 1
        if line.words <= FEW_WORDS:
            reasons["few words"] = 1
    if line.quoted:
        reasons["quotation marks"] = -2
    return reasons


def _head(lines: Sequence[_Line], first: int) -> set[int]:
    """Return which lines above the first prose belong to it: the headline, standfirst and key points.

    Read upwards; bylines, dates and credits are passed over, anything else with furniture's wording ends it, and so
    does a repeated line (a page that repeats its title does so in its furniture).
    """
    head: set[int] = set()
    for i in range(first - 1, -1, -1):
        line = lines[i]
        if is_byline(line.text) or not line.reasons.keys().isdisjoint(("date line", "photo credit")):
            continue
        repeated_above = "repeated" in line.reasons and i < first - 1
        furniture = sum(line.reasons.values()) > 1 or "figures only" in line.reasons
        plea = "plea" in line.reasons and line.words <= PLEA_WORDS  # "Support the Post", not "Support grows for ..."
        if repeated_above or furniture or plea or len(head) >= HEAD_LINES:
            break
        if _is_short(line) and (head or (i and _is_short(lines[i - 1]))):
            break  # a menu
        head.add(i)
    return head


def _is_short(line: _Line) -> bool:
    """Say whether a line of plain text is a few words without a full stop."""
    return line.words <= FEW_WORDS and not line.finished and line.block.kind != "heading"


def _is_heading(lines: Sequence[_Line], i: int, head: set[int], first: int, last: int) -> bool:
    """Say whether a paragraph of the body is a headline or a section heading."""
    line = lines[i]
    if line.block.kind != "line":
        return line.block.kind == "heading"
    if line.finished or not line.words or (line.quoted and line.text[0] in QUOTE_MARKS):
        return False
    if i in head:
        return line.words <= HEADLINE_WORDS
    above, below = (lines[i - 1] if i else None), (lines[i + 1] if i < last else None)
    return (
        first < i < last
        and line.words <= SECTION_WORDS
        and not line.text[0].islower()
        and above is not None
        and above.prose
        and below is not None
        and below.prose
    )


def _title(lines: Sequence[_Line], verdicts: Sequence[Verdict]) -> str | None:
    """Return the headline: the uppermost heading above the article, else a title the page repeats around it."""
    first = next((i for i, line in enumerate(lines) if line.prose), len(lines))
    for line, verdict in zip(lines[:first], verdicts, strict=False):
        if verdict.part == "heading":
            return " ".join(line.text.split())
    for line in reversed(lines[:first]):
        if set(line.reasons) == {"repeated"} and line.words > FEW_WORDS:
            return " ".join(line.text.split())
    return None
