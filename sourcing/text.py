"""What a word is. One definition for every count in a report.

>>> [text_[a:b] for text_ in ["It’s 5pm."] for a, b in word_spans(text_)]
['It’s', '5pm']
"""

import re
from collections.abc import Iterator

WORD = re.compile(r"\w+(?:['’]\w+)?")


def word_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield (start, end) code-point offsets of each word of text[start:end], in order."""
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        yield match.span()


def count_words(text: str, start: int = 0, end: int | None = None) -> int:
    """Return the number of words in text[start:end]."""
    return sum(1 for _ in word_spans(text, start, end))
