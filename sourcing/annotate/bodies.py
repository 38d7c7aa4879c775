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
CLAUSE = re.compile(r"[,;(—]|(?<=\w)\s+(?:that|which|who|released|published|obtained|issued|during|at\s+the\s+time)\b")
LONGEST_NAME = 6  # words; what is longer says more than the name
SMALL = frozenset(("of", "the", "for", "and", "on", "in", "de", "la"))


def institution_name(mention: Span, bodies: Sequence[Span]) -> str:
    """The body behind a mention; `bodies` are the names of organizations and places within it.

    A report or poll keeps its own name where it has one ("the Westmere poll"), and takes its author's where not.
    """
    head = _head(mention.text)
    before, link, after = _split_at_preposition(head)
    if link and VOICE.search(before) and (is_proper(after) or not is_proper(before)):
        inside = [b.text for b in bodies if b.text in after]
        return undetermined(after) if len(after.split()) <= LONGEST_NAME or not inside else inside[0]
    if VOICE.search(head):
        inside = [b.text for b in bodies if b.text in head]
        if inside:
            return inside[0]
    return head


def _head(mention: str) -> str:
    """The noun phrase of a mention, without determiner and without the clause that follows it."""
    plain = " ".join(undetermined(mention).split())
    return undetermined(CLAUSE.split(plain, maxsplit=1)[0]) or plain


def _split_at_preposition(head: str) -> tuple[str, str, str]:
    match = re.search(r"\s(?:for|of|from|at|by|with)\s", head)
    return (head[: match.start()], match.group(), head[match.end() :]) if match else (head, "", "")


def speaks_for(mention: Span, bodies: Sequence[Span]) -> bool:
    """Is the mention a spokesperson of a body that it names, or of "the trust"?"""
    head = _head(mention.text)
    return bool(SPOKESPERSON.search(head) and (bodies or re.search(r"\sfor\s+\w", head)))


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


class Bodies:
    """The named bodies met so far, found again under a part of the name or its acronym.

    A body is a key (type, name). A single word finds a longer name only as its first word ("Strand" after "Strand TV") or its
    acronym; several words also as its end ("Westmere Courier" after "The Westmere Courier").
    """

    def __init__(self) -> None:
        self._by_name: dict[str, tuple[int, str]] = {}
        self._by_short: dict[str, tuple[int, str]] = {}
        self._by_noun: dict[str, tuple[int, str]] = {}
        self._last: dict[int | None, tuple[int, str]] = {}

    def find(self, name: str) -> tuple[int, str] | None:
        """The body that a name stands for, or None."""
        words = _plain_words(name)
        whole = " ".join(words)
        longer = (self._by_name[form] for form in _short_forms(words) if form in self._by_name)
        return self._by_name.get(whole) or self._by_short.get(whole) or next(longer, None)

    def add(self, body: tuple[int, str]) -> None:
        """Remember a body as named last."""
        words = _plain_words(body[1])
        self._by_name.setdefault(" ".join(words), body)
        for form in _short_forms(words):
            self._by_short.setdefault(form, body)
        if words:
            self._by_noun[words[-1]] = body
        self._last[body[0]] = self._last[None] = body

    def ending_in(self, name: str) -> tuple[int, str] | None:
        """The body named last whose name ends in the common noun of `name`: "the trust" after "Harbour Trust"."""
        return self._by_noun.get((_plain_words(name) or [""])[-1])

    def last(self, kind: int | None) -> tuple[int, str] | None:
        """The body named last, of a type or (None) of any."""
        return self._last.get(kind)


def _plain_words(name: str) -> list[str]:
    return re.sub(r"['’]s\b|['’](?=\s|$)|[.]", "", undetermined(name)).lower().split()


def _short_forms(words: list[str]) -> list[str]:
    """What a name of several words may be called for short: its first word, all but the first, its acronym."""
    if len(words) < 2:
        return []
    acronym = "".join(w[0] for w in words if w not in SMALL)
    forms = [" ".join(words[1:])] if len(words) > 2 else []
    return [*forms, *([words[0]] if len(words[0]) > 3 else []), *([acronym] if len(acronym) > 2 else [])]
