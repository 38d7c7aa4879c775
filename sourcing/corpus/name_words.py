"""The written words of a name: how each reads, and which stand before the name and are no part of it.

>>> [t.shown for t in without_roles([read_word(w) for w in "Secretary of State Ada Quill".split()])]
['Ada', 'Quill']
"""

import re
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from sourcing.corpus.romanization import plain, written_out

LISTS = Path(__file__).parent / "lists"
GENERATIONS = {"jr": "jr", "jnr": "jr", "junior": "jr", "sr": "sr", "snr": "sr", "senior": "sr", "ii": "ii", "2nd": "ii",
               "iii": "iii", "3rd": "iii", "iv": "iv", "4th": "iv", "v": "v", "vi": "vi", "vii": "vii", "viii": "viii",
               "xiv": "xiv", "xvi": "xvi"}  # fmt: skip
ARTICLES = frozenset(("al", "el", "ul"))  # the Arabic article, which newspapers write or leave out
# The same written to the word, before a sun letter too: ash-Shami.
ATTACHED = re.compile(r"(?:al|el|ul|a[rstnzd]|ash|esh|e[rsd])-(?=\w{3})", re.IGNORECASE)
SERVANT_OF = frozenset("abd abdul abdel abdal abdoul abdur abdus".split())
# Titles of names of three words or more; in names of two they are given names (Sheikh Hasina).
NAMES_TOO = frozenset("sheikh shaikh sheik shaykh sayyed sayyid seyyed sayed syed".split())
# One Cyrillic letter, abbreviated: Yu. Tymoshenko.
CYRILLIC = frozenset("yu ya ye zh kh sh ch ts".split())
PREPOSITIONS = frozenset("of from at et in for to with on by who whose told said says".split())


class Token(NamedTuple):
    """A written word: as displayed; without full stops, plain; its hyphenated parts, plain and as patterns with umlauts
    written out;
    the initials in it, if it is nothing else; whether an Arabic article was cut off; whether all its letters are small;
    whether it is a capitalised word or one initial and nothing else: no title, particle, suffix or the like."""

    shown: str
    key: str
    parts: tuple[str, ...]
    written_out: tuple[str, ...]
    initials: tuple[str, ...]
    article: bool
    small: bool
    common: bool


@lru_cache(maxsize=1 << 15)
def read_word(written: str) -> Token:
    """Read one word of a name, with whatever marks stand around it; a word without letters and digits has no parts."""
    if written.isascii() and written.isalpha() and written[0].isupper() and written[1:].islower():
        key = written.lower()
        return Token(
            written, key, (key,), (key,), (), False, False, key not in _special() and not key.startswith("abd")
        )
    if len(written) == 2 and written[1] == "." and written[0].isascii() and written[0].isupper():
        key = written[0].lower()
        return Token(written, key, (key,), (key,), (key,), False, False, True)
    if written in ("&", "and"):
        return Token(written, written, (written,), (written,), (), False, True, False)
    shown = written.strip("-.,&%#@~^=+$")
    if written.endswith(".") and 0 < len(shown) < 5:
        shown += "."
    if re.match(r"(?:El|Al)[A-Z][a-z]{2}", shown):
        shown = f"{shown[:2]}-{shown[2:]}"  # ElBaradei
    bare = shown.replace("'", "")
    attached = ATTACHED.match(bare)
    parts = _parts(bare[attached.end() :] if attached else bare)
    key = plain(bare).strip(".") if "-" in bare else _letters(plain(bare))
    plains, patterns = tuple(p for p, _ in parts), tuple(w for _, w in parts)
    small = shown[:1].islower() and shown == shown.lower()
    return Token(shown, key, plains, patterns, _initials(shown, plains), attached is not None, small, False)


def _parts(word: str) -> list[tuple[str, str]]:
    """The hyphenated parts of a word, or its dotted initials; plain, and as patterns with umlauts written out."""
    pieces = [(p, written_out(_letters(piece))) for piece in re.split(r"[-.]+", word) if (p := _letters(plain(piece)))]
    if "-" in word or all(len(p) == 1 for p, _ in pieces):
        return pieces
    return [("".join(p for p, _ in pieces), "".join(w for _, w in pieces))]  # M.D.s


def _initials(shown: str, parts: tuple[str, ...]) -> tuple[str, ...]:
    """J. D., J.-L., JD, Yu. (with its full stop): the letters; any other word: nothing."""
    if not parts or "'" in shown:
        return ()
    if all(len(p) == 1 and p.isalpha() for p in parts) and (not shown.islower() or "." in shown):
        return parts
    if len(parts) == 1 and shown.endswith(".") and parts[0] in CYRILLIC:
        return parts
    return tuple(shown.lower()) if re.fullmatch(r"[B-DF-HJ-NP-TV-XZ]{2,3}", shown) else ()


def _letters(word: str) -> str:
    return word if word.isalnum() else re.sub(r"[\W_]", "", word)


def without_roles(tokens: list[Token]) -> list[Token]:
    """The words from the name's first to its last: after the last role, title or small word before it, and before a preposition
    when a whole name stands before that ("Ada Quill of Vermont")."""
    if all(t.small or t.key in word_list("titles") for t in tokens):  # nothing shows what is a name
        return _after_titles(tokens, cut=False)
    while len(tokens) > 2 and _is_ordinary(tokens[-1]):  # "Ada Quill said"
        tokens = tokens[:-1]
    roles = [n for n in range(len(tokens) - 1) if _is_role(tokens, n)]
    tokens = _after_titles(tokens[roles[-1] + 1 :] if roles else tokens, cut=bool(roles))
    stop = next((n for n, t in enumerate(tokens) if n > 1 and t.small and t.key in PREPOSITIONS), len(tokens))
    return tokens[:stop]


def _is_ordinary(token: Token) -> bool:
    """A word in small letters that no name has."""
    return (
        token.small and not token.initials and token.key not in word_list("particles") and token.key not in ("and", "&")
    )


def _is_role(tokens: list[Token], n: int) -> bool:
    token = tokens[n]
    if token.key in word_list("roles") or (_is_ordinary(token) and token.key not in PREPOSITIONS):
        return True
    if token.key in word_list("titles"):
        return token.shown.endswith(".") and len(token.key) > 1
    if token.shown.endswith("'s"):  # "Chad's Ada Quill"
        return True
    return len(token.parts) > 1 and "-" in token.shown and not word_list("roles").isdisjoint(token.parts)


def _after_titles(tokens: list[Token], *, cut: bool) -> list[Token]:
    """Without the titles in front; after a role (cut) also without what it is held over ("of State", "to Chad")."""
    titles, offices = word_list("titles"), word_list("offices")
    start = 0
    while (left := len(tokens) - start) > 1:
        key = tokens[start].key
        if key in titles or (key in NAMES_TOO and left > 2) or (cut and (key in PREPOSITIONS or key in ("and", "&"))):
            start += 1 + (cut and key in ("to", "for", "in", "at") and left > 3 and tokens[start + 1].key != "the")
        elif cut and key in offices and left > 2:
            start += 1
        else:
            break
    return tokens[start:]


@cache
def _special() -> frozenset[str]:
    """Words that a name is not simply made of."""
    lists = ("roles", "titles", "offices", "particles", "after_commas", "after_names")
    return SERVANT_OF | NAMES_TOO | GENERATIONS.keys() | frozenset(w for name in lists for w in words_of(name))


@cache
def word_list(name: str) -> frozenset[str]:
    """The words of lists/NAME.txt; its first lines say where they are from."""
    return frozenset(words_of(name))


def words_of(name: str) -> list[str]:
    """The same in their order."""
    lines = (LISTS / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]
