"""The parts of a written name: what is taken off (titles, brackets, degrees), and given names, last name and suffix of the rest.

Nothing here decides whether two names are one person's; person_names.py does. A name is read from the outside in: brackets and
quoted nicknames go, commas are understood ("Quill, Ada", "Ada Quill Jr., MD"), titles and roles before the name go, and
what is left is cut in words, particles joined to the word they belong to ("van der Halde" is one).

>>> name = parse_name("UN official Ada van der Halde Jr.")
>>> name.display, [w.text for w in name.given], name.last, name.suffix
('Ada van der Halde Jr.', ['ada'], ('vanderhalde',), 'jr')
"""

import re
from functools import cache, lru_cache
from typing import NamedTuple

from sourcing.corpus.given_names import is_english, is_romanized
from sourcing.corpus.name_words import (
    ARTICLES,
    GENERATIONS,
    SERVANT_OF,
    Token,
    read_word,
    without_roles,
    word_list,
    words_of,
)

LONGEST, MOST_WORDS = 200, 12  # characters and words that are looked at: real names stay under half of it

ADDRESS = dict.fromkeys("mrs ms miss dame lady mme madame frau".split(), "f") | dict.fromkeys(
    "mr sir lord monsieur herr".split(), "m"
)
SERVANT = re.compile(r"abd[aeou]+(?:l|([rsnz])(?=\1)|(?=[rsnz]))(?=\w{4})")  # Abdelaziz, Abdurrahman; not Abdullah
SAME_PARTICLE = {"ibn": "bin", "abou": "abu", "aboul": "abu", "saint": "st", "ste": "st"}
ARABIC = ARTICLES | {"bin", "bint", "abu"}

TIDY = str.maketrans(
    dict.fromkeys("’‘ʼʻ`´′", "'")
    | dict.fromkeys("“”„«»‟″", '"')
    | dict.fromkeys("‐‑‒–—−", "-")
    | dict.fromkeys("\u00a0\u202f", " ")
    | dict.fromkeys(map(chr, [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]))
)
ASIDE = re.compile(r"\([^)]*\)?|\[[^\]]*\]?|\{[^}]*\}?|\"[^\"]*\"|(?<!\S)'[^']+'(?!\S)|[\"()\[\]{}<>|*_;:!?]")
# Syllables of Mandarin, Korean, Vietnamese and Cantonese names in Latin letters, one or two, and of Japanese ones.
SYLLABLE = r"(?:zh|ch|sh|ph|th|tr|ng|nh|kh|gi|qu|ts|hs|[bcdfghjklmnpqrstvwxyz])?[aeiouyw]{1,4}(?:ng|nh|ch|[nmkptl])?"
ASIAN = re.compile(rf"{SYLLABLE}(?:{SYLLABLE})?|(?:(?:[kgnhbpmr]y|sh|ch|ts|[kgsztdnhbpmyrwjf])?[aeiou]|n(?![aeiouy]))+")


class Word(NamedTuple):
    """A given name: plain letters, a pattern for them with umlauts written out, whether it is only an initial, and the number of
    the hyphenated unit that it is part of."""

    text: str
    written_out: str
    initial: bool
    unit: int


class PersonName(NamedTuple):
    """A name read. A name of one word has no `last`, nor has one whose last name is an initial ("Thomas M.").

    given, last: in plain letters, the last name as its hyphenated parts with particles joined; written_out: patterns for these
    with umlauts written out; article: whether an Arabic article stood before the last name (it is not in `last`); address:
    "m" or "f" from "Mr." and its like; asian: family name and syllables of the given name where the family name may stand
    first; romanized: whether anything shows that the name came from another script; words: all of it, for comparison.
    """

    display: str
    given: tuple[Word, ...]
    last: tuple[str, ...]
    written_out: tuple[str, ...]
    article: bool
    suffix: str
    address: str
    asian: tuple[str, ...]
    romanized: bool
    words: tuple[str, ...]


def parse_name(name: str) -> PersonName:
    """Read a person's name as it is written. Never raises; a text without letters is a name without words."""
    return _parse(name[:LONGEST])


def ordinary_word(word: str) -> str:
    """The plain letters of a word that is a given name or a last name and nothing else; "" of an initial, of one with any marks,
    and of a title, a particle or a family name that may stand first.

    >>> [ordinary_word(word) for word in ("Quill", "Q.", "Dr", "van", "Xi")]
    ['quill', '', '', '', '']
    """
    token = read_word(word)
    return token.key if token.common and not token.initials and token.key not in _ranks() else ""


@lru_cache(maxsize=1 << 14)
def _parse(name: str) -> PersonName:
    text = name if name.isascii() else name.translate(TIDY)
    tokens = [read_word(w) for w in text.split()]
    if 1 < len(tokens) < MOST_WORDS and False not in [t.common for t in tokens] and not tokens[-1].initials:
        words = [Word(t.key, t.key, bool(t.initials), n) for n, t in enumerate(tokens)]
        return _whole(" ".join([t.shown for t in tokens]), words)  # most names, in a third of the time
    if not text.replace(" ", "").isalpha():
        text = re.split(r"\s-+\s", ASIDE.sub(" ", text.replace("/", " ")))[0]
        text = re.sub(r"\b([^\W\d_])\.(?=[^\W\d_]{2})", r"\1. ", text)  # J.Smith
    tokens, after = _uncomma(text) if "," in text else ([read_word(w) for w in text.split()], [])
    tokens = [t if text.isupper() else _as_initials(t) for t in tokens if t.parts]
    tokens, suffix = _without_suffix(tokens)
    address = next((ADDRESS[t.key] for t in tokens[:3] if t.key in ADDRESS), "")
    tokens = without_roles(tokens)[:MOST_WORDS]
    suffix = suffix or next((GENERATIONS[k] for k in after if k in GENERATIONS), "")
    return _build(_unowned(tokens), suffix, address)


def _as_initials(token: Token) -> Token:
    """Two capitals in a name that has small letters are initials (AJ), or a family name written large (LI Wei)."""
    if len(token.shown) == 2 and token.shown.isupper() and token.shown.isalpha() and token.key not in _ranks():
        return token._replace(initials=tuple(token.key))
    return token


def _build(tokens: list[Token], suffix: str, address: str) -> PersonName:
    shown = _display(tokens)
    if suffix:
        shown = f"{shown} {suffix.capitalize() + '.' if suffix in ('jr', 'sr') else suffix.upper()}"
    joint = any(t.key in ("and", "&") for t in tokens)
    words, article, bound = _words(tokens)
    if joint or len(words) < 2 or words[0].unit == words[-1].unit or words[-1].initial:
        return PersonName(shown, (), (), (), False, suffix, address, (), False, _flat(words))
    return _whole(shown, words, article, suffix, address, bound)


def _whole(
    shown: str, words: list[Word], article: bool = False, suffix: str = "", address: str = "", bound: bool = False
) -> PersonName:
    """The name made of these words, the last unit of which is the last name."""
    k = next(n for n, w in enumerate(words) if w.unit == words[-1].unit)
    ends = tuple([w.text for w in words[k:]])
    romanized = bound or article or any(is_romanized(w.text) for w in words if not w.initial)
    patterns = tuple([w.written_out for w in words[k:]])
    return PersonName(
        shown, tuple(words[:k]), ends, patterns, article, suffix, address, _asian(words), romanized, _flat(words)
    )


def _flat(words: list[Word]) -> tuple[str, ...]:
    return tuple([w.text + "." if w.initial else w.text for w in words])


def _uncomma(text: str) -> tuple[list[Token], list[str]]:
    """The words in natural order, and the keys of the suffixes after commas."""
    first, *rest = ([t for w in piece.split() if (t := read_word(w)).parts] for piece in text.split(",")[:6])
    after: list[str] = []
    moved = False
    for piece in rest:
        if piece and all(_is_after(t) or t.key in GENERATIONS for t in piece):
            after += [t.key for t in piece]
        elif piece and not moved and _is_family(bare := without_roles(first)) and _is_given(piece, bare):
            first, moved = piece + bare, True
    return first, after


def _is_family(tokens: list[Token]) -> bool:
    names = [t for t in tokens if t.key not in word_list("particles")]
    if len(names) != 2 or names[0].small:
        return len(names) == 1
    return not is_english(names[0].key) and not is_romanized(names[0].key)


def _is_given(tokens: list[Token], family: list[Token]) -> bool:
    if len(tokens) > 3 or any(t.key in word_list("roles") for t in tokens) or re.match(r"[A-Z]{1,3}-", tokens[0].shown):
        return False  # "Quill, D-Vt." is a party
    if tokens[0].small and not family[0].small:
        return False
    return len(family) == 1 or family[0].key in word_list("particles") or is_english(tokens[0].parts[0])


def _without_suffix(tokens: list[Token]) -> tuple[list[Token], str]:
    """The words without what follows the name, and the generation that stood there."""
    suffix = ""
    while len(tokens) > 1:
        end = tokens[-1]
        degree = end.key in word_list("after_names") and len(tokens) > 2
        if end.key in GENERATIONS and (end.key != "v" or ("." not in end.shown and len(tokens) > 2)):
            suffix = suffix or GENERATIONS[end.key]
        elif not degree and not ("." in end.shown[:-1] and _is_after(end)):
            break
        tokens = tokens[:-1]
    return tokens, suffix


def _is_after(token: Token) -> bool:
    """A degree or the like, or a name that reads so?"""
    return token.key in word_list("after_names") or token.key in word_list("after_commas")


def _unowned(tokens: list[Token]) -> list[Token]:
    """Without the possessive ending of the last word, and without those of a country or body before a name."""
    if tokens and re.search(r"'s?$", tokens[-1].shown, re.IGNORECASE):
        tokens = [*tokens[:-1], read_word(re.sub(r"'s?$", "", tokens[-1].shown, flags=re.IGNORECASE))]
    return [t for t in tokens if t.parts]


def _words(tokens: list[Token]) -> tuple[list[Word], bool, bool]:
    """The words of a name, particles joined; has the last an Arabic article; has any an Arabic particle?"""
    words: list[Word] = []
    before, pending, article, bound = "", False, False, False
    for n, token in enumerate(tokens):
        end = n == len(tokens) - 1
        if token.initials and not _is_irish(tokens, n) and not (end and words and len(token.shown) == 1):  # Malcolm X
            words += [Word(i, i, True, n) for i in token.initials]
        elif not end and token.key in SERVANT_OF and len(tokens) > 2:
            before, bound = before + "abdul", True
        elif not end and _is_particle(tokens, n):
            key = SAME_PARTICLE.get(token.key, token.key)
            pending = pending or key in ARTICLES
            before += "" if key in ARTICLES else key
            bound = bound or key in ARABIC
        else:
            article, pending = token.article or pending, False
            bound = bound or token.article
            parts, patterns = _joined(token.parts, token.written_out)
            bound = bound or parts[0].startswith("abdul")
            words.append(Word(before + parts[0], before + patterns[0], False, n))
            words += [Word(part, written, False, n) for part, written in zip(parts[1:], patterns[1:], strict=True)]
            before = ""
    return words, article and bool(words) and words[-1].unit == len(tokens) - 1, bound


def _is_particle(tokens: list[Token], n: int) -> bool:
    """Does the word belong to the next? In front only in small letters ("von der Halde"): Van, Ben and Al are given names."""
    token = tokens[n]
    if n == 0 and token.key not in ("abu", "abou") and (not token.small or all(t.small for t in tokens)):
        return False
    return token.key in word_list("particles") or token.shown.endswith("'")


def _is_irish(tokens: list[Token], n: int) -> bool:
    """An "O" before the rest of an Irish last name, its apostrophe lost?"""
    return tokens[n].shown == "O" and 0 < n == len(tokens) - 2 and tokens[-1].key in word_list("irish_names")


def _joined(parts: tuple[str, ...], patterns: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The parts of a hyphenated word and their patterns, a particle or "Abdel" before the hyphen joined to what follows."""
    first = parts[0]
    if len(parts) > 1 and (first in SERVANT_OF or first in word_list("particles")):
        lead = "abdul" if first in SERVANT_OF else SAME_PARTICLE.get(first, first)
        k = 2 if parts[1] in ARTICLES and len(parts) > 2 else 1
        return (lead + parts[k], *parts[k + 1 :]), (lead + patterns[k], *patterns[k + 1 :])
    if first.startswith("abd") and SERVANT.match(first):
        first = SERVANT.sub("abdul", first, count=1)
        return (first, *parts[1:]), (first, *patterns[1:])
    return parts, patterns


def _asian(words: list[Word]) -> tuple[str, ...]:
    """Family name and given syllables, where either end is a family name of those that may stand first and the rest sounds so."""
    ranks = _ranks()
    ends = [(rank, k) for k in (0, -1) if (rank := ranks.get(words[k].text)) is not None and not words[k].initial]
    if not ends or len(words) > 4:
        return ()
    family = min(ends)[1]
    rest = [w for w in (words[1:] if family == 0 else words[:-1]) if not w.initial]
    if not rest or not all(ASIAN.fullmatch(w.text) for w in rest):
        return ()
    english = [len(w.text) for w in rest if is_english(w.text)]
    if len(english) == len(rest) or max(english, default=0) > 3:  # Jo and Min are short enough to be syllables too
        return ()
    return (words[family].text, *(w.text for w in rest))


def _display(tokens: list[Token]) -> str:
    """The words as written; in capital and small letters when all are capitals."""
    shown = " ".join(t.shown for t in tokens)
    if not shown.isupper() or sum(map(str.isalpha, shown)) < 5:
        return shown
    out = []
    for n, token in enumerate(tokens):
        word = token.shown
        if n and token.key in word_list("particles") and len(token.key) > 1:
            word = word.lower()
        elif not token.initials:
            word = re.sub(r"[^\W\d_]+", lambda m: m.group().capitalize(), word)
            word = re.sub(r"\bMc([a-z])", lambda m: "Mc" + m.group(1).upper(), word)
        out.append(word)
    return " ".join(out)


@cache
def _ranks() -> dict[str, int]:
    return {word: n for n, word in enumerate(words_of("asian_families"))}
