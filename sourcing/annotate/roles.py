"""What a quotation is for: somebody's speech, or a scare quote, a title, a term.

Whether it is speech is learned (decode.py). What else it may be, form decides: capitals make a title, a naming word before it
("called", "dubbed", "the term") a term; the rest is distance.
"""

import re

from sourcing.records import Role

NAMING = re.compile(
    r"(?i)\b(?:called|calls|calling|call|dubbed|named|nicknamed|titled|entitled|term(?:s|ed)?|known\s+as|word|words|phrase|meaning|"
    r"means|defined\s+as|referred\s+to\s+as|labell?ed|so-called)\s*[,:]?\s*$"
)
WORK = re.compile(
    r"(?i)\b(?:titled|entitled|book|novel|film|movie|song|album|series|show|play|poem|essay|paper|article|headline\w*)\s*[,:]?\s*$"
)
SMALL = frozenset("a an the and or of in on at to for with from by as is".split())


def role_without_speech(text: str, start: int, end: int) -> Role:
    """The role of the quotation text[start:end], marks included, that nobody is credited with."""
    inside = text[start:end].strip("“”\"‘’'«»„`‹›,. ")
    words = re.findall(r"[\w’'-]+", inside)
    before = text[max(0, start - 40) : start]
    big = [w for w in words if w.lower() not in SMALL]
    capitalised = bool(big) and all(w[0].isupper() or w[0].isdigit() for w in big)
    if WORK.search(before) and words and words[0][0].isupper():
        return "title"
    if NAMING.search(before):
        return "term"
    if capitalised and len(words) >= 2:
        return "title"
    return "scare"
