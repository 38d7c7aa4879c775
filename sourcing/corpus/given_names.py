"""Which given names are forms of one: Bernie of Bernard, Mohamed of Muhammad.

Short forms come from two lists. The package `nicknames` (Apache-2.0, 2,691 pairs, from US genealogy) links far and wrong
ones too: Bill with Robert, Erin with Aaron, Mary with Marilyn. So of it only those are taken whose short form is a
beginning of the long one, with an ending of endearment or none (Dan, Danny: Daniel), and no formal name of its own
(Louise is not short for Louis); lists/short_forms.txt has the well-known rest. Spellings of one name in Latin letters are
in lists/given_spellings.tsv.

>>> "bernard" in short_forms("bernie"), "bob" in short_forms("rob"), "mary" in short_forms("marilyn")
(True, True, False)
"""

import re
from collections import defaultdict
from functools import cache, lru_cache
from pathlib import Path

from nicknames import name_triplets

from sourcing.corpus.romanization import fold, plain

LISTS = Path(__file__).parent / "lists"
ENDEARMENT = re.compile(r"(?:ie|ey|ee|y|i|e|o)$")
# Beginnings that are names of other people, from reading through what the rule lets pass.
OTHERS = frozenset(
    tuple(pair.split("/"))
    for pair in "adele/adelaide ana/anastasia ann/anna anne/anna ann/antoinette ann/antonia carol/caroline clement/clementine "
    "dennis/dennison edwin/edwina emil/emily ernest/ernestine eva/evaline evan/evangeline eve/eva georgia/georgiana "
    "joan/joanna joe/joshua jos/joshua julie/julia loren/lorenzo leon/leonard leon/leonidas jack/jackson dick/dickson "
    "jay/jacob jay/jalen jean/jeanette louise/louis maria/mariah marie/mary mary/marilyn mary/marion mary/marsha "
    "mae/mary mae/marie mae/marietta may/marietta amy/amelia rosa/rosabel rose/rosa sally/salvador sophie/sophia "
    "valerie/valeri king/kingsley king/kingston green/greenberry little/littleberry one/onicyphorous elbert/elbertson "
    "ellen/ellender eliza/elizabeth honey/honora mercy/mercedes moss/moses rollo/roland".split()
)


@lru_cache(maxsize=1 << 14)
def short_forms(name: str) -> frozenset[str]:
    """The given names that `name` (plain letters) may be written as, itself not among them.

    They are its short forms, what it is short for, and other short forms of the same that begin alike (Dan, Danny) or rhyme
    with one that begins as the long form (Bob, Rob: Robert).
    """
    long, short = _links()
    names = set(short.get(name, ())) | set(long.get(name, ()))
    for formal in long.get(name, ()):
        names.update(s for s in short[formal] if _alike(s, name, formal))
    return frozenset(names - {name})


@lru_cache(maxsize=1 << 15)
def name_block(name: str) -> str:
    """One form for all spellings of a given name (plain letters): its first spelling in the list, folded, or its own folded form.

    >>> name_block("muhammad") == name_block("mohamed"), name_block("bernie")
    (True, 'birni')
    """
    return _head(name) or fold(name)


@lru_cache(maxsize=1 << 15)
def _head(word: str) -> str | None:
    """What the list puts first for a name, or for the rest of it after Abdul, Abu or bin, folded; None when it has neither."""
    heads = _spellings()[0]
    found = heads.get(fold(word))
    for prefix in ("abdul", "abu", "bin"):
        if found is None and word.startswith(prefix) and (rest := heads.get(fold(word[len(prefix) :]))):
            return fold(prefix) + rest
    return found


@lru_cache(maxsize=1 << 15)
def is_romanized(word: str) -> bool:
    """Is this (plain letters) a name known to come from another script, in whatever spelling?"""
    return fold(word) in _spellings()[1]


def same_spelling(a: str, b: str) -> bool:
    """Are both in the list of spellings, as one name?"""
    head = _head(a)
    return head is not None and head == _head(b)


def is_english(word: str) -> bool:
    """Is this a given name in the package's list, long or short?"""
    long, short = _pairs()
    return word in long or word in short


@cache
def block_letters(letter: str) -> frozenset[str]:
    """What the blocks of given names that begin with `letter` may begin with: "y" of Yevgeny is folded to "i"."""
    folded = {fold(letter + more)[:1] for more in ("", *"abcdefghijklmnopqrstuvwxyz", "cha", "sha", "tch", "sch")}
    listed = {head[0] for spelling, head in _first_letters() if spelling == letter}
    return frozenset({letter, *folded, *listed} - {""})


def _alike(a: str, b: str, formal: str) -> bool:
    return a[0] == b[0] or (a[1:] == b[1:] and formal[0] in (a[0], b[0]))


@cache
def _pairs() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """All of the package's: formal names by short form, short forms by formal name."""
    long, short = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for formal, relationship, nickname in name_triplets():
        if relationship == "has_nickname":  # others are translations (Robert, Roberto)
            long[nickname].add(formal)
            short[formal].add(nickname)
    return dict(long), dict(short)


@cache
def _links() -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """Those taken: formal names by short form, short forms by formal name."""
    kept = {(formal, nick) for formal, nicks in _pairs()[1].items() for nick in nicks if _is_beginning(nick, formal)}
    for line in (LISTS / "short_forms.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            formal, _, nicks = line.partition(":")
            kept.update((formal, nick) for nick in nicks.split())
    long, short = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for formal, nick in kept:
        long[nick].add(formal)
        short[formal].add(nick)
    return dict(long), dict(short)


def _is_beginning(nick: str, formal: str) -> bool:
    if (nick, formal) in OTHERS or _is_formal(nick):
        return False
    return len(_stem(nick)) > 1 and formal.startswith(_stem(nick))


def _stem(name: str) -> str:
    """Without an ending of endearment, and without the letter doubled before it: Dann(y), Dan."""
    return re.sub(r"(.)\1$", r"\1", ENDEARMENT.sub("", name))


def _is_formal(name: str) -> bool:
    """Has it two short forms of its own that are neither it with another ending nor names that it is short for?"""
    long, short = _pairs()
    own = {s for s in short.get(name, ()) if _stem(s) != _stem(name) and s not in long.get(name, ())}
    return len(own) > 1


@cache
def _spellings() -> tuple[dict[str, str], frozenset[str]]:
    """The first spelling of each name of the list, folded, by folded spelling; and the folded spellings that show romanization."""
    heads: dict[str, str] = {}
    signs: set[str] = set()
    for foreign, english in _listed():
        head = fold(foreign[0])
        heads.update((fold(spelling), head) for spelling in (*foreign, *english))
        signs.update(fold(spelling) for spelling in foreign)
        signs.difference_update(fold(spelling) for spelling in english)
    return heads, frozenset(signs)


@cache
def _first_letters() -> frozenset[tuple[str, str]]:
    return frozenset((s[0], fold(foreign[0])) for foreign, english in _listed() for s in (*foreign, *english))


@cache
def _listed() -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    lines = (LISTS / "given_spellings.tsv").read_text(encoding="utf-8").splitlines()
    rows = (line.partition("\t") for line in lines if line and not line.startswith("#"))
    return tuple((_words(foreign), _words(english)) for foreign, _, english in rows)


def _words(text: str) -> tuple[str, ...]:
    return tuple(plain(word.replace("'", "")) for word in text.split())
