"""Organizations, outlets and documents as speakers: which body a mention names, and which names are one body.

"A spokeswoman for the Harbour Trust", "the trust’s website" and "the Harbour Trust" are one voice; so are "Strand Broadcasting
Company" and "SBC".
"""

import re
from collections.abc import Sequence

from sourcing.records import Span

SPOKESPERSON = re.compile(r"(?i)\bspokes\w+")
# Nouns for what a body says or how it says it; the body behind "reports from X" is X, that behind "X’s website" too.
VOICE = re.compile(
    r"(?i)\b(?:spokes\w+|statements?|reports?|press\s+release|release|website|account|lawyers?|attorneys?|officials?)$"
)
CLAUSE = re.compile(r"[,;(—]|\b(?:that|which|who|released|published|obtained|issued|during|at\s+the\s+time)\b")
SMALL = frozenset(("of", "the", "for", "and", "on", "in", "de", "la"))


def institution_name(mention: Span, bodies: Sequence[Span]) -> str:
    """The body behind a mention; `bodies` are the names of organizations and places within it.

    A report or poll keeps its own name where it has one ("the Westmere poll"), and takes its author's where not.
    """
    head = undetermined(CLAUSE.split(mention.text)[0])
    before, link, after = _split_at_preposition(head)
    if link and VOICE.search(before) and (is_proper(after) or not is_proper(before)):
        inside = [b.text for b in bodies if b.text in after]
        return inside[0] if inside else undetermined(after)
    if VOICE.search(head):
        inside = [b.text for b in bodies if b.text in head]
        if inside:
            return inside[0]
    return head


def _split_at_preposition(head: str) -> tuple[str, str, str]:
    match = re.search(r"\s(?:for|of|from|at|by|with)\s", head)
    return (head[: match.start()], match.group(), head[match.end() :]) if match else (head, "", "")


def speaks_for(mention: Span, bodies: Sequence[Span]) -> bool:
    """Is the mention a nameless spokesperson of a body that it names?"""
    return bool(SPOKESPERSON.search(CLAUSE.split(mention.text)[0]) and bodies)


def is_definite(mention: str) -> bool:
    """Does the mention point back ("the channel", "that report", "its report")?"""
    return bool(re.match(r"(?i)(?:the|that|this|these|those|its|their)\s", mention))


def is_proper(name: str) -> bool:
    """Is there a capitalised word, or one with capitals inside?"""
    return any(c.isupper() for c in name)


def undetermined(text: str) -> str:
    """The phrase without determiners before it and stray marks around it; the phrase itself when nothing is left.

    >>> undetermined("the Harbour Trust,")
    'Harbour Trust'
    """
    plain = re.sub(r"^(?:(?:an?|the|this|that|its|their|his|her)\s+)+", "", text.strip(), flags=re.IGNORECASE)
    return plain.strip(' ,.“”"‘') or text.strip()


def same_body(a: str, b: str) -> bool:
    """One name, a leading or trailing part of the other, or its acronym.

    >>> same_body("Harbour Trust", "the Harbour Trust"), same_body("SBC", "Strand Broadcasting Company")
    (True, True)
    """
    x, y = (re.sub(r"['’]s\b|['’]$|[.]", "", undetermined(n)).lower().split() for n in (a, b))
    if not x or not y:
        return False
    short, long = sorted((x, y), key=len)
    if short in (long[: len(short)], long[-len(short) :]):
        return True
    initials = "".join(w[0] for w in long if w not in SMALL)
    return len(short) == 1 and len(long) > 1 and short[0] == initials
