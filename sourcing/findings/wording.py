"""Reading the words of a mention, and quoting text in a message.

Where a mention's structure decides, no list is used: a bare mention is a noun with nothing but a determiner before it.
"""

import re
from difflib import SequenceMatcher
from functools import cache
from pathlib import Path

from sourcing.records import Speaker

LISTS = Path(__file__).parent / "lists"
EXCERPT = 60  # characters: with the advice after it a message stays within one line of a wide terminal
EDGES = " \t\n“”‘’\"'«»„,."
WORDS = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def bare_noun(speaker: Speaker) -> str | None:
    """Return the one noun by which the article calls `speaker`, in lower case, or None when it ever says more.

    "a source", "sources" and "one anonymous source" are bare; "a Treasury source" is not. A quantifier alone ("many")
    is its own noun. Pronouns are passed over.

    >>> from sourcing.records import Span
    >>> def noun(*texts):
    ...     mentions = tuple(Span(0, len(text), text) for text in texts)
    ...     return bare_noun(Speaker(id="s1", name=None, class_="anonymous", type="unnamed_group", mentions=mentions))
    >>> noun("many critics", "they"), noun("Others"), noun("port officials"), noun("critics", "critics of the plan")
    ('critics', 'others', None, None)
    """
    if speaker.title or speaker.affiliation:
        return None
    wordings = [mention.text for mention in speaker.mentions] + ([speaker.description] if speaker.description else [])
    empty, pronouns = word_list("empty_modifiers"), word_list("pronouns")
    noun = None
    for wording in wordings:
        words = WORDS.findall(wording.lower())
        if all(word in pronouns for word in words):
            continue
        full = [word for word in words if word not in empty] or words[-1:]
        if len(full) != 1:
            return None
        noun = noun or full[0]
    return noun


@cache
def word_list(name: str) -> frozenset[str]:
    """Return the words of lists/NAME.txt; its first lines say where they are from."""
    lines = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


def excerpt(text: str, limit: int = EXCERPT) -> str:
    """Return `text` on one line, cut at a word with an ellipsis when longer than `limit` characters.

    >>> excerpt("one  two\\nthree", limit=9)
    'one two…'
    """
    line = " ".join(text.split())
    if len(line) <= limit:
        return line
    return (line[:limit].rpartition(" ")[0] or line[: limit - 1]).rstrip(",;:") + "…"


def difference(a: str, b: str, limit: int) -> tuple[str, str]:
    """Return two wordings of one passage in quotation marks, each cut to about `limit` characters around where they first differ.

    >>> difference("We cannot let the old school close for the sake of pennies", "close for the sake of dollars", limit=24)
    ('“…close for the sake of pennies”', '“close for the sake of dollars”')
    """
    one, two = ([w for w in text.strip(EDGES).split() if w.strip(".")] for text in (a, b))
    blocks = [m for m in SequenceMatcher(None, one, two, autojunk=False).get_matching_blocks() if m.size]
    low = next((m for m in blocks if (m.a + m.size, m.b + m.size) != (len(one), len(two))), None)
    at = (low.a + low.size, low.b + low.size) if low else (0, 0)
    return _around(one, at[0], limit), _around(two, at[1], limit)


def _around(words: list[str], at: int, limit: int) -> str:
    if len(" ".join(words)) <= limit:
        return f"“{' '.join(words)}”"
    low = high = min(at, len(words) - 1)
    while len(" ".join(words[low : high + 1])) < limit and (low > 0 or high < len(words) - 1):
        low, high = max(0, low - 1), min(len(words) - 1, high + 1)
    return f"“{'…' if low else ''}{' '.join(words[low : high + 1])}{'…' if high < len(words) - 1 else ''}”"


def quoted(text: str) -> str:
    """Return an excerpt of `text` in quotation marks of its own.

    >>> quoted("‘a lifeline,’")
    '“a lifeline”'
    """
    return f"“{excerpt(text.strip(EDGES))}”"
