r"""Cut plain text into paragraphs: the blocks that body.py judges.

A paragraph is a line, or several when the text is hard-wrapped (typed or mailed at some 70 columns). Whether it is, the
lines themselves say: in wrapped text the next line's first word would not have fitted onto the line before.

>>> text = "One line.\n\nAnother line."
>>> [text[block.start:block.end] for block in split_paragraphs(text)]
['One line.', 'Another line.']
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal

import msgspec

Kind = Literal["line", "paragraph", "heading", "quote", "item", "cell"]

NEWLINE = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
# What never begins or ends a stretch of body: white space, byte order mark, zero-width characters.
BLANK = "".join(c for c in map(chr, range(0x3001)) if c.isspace()) + "\ufeff\u200b\u200c\u200d\u2060"
# Mail and typewriter conventions wrap between 60 and 80 columns; 55 to 100 leaves room on both sides.
WIDTHS = range(55, 101)
# Share of adjacent line pairs in which the next word would not have fitted, and in which the next line begins with a
# small letter. PolNeAR train (840 articles): medians 1.0 and 0.79 when wrapped at 60, 72 or 90 columns (recognised in
# 838, 837 and 835), 0.08 and 0 with one paragraph a line, 0.12 and 0 with one short sentence a line (taken
# for wrapped: none).
FULL = 0.6
GOES_ON = 0.3
# Wrapped text has a few longer lines: addresses, and words tied by no-break spaces (0 to 5 % of them in that trial).
LONGER = 0.05


class Block(msgspec.Struct, frozen=True):
    """A paragraph: half-open code-point offsets without surrounding white space.

    kind: "line" for plain text, else what the file's markup says it is.
    """

    start: int
    end: int
    kind: Kind = "line"


def split_paragraphs(text: str) -> tuple[Block, ...]:
    """Return the paragraphs of a plain text in order."""
    lines = list(_lines(text))
    width = _wrap_width(text, lines)
    blocks: list[Block] = []
    last = (-2, 0, 0, 0)
    for line in lines:
        number, start, end, indent = line
        if width and number == last[0] + 1 and not indent > last[3] and not _fits(text, last, line, width):
            blocks[-1] = Block(blocks[-1].start, end)
        else:
            blocks.append(Block(start, end))
        last = line
    return tuple(blocks)


def _lines(text: str) -> Iterator[tuple[int, int, int, int]]:
    """Yield (number, start, end, indent) of each line that is not blank, without its surrounding white space."""
    start = 0
    number = 0
    while start <= len(text):
        match = NEWLINE.search(text, start)
        end = match.start() if match else len(text)
        line = text[start:end]
        stripped = line.strip(BLANK)
        if stripped:
            indent = len(line) - len(line.lstrip(BLANK))
            yield number, start + indent, start + indent + len(stripped), indent
        if match is None:
            return
        start = match.end()
        number += 1


def _wrap_width(text: str, lines: list[tuple[int, int, int, int]]) -> int:
    """Return the column at which the text is hard-wrapped, 0 when it is not."""
    lengths = sorted(end - start + indent for _, start, end, indent in lines)
    width = lengths[-1 - int(LONGER * len(lengths))] if lengths else 0
    if width not in WIDTHS:
        return 0
    pairs = [(a, b) for a, b in pairwise(lines) if b[0] == a[0] + 1]
    full = sum(not _fits(text, a, b, width) for a, b in pairs)
    goes_on = sum(text[b[1]].islower() for _, b in pairs)
    return width if pairs and full >= FULL * len(pairs) and goes_on >= GOES_ON * len(pairs) else 0


def _fits(text: str, line: tuple[int, int, int, int], following: tuple[int, int, int, int], width: int) -> bool:
    """Say whether the first word of the following line would have fitted onto this one."""
    _, start, end, indent = line
    word = text[following[1] : min(following[2], following[1] + width)].split(" ", 1)[0]
    return indent + end - start + 1 + len(word) <= width
