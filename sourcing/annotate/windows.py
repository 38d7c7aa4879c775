"""Cut a long sequence of pieces into overlapping windows, so that every word is seen with context on both sides.

>>> [(w.start, w.end, w.core_start, w.core_end) for w in plan_windows(100, size=60, overlap=20)]
[(0, 60, 0, 50), (40, 100, 50, 100)]
"""

from itertools import pairwise
from math import ceil
from typing import NamedTuple


class Window(NamedTuple):
    """The network reads pieces start..end; what it says of core_start..core_end is kept. Cores tile the sequence."""

    start: int
    end: int
    core_start: int
    core_end: int


def plan_windows(pieces: int, *, size: int = 256, overlap: int = 48) -> list[Window]:
    """Return windows of equal length (one shorter window when all pieces fit), overlapping by at least `overlap`."""
    if pieces <= size:
        return [Window(0, pieces, 0, pieces)] if pieces else []
    count = ceil((pieces - overlap) / (size - overlap))
    starts = [round(i * (pieces - size) / (count - 1)) for i in range(count)]
    borders = [0, *((a + size + b) // 2 for a, b in pairwise(starts)), pieces]
    return [Window(s, s + size, borders[i], borders[i + 1]) for i, s in enumerate(starts)]
