"""Pair quotation marks: which stretches of the text stand in quotes.

Marks are a closed class, so this is done by rule and not learned: straight and curly, double and single, « », „ “, ``…'',
‹ › and corner brackets, nested, over several paragraphs, unbalanced. A mark that pairs with nothing never loses the
article: a passage left open ends with its paragraph, a stray closing mark is only reported.

>>> text = "‘It is IS’s base,’ he said."
>>> [text[p.start:p.end] for p in pair_marks(text, [(0, len(text))]).passages]
['‘It is IS’s base,’']

Double marks are paired first, sequentially; single ones after that, since a single mark may be an apostrophe and the
decision needs all candidates up to the next opening mark. Each step looks at a mark once or scans only to the next
opening mark, so the time is linear in the length of the text.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import NamedTuple

DOUBLE = re.compile(r"``|''|[“”„‟\"«»「」『』＂〝〞]")
SINGLE = re.compile(r"[‘’‚‛'‹›`]")
OPENING_BRACKETS = "([{<"
DASHES = "-–—―/…"
CLOSING_PUNCTUATION = ".,;:!?)]}>…"
LOW_OPENERS = "„‚"


class Passage(NamedTuple):
    """A quoted stretch. parts: one (start, end) a paragraph, marks included, in order; closed: its last mark was found.

    nested: it lies inside another passage. marks: offsets of the marks (opening, reopening, closing) as (start, end).
    """

    parts: tuple[tuple[int, int], ...]
    closed: bool
    nested: bool
    marks: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        """Where its first mark stands."""
        return self.parts[0][0]

    @property
    def end(self) -> int:
        """Behind its last mark, or where its last paragraph ends."""
        return self.parts[-1][1]


class Pairing(NamedTuple):
    """passages: by start. unbalanced: marks that open or close nothing, as (start, end), in order."""

    passages: list[Passage]
    unbalanced: list[tuple[int, int]]


class _Open:
    """A passage being read."""

    def __init__(self, start: int, end: int) -> None:
        self.parts: list[tuple[int, int]] = []
        self.part_start = start
        self.first = (start, end)
        self.marks = [(start, end)]

    def close(self, start: int, end: int, *, closed: bool) -> Passage:
        if closed:
            self.marks.append((start, end))
        return Passage((*self.parts, (self.part_start, end)), closed, False, tuple(self.marks))


def pair_marks(text: str, paragraphs: Sequence[tuple[int, int]]) -> Pairing:
    """Return the quoted passages of the paragraphs, given as (start, end) offsets in order, and the marks left over."""
    doubles, stray_doubles = _pair_double(text, paragraphs)
    singles, stray_singles = _pair_single(text, paragraphs, doubles)
    passages = _mark_nested(sorted(doubles + singles, key=lambda p: (p.start, -p.end)))
    return Pairing(passages, sorted(stray_doubles + stray_singles))


def _before(text: str, position: int, floor: int) -> str:
    return text[position - 1] if position > floor else "\n"


def _after(text: str, position: int, ceiling: int) -> str:
    return text[position] if position < ceiling else "\n"


def _opens_after(char: str) -> bool:
    """Can a quotation open after this character?"""
    return char.isspace() or char in OPENING_BRACKETS or char in DASHES or char in "“”„\"«‘'‚‹"


def _closes_before(char: str) -> bool:
    """Can a quotation close before this character?"""
    return char.isspace() or char in CLOSING_PUNCTUATION or char in DASHES or char in "”\"»’'›“"


# ---------------------------------------------------------------------------------------------------- double marks


def _pair_double(text: str, paragraphs: Sequence[tuple[int, int]]) -> tuple[list[Passage], list[tuple[int, int]]]:
    done: list[Passage] = []
    stray: list[tuple[int, int]] = []
    stack: list[_Open] = []
    for number, (start, end) in enumerate(paragraphs):
        marks = [m.span() for m in DOUBLE.finditer(text, start, end)]
        reopening = bool(stack)
        for index, (a, b) in enumerate(marks):
            if reopening and not text[start:a].strip() and _double_role(text, a, b, start, end, stack) != "close":
                stack[-1].marks.append((a, b))  # the mark that every paragraph of a long quotation repeats
                stack[-1].part_start = a
                reopening = False
                continue
            reopening = False
            role = _double_role(text, a, b, start, end, stack)
            if role == "open":
                if stack and not _is_nested(text, marks, index, start, end, stack):
                    lost = stack.pop()
                    stray.append(lost.first)
                    done.append(lost.close(a, _rstrip(text, lost.part_start, a), closed=False))
                stack.append(_Open(a, b))
            elif role == "close" and stack:
                done.append(stack.pop().close(a, b, closed=True))
            elif role == "close":
                stray.append((a, b))
        while len(stack) > 1:  # a nested passage never crosses a paragraph
            lost = stack.pop()
            stray.append(lost.first)
            done.append(lost.close(end, end, closed=False))
        if stack:
            current = stack[0]
            if number + 1 < len(paragraphs) and _goes_on(text, paragraphs[number + 1]):
                current.parts.append((current.part_start, end))
                current.part_start = paragraphs[number + 1][0]
            else:
                stack.pop()
                stray.append(current.first)
                done.append(current.close(end, end, closed=False))
    return done, stray


def _double_role(text: str, a: int, b: int, start: int, end: int, stack: list[_Open]) -> str:
    """What the double mark text[a:b] does: "open", "close" or "none"."""
    mark, before, after = text[a:b], _before(text, a, start), _after(text, b, end)
    can_open, can_close = _opens_after(before) and not after.isspace(), _closes_before(after) and not before.isspace()
    opener = text[slice(*stack[-1].first)] if stack else ""
    if mark in ("„", "「", "『", "〝", "``", "‟"):
        return "open"
    if mark in ("」", "』", "〞"):
        return "close"
    if mark in "«»":
        if opener in ("«", "»"):
            return "close" if mark != opener else "open"
        return "open" if mark == "«" or can_open else "close"
    if mark == "“":
        return "close" if opener and (opener in LOW_OPENERS or (can_close and not can_open)) else "open"
    if mark == "”":
        return "close" if stack or not can_open or can_close else "open"
    if stack:
        return "open" if can_open and not can_close and opener not in ("``",) else "close"
    if mark == "''" and not can_open:
        return "none"  # two apostrophes
    if before.isdigit() and not can_open:
        return "none"  # inches, seconds of arc
    return "open" if can_open or not can_close else "close"


def _is_nested(text: str, marks: list[tuple[int, int]], index: int, start: int, end: int, stack: list[_Open]) -> bool:
    """Is the opening mark at `index`, met inside an open passage, a quotation within it? Or was a closing mark forgotten?

    Nested when two closing marks follow before the next opening one, or the marks are of another style.
    """
    a, b = marks[index]
    if text[a:b] != text[slice(*stack[-1].first)]:
        return True
    following = [_double_role(text, *span, start, end, [*stack, _Open(a, b)]) for span in marks[index + 1 : index + 3]]
    return following == ["close", "close"] and len(stack) < 4


def _goes_on(text: str, paragraph: tuple[int, int]) -> bool:
    """Does a passage left open go on in this paragraph: reopened at its start, or closed in it by a mark of its own?"""
    start, end = paragraph
    first = DOUBLE.search(text, start, end)
    if first is None:
        return False
    a, b = first.span()
    if not text[start:a].strip():
        return not _after(text, b, end).isspace()
    return _double_role(text, a, b, start, end, []) == "close"


def _rstrip(text: str, start: int, end: int) -> int:
    while end > start + 1 and text[end - 1].isspace():
        end -= 1
    return end


# ---------------------------------------------------------------------------------------------------- single marks


def _pair_single(
    text: str, paragraphs: Sequence[tuple[int, int]], doubles: list[Passage]
) -> tuple[list[Passage], list[tuple[int, int]]]:
    done: list[Passage] = []
    stray: list[tuple[int, int]] = []
    areas = _Areas(doubles)
    pending: _Open | None = None  # a passage left open by the paragraph before
    for number, (start, end) in enumerate(paragraphs):
        marks = _single_marks(text, start, end, areas)
        last_opening = max((m.at for m in marks if m.opens), default=-1)
        index = 0
        if pending is not None:
            if marks and marks[0].opens and not text[start : marks[0].at].strip():
                pending.marks.append((marks[0].at, marks[0].at + 1))
                index = 1
            close = _closing(text, marks, index, areas.inside(pending.first[0]))
            if close is not None:
                at = marks[close].at
                done.append(pending.close(at, at + 1, closed=True))
                pending, index = None, close + 1
        while pending is None and index < len(marks):
            mark = marks[index]
            index += 1
            if not mark.opens:
                continue
            close = _closing(text, marks, index, mark.area)
            if close is not None:
                done.append(_Open(mark.at, mark.at + 1).close(marks[close].at, marks[close].at + 1, closed=True))
                index = close + 1
                continue
            if mark.area is None and mark.at == last_opening and text[mark.at] != "`":
                pending = _Open(mark.at, mark.at + 1)
        if pending is None:
            continue
        if number + 1 < len(paragraphs) and _single_goes_on(text, paragraphs[number + 1], areas, pending):
            pending.parts.append((pending.part_start, end))
            pending.part_start = paragraphs[number + 1][0]
        else:
            if _is_real_opening(text, pending.first[0], end):
                stray.append(pending.first)
                done.append(pending.close(end, end, closed=False))
            pending = None
    return done, stray


class _Single(NamedTuple):
    """A single mark that is no apostrophe inside a word. strength: how sure it closes, 0 (never) to 3; area: the
    double-quoted part that it lies in."""

    at: int
    opens: bool
    strength: int
    area: int | None


class _Areas:
    """Looks up in which double-quoted part an offset lies; asked in ascending order within a paragraph."""

    def __init__(self, passages: list[Passage]) -> None:
        self.parts = sorted(part for p in passages for part in p.parts)
        self.starts = [a for a, _ in self.parts]

    def inside(self, offset: int) -> int | None:
        index = bisect_right(self.starts, offset) - 1
        for number in range(index, max(-1, index - 3), -1):  # nested parts start later, so look back a little
            if self.parts[number][1] > offset:
                return number
        return None


def _single_marks(text: str, start: int, end: int, areas: _Areas) -> list[_Single]:
    found = []
    for match in SINGLE.finditer(text, start, end):
        at = match.start()
        char, before, after = text[at], _before(text, at, start), _after(text, at + 1, end)
        if before.isalnum() and after.isalnum():
            continue  # don’t
        if "`" in (before, after) or (char == "'" and "'" in (before, after)):
            continue  # part of ``…''
        starts_word = _opens_after(before) and not after.isspace() and after not in ".,;:!?)]"
        opens = starts_word and (char in "‘‚‛‹`'" or (char == "›" and before.isspace()))
        strength = 0
        if char in "’'›‘" and not before.isspace() and not (opens and before not in ".,!?…"):
            if before in '.,!?…;:”")—–':
                strength = 3
            elif before.isalnum() and not after.isalnum():
                follows = text[at + 1 : at + 3].strip()[:1]
                possessive = before in "sS" and after.isspace() and (follows.islower() or follows.isupper())
                dropped = text[max(start, at - 2) : at].lower() == "in" and after.isspace()
                strength = 1 if possessive or dropped else 2
        if char == "‘" and strength and not (before.isalnum() or before in ".,!?…"):
            strength = 0
        if opens or strength:
            found.append(_Single(at, opens, strength, areas.inside(at)))
    return found


def _closing(text: str, marks: list[_Single], index: int, area: int | None) -> int | None:
    """The index of the mark that closes a passage opened before marks[index], or None.

    Candidates end with the next opening mark. A plural possessive (the groups’ base) closes only when nothing
    better follows, or when the words so far are few and look like a term rather than a sentence.
    """
    weak: int | None = None
    begin = marks[index - 1].at + 1 if index else marks[0].at + 1 if marks else 0
    for number in range(index, len(marks)):
        mark = marks[number]
        if mark.area != area:
            if area is not None and (mark.area is None or mark.area > area):
                break  # behind the double-quoted part that the passage opened in
            continue
        if mark.strength >= 2:
            return number if weak is None or not _is_term(text, begin, marks[weak].at, mark.at) else weak
        if mark.strength == 1 and weak is None:
            weak = number
        if mark.opens and not mark.strength:
            break
    return weak


def _is_term(text: str, begin: int, weak: int, strong: int) -> bool:
    """Do the words up to the weak mark look like a term in quotes, with the strong mark a sentence further on?"""
    few = not text[begin : begin + 1].isupper() and text.count(" ", begin, weak) < 4
    return few and text.find(". ", weak, strong) >= 0


def _is_real_opening(text: str, at: int, end: int) -> bool:
    """Is this unmatched opening mark a quotation left open rather than an apostrophe (’90s, ’em, 'Tis)?"""
    words = text[at + 1 : min(end, at + 200)].split()
    return text[at] != "'" and text[at + 1 : at + 2].isupper() and len(words) >= 3


def _single_goes_on(text: str, paragraph: tuple[int, int], areas: _Areas, pending: _Open) -> bool:
    start, end = paragraph
    marks = _single_marks(text, start, end, areas)
    if not marks:
        return False
    area = areas.inside(pending.first[0])
    if marks[0].opens and not text[start : marks[0].at].strip():
        return True
    for mark in marks:
        if mark.area == area:
            return not mark.opens and mark.strength >= 2
    return False


# -------------------------------------------------------------------------------------------------------- nesting


def _mark_nested(passages: list[Passage]) -> list[Passage]:
    """Set `nested` on passages that lie inside another; passages come sorted by start, longest first."""
    result: list[Passage] = []
    reach = -1
    for passage in passages:
        inside = passage.end <= reach
        result.append(passage._replace(nested=inside) if inside else passage)
        reach = max(reach, passage.end)
    return result
