"""The page of `sourcing evaluate --errors`: every mistake in its context, by kind, with what it costs.

Like html.py's pages it loads nothing, runs nothing and says so in its policy; article text goes through the same environment.
Gold is underlined and ours is boxed, and a tag at the start of each span says whose it is and what.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from typing import Any, Literal, NamedTuple

from sourcing.mistakes import KINDS, Kind, Mistake, Side, Totals, count_totals, find_mistakes
from sourcing.report.html import base_style, policy_for, render_template
from sourcing.report.passages import Mark, Piece, cut

SHOWN = 200  # cases of one part on the page; more would only be scrolled past
AROUND = 150  # code points of context before the first span and after the last
LONGEST = 400  # a stretch without a border that is longer is shown by its two ends

ROLES: tuple[Literal["source", "cue", "content"], ...] = ("source", "cue", "content")
COSTLY = ("missed", "class", "name")


class Run(NamedTuple):
    """A stretch of text with one look (class names), and the tags at its start."""

    text: str
    look: str
    tags: list[str]


class Case(NamedTuple):
    """One mistake: the article's id, the text around, and each side's speaker in words."""

    article: str
    runs: list[Run]
    gold: str
    ours: str


class Line(NamedTuple):
    """A kind or a part of one. share: of gold or ours, as `of` says; cost: what end_to_end loses; fill: the bar, 0..100."""

    title: str
    anchor: str
    amount: int
    share: float | None
    of: str
    cost: float | None
    fill: float


class Section(NamedTuple):
    """A kind of mistake: its line, and the line and the cases to be shown of each part that has any."""

    line: Line
    meaning: str
    parts: list[tuple[Line, list[Case]]]


def render_mistakes(gold: Sequence[Mapping[str, Any]], reports: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the page. `gold` and `reports` are what `evaluate` takes: plain dicts."""
    totals = count_totals(gold, reports)
    texts = {article["id"]: article["text"] for article in gold}
    by_kind: defaultdict[str, list[Mistake]] = defaultdict(list)
    for mistake in find_mistakes(gold, reports):
        by_kind[mistake.kind].append(mistake)
    most = max(map(len, by_kind.values()), default=1)
    sections = [_section(kind, by_kind[kind], totals, texts, most) for kind in KINDS]
    css = resources.files("sourcing.report").joinpath("templates/mistakes.css").read_text(encoding="utf-8")
    style = f"{base_style()}{css}"
    return render_template(
        "mistakes.html.j2",
        sections=sections,
        totals=totals,
        articles=len(gold),
        missing=sum(article["id"] not in reports for article in gold),
        lost=_cost([mistake for kind in COSTLY for mistake in by_kind[kind]], totals),
        style=style,
        policy=policy_for(style),
    )


def _section(kind: Kind, mistakes: list[Mistake], totals: Totals, texts: Mapping[str, str], most: int) -> Section:
    group = KINDS[kind]
    parts: list[tuple[Line, list[Case]]] = []
    for part, title in group.parts.items():
        held = [mistake for mistake in mistakes if mistake.part == part]
        if kind == "extra":
            held.sort(key=lambda mistake: -((mistake.ours and mistake.ours.confidence) or 0.0))
        if held:
            cases = [_case(mistake, texts[mistake.article]) for mistake in held[:SHOWN]]
            parts.append((_line(title, kind, part, held, totals, most), cases))
    return Section(_line(group.title, kind, "", mistakes, totals, most), group.meaning, parts)


def _line(title: str, kind: Kind, part: str, mistakes: list[Mistake], totals: Totals, most: int) -> Line:
    if kind == "speech":
        wholes = {"missed": (totals.gold_speech, "gold speech"), "extra": (totals.our_speech, "our speech")}
        whole, of = wholes.get(part, (0, ""))
    else:
        whole, of = (totals.ours, "ours") if kind == "extra" else (totals.gold, "gold")
    share = len(mistakes) / whole if whole else None
    cost = _cost(mistakes, totals) if kind in COSTLY else None
    anchor = f"{kind}-{part}" if part else kind
    return Line(title, anchor, len(mistakes), share, of, cost, round(100 * len(mistakes) / most, 1))


def _cost(mistakes: list[Mistake], totals: Totals) -> float | None:
    return sum(mistake.costs for mistake in mistakes) / totals.judged if totals.judged else None


def _case(mistake: Mistake, text: str) -> Case:
    gold = _words(mistake.gold, near=mistake.kind == "extra", nobody="speaker not judged")
    ours = _words(mistake.ours, near=mistake.kind == "missed", nobody="no speaker")
    marks = [*_marks(mistake.gold, "gold", len(text)), *_marks(mistake.ours, "ours", len(text))]
    return Case(mistake.article, list(_runs(text, marks)), gold, ours)


def _words(side: Side | None, *, near: bool, nobody: str) -> str:
    if side is None:
        return "nothing"
    name = side.name if side.name not in (None, "-") else None
    sure = None if side.confidence is None else f"confidence {side.confidence:.2f}"
    said = ", ".join(part for part in (name, side.speaker or nobody, side.kind, sure) if part)
    return f"nothing; nearest: {said}" if near else said


def _marks(side: Side | None, whose: str, length: int) -> Iterator[Mark]:
    for role in ROLES if side else ():
        for start, end in getattr(side, role):
            if 0 <= start < min(end, length):
                yield Mark(start, min(end, length), role, whose)


def _runs(text: str, marks: list[Mark]) -> Iterator[Run]:
    """The text from a little before the first mark to a little after the last, cut at words and at the marks' borders."""
    if not marks:
        return
    first, last = min(mark.start for mark in marks), max(mark.end for mark in marks)
    start, end = max(0, first - AROUND), min(len(text), last + AROUND)
    start = first - len(_tail(text[start:first])) if start else 0
    end = last + len(_head(text[last:end])) if end < len(text) else end
    if start:
        yield Run("… ", "", [])
    for piece in cut(marks, start, end):
        yield _run(text[piece.start : piece.end], piece)
    if end < len(text):
        yield Run(" …", "", [])


def _run(words: str, piece: Piece) -> Run:
    starting: defaultdict[tuple[str, int], set[str]] = defaultdict(set)
    look: set[str] = set()
    for mark in piece.marks:
        look |= {mark.id, mark.kind}
        if mark.start == piece.start:
            starting[mark.kind, mark.end].add(mark.id)
        if mark.id == "ours":  # where the box has its left and its right border
            look |= {"from"} if mark.start == piece.start else set()
            look |= {"to"} if mark.end == piece.end else set()
    tags = [f"{'both' if len(sides) > 1 else min(sides)}: {role}" for (role, _), sides in starting.items()]
    if len(words) > LONGEST:
        words = f"{_head(words[:AROUND])} […] {_tail(words[-AROUND:])}"
    return Run(re.sub(r"\s*\n\s*", " ¶ ", words), " ".join(sorted(look)), tags)


def _head(text: str) -> str:
    """Without the word that is cut at the end; all of a text without white space."""
    return re.sub(r"\S*\Z", "", text) or text


def _tail(text: str) -> str:
    """Without the word that is cut at the start; all of a text without white space."""
    return re.sub(r"\A\S*", "", text) or text
