"""What a word is, and what stretches of a text are as one. One definition for every count in a report.

>>> [text_[a:b] for text_ in ["It’s 5pm."] for a, b in word_spans(text_)]
['It’s', '5pm']
"""

import hashlib
import re
from collections.abc import Iterable, Iterator

from sourcing.records import Extent

WORD = re.compile(r"\w+(?:['’]\w+)?")
LONGEST_ID = 1000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def word_spans(text: str, start: int = 0, end: int | None = None) -> Iterator[tuple[int, int]]:
    """Yield (start, end) code-point offsets of each word of text[start:end], in order."""
    for match in WORD.finditer(text, start, len(text) if end is None else end):
        yield match.span()


def sha256_of(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def join_extents(text: str, extents: Iterable[Extent]) -> str:
    """The stretches of a text, a line each; all of it when there are none."""
    return "\n".join(text[e.start : e.end] for e in extents) or text


def is_id(text: str) -> bool:
    """Can an article be called so? Up to LONGEST_ID characters on one line, as addresses and lists need it."""
    return 0 < len(text) <= LONGEST_ID and not _CONTROL.search(text)


def count_words(text: str, start: int = 0, end: int | None = None) -> int:
    """Return the number of words in text[start:end]."""
    return sum(1 for _ in word_spans(text, start, end))
