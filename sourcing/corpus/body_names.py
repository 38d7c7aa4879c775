"""Whether two names of organizations stand for one body, and keys under which the forms of a name are found in a store.

Precision comes before recall: every word that tells bodies apart has to be there in both (place, subject, number, direction), and
in the same order, so that the University of York is not York University. What may differ: the article, legal forms at the
end, British and American spelling, "&", "U.S.", "Police Department" for "Police", and for ministries, departments and
governments the order and the form of the country ("Israeli Defence Ministry", "Ministry of Defence of Israel"). Besides
these a body may have an acronym, made from its words, or another name that lists/body_aliases.tsv knows.

>>> same_body("SOHR", "Syrian Observatory for Human Rights").rule, same_body("the Pentagon", "U.S. Department of Defense").rule
('acronym', 'alias')
>>> same_body("University of York", "York University").same
False
>>> is_body_found(body_key("Syrian Observatory for Human Rights"), body_search_keys("SOHR"))
True
"""

import re
from functools import cache, lru_cache
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from sourcing.corpus.identity import Decision
from sourcing.corpus.romanization import plain

LISTS = Path(__file__).parent / "lists"
LONGEST, MOST_WORDS = 300, 25  # characters and words of a name that are looked at
ACRONYM = (3, 8)  # letters: two are shared by too many bodies, and known acronyms are not longer than eight

# Legal forms at the end of a name; not taken off these first words, which are no name alone ("News Corp").
LEGAL = frozenset(
    "inc incorporated corp corporation co company ltd limited llc llp lp plc gmbh ag kgaa sa nv bv spa srl oyj asa pty bhd".split()
)
GENERIC = frozenset("news time times general national american first new standard united public press".split())
SMALL = frozenset("of for and in on to at de du des la le les del di da der die das und et y".split())
WHOLE = {
    "united states of america": "us",
    "united states": "us",
    "united kingdom": "uk",
    "great britain": "uk",
    "united nations": "un",
    "european union": "eu",
    "saudi arabia": "saudi",
    "united arab emirates": "uae",
    "foreign affairs": "foreign",
}
STATES = ("us", "uk", "un", "eu", "uae")  # abbreviations that count with all their letters in an acronym
SPELLINGS = dict(
    pair.split("/")
    for pair in "defence/defense centre/center centres/centers organisation/organization programme/program "
    "dept/department univ/university assn/association assoc/association govt/government intl/international natl/national "
    "bros/brothers saint/st mount/mt fort/ft first/1st second/2nd third/3rd fourth/4th fifth/5th sixth/6th seventh/7th "
    "eighth/8th ninth/9th tenth/10th eleventh/11th twelfth/12th".split()
)
# Bodies of a state that are named by its adjective, its genitive or "of" it: with all words in any order; and by their last word.
OF_A_STATE = frozenset(("ministry", "department", "government"))
FORCES = frozenset("army military navy police parliament embassy cabinet presidency court".split())
TIDY = str.maketrans(dict.fromkeys("’‘ʼ`´", "'") | dict.fromkeys("“”„«»", '"') | dict.fromkeys("‐‑‒–—−", "-"))
DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}(?:[^\W\d_]\b)?|\b[^\W\d_]\.[^\W\d_]\b")  # U.S., U.N
TOKEN = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


class _Body(NamedTuple):
    """A name read: its words as written (plain, in order, without articles), the words that it is compared by, the body's full
    name where the list knows it, and the letters of the name if it is one word in capitals."""

    written: tuple[str, ...]
    words: tuple[str, ...]
    known: str
    letters: str


def same_body(a: str, b: str) -> Decision:
    """Decide whether two names of organizations may be one body's. Symmetric."""
    one, two = _read(a[:LONGEST]), _read(b[:LONGEST])
    if not one.words or not two.words:
        return Decision(False, "no-name", "There is no name in one of them.")
    if one.words == two.words:
        return Decision(
            True, "same-words", "The words of the name are the same, but for articles, legal form and spelling."
        )
    if one.known and one.known == two.known:
        return Decision(True, "alias", f"Both are names of one body: {_aliases()[1][one.known]}.")
    for short, long in ((one, two), (two, one)):
        if (
            short.letters
            and not short.known
            and short.letters in _acronyms(long)
            and is_body_found(_key(long), _search(short))
        ):
            return Decision(True, "acronym", f"{short.letters.upper()} is made of the first letters of the other name.")
    only = [" ".join(w for w in x.words if w not in y.words) for x, y in ((one, two), (two, one))]
    if one.known and two.known:
        why = f"They are two bodies: {_aliases()[1][one.known]}, {_aliases()[1][two.known]}."
    elif not any(only):
        why = "The words are the same, but their order is not."
    else:
        why = f"Words tell them apart: {' and '.join(repr(w) for w in only if w)}."
    return Decision(False, "words-differ", why)


def body_key(name: str) -> str:
    """The key under which a store keeps the name: its initials in alphabetical order, a colon, and its words; "" without words.

    >>> body_key("The Harbour Trust Ltd."), body_key("Ministry of Health of Gaza")
    ('ht:harbour trust', 'ghm:gaza health ministry')
    """
    return _key(_read(name[:LONGEST]))


def body_search_keys(name: str) -> frozenset[str]:
    """The keys under which every name that `same_body` takes for this one is stored.

    A key that ends in "*" stands for all that begin so: an acronym may stand for every name with its initials. `is_body_found`
    says whether a stored key is among them.
    """
    return _search(_read(name[:LONGEST]))


def is_body_found(stored: str, keys: frozenset[str]) -> bool:
    """Is a stored key among the search keys, those with "*" taken as the beginnings that they are?"""
    return stored in keys or any(key[-1:] == "*" and stored.startswith(key[:-1]) for key in keys)


def _key(body: _Body) -> str:
    words = tuple(body.known.split()) if body.known else body.words
    return f"{''.join(sorted(_initials(words)))}:{' '.join(words)}" if words else ""


def _search(body: _Body) -> frozenset[str]:
    keys = {_key(body)}
    keys.update(f"{form[0]}:{form}" for form in _acronyms(body))
    if body.letters and not body.known and ACRONYM[0] <= len(body.letters) <= ACRONYM[1]:
        keys.update(f"{letters}:*" for letters in _content(body.letters))
    return frozenset(keys)


def _content(acronym: str) -> set[str]:
    """What may be the initials, sorted, of the words that count: the acronym's letters without some of those that a small word
    may have given, and without the last ("Company", "Department")."""
    out = set()
    for letters in (acronym, acronym[:-1]):
        small = [n for n, c in enumerate(letters) if c in "ofatidluey"]
        for k in range(len(small) + 1):
            for gone in combinations(small, k):
                out.add("".join(sorted(c for n, c in enumerate(letters) if n not in gone)))
    return {letters for letters in out if len(letters) > 1}


def _acronyms(body: _Body) -> frozenset[str]:
    """The acronyms that the name's words make, with the small words or without, with what may be left off at the end or without."""
    if len(body.written) < 2:
        return frozenset()
    forms = set()
    for words in (body.written, _without_ending(body.written)):
        forms.add(_initials(words))
        forms.add("".join(w if w in STATES else w[0] for w in words))
    return frozenset(f for f in forms if ACRONYM[0] <= len(f) <= ACRONYM[1])


def _initials(words: tuple[str, ...]) -> str:
    return "".join(w if w in STATES else w[0] for w in words if w not in SMALL)


@lru_cache(maxsize=1 << 15)
def _read(name: str) -> _Body:
    written = _written(name)
    words = _compared(written)
    known = _aliases()[0].get(" ".join(words), "")
    return _Body(written, words, known, _letters(name, written))


def _letters(name: str, written: tuple[str, ...]) -> str:
    """SOHR, S.O.H.R. or DoD: the letters in small; "" for any other name."""
    if len(written) != 1 or not written[0].isalpha() or not written[0].isascii():
        return ""
    capitals = sum(c.isupper() for c in re.sub(r"\([^)]*\)?|'s\b", "", name))
    return written[0] if capitals > 1 and capitals + 2 > len(written[0]) else ""


def _written(name: str) -> tuple[str, ...]:
    """The words in small letters without articles, each in one spelling."""
    text = re.sub(r"\([^)]*\)?|\[[^\]]*\]?|\"", " ", name.translate(TIDY))
    text = re.split(r",\s+(?=[a-z])|\s-+\s", text)[0]  # "the Harbour Trust, a charity"
    text = re.sub(r"\b(\w{1,2})&(\w{1,2})\b", r"\1\2", text).replace("&", " and ")  # AT&T
    text = DOTTED.sub(lambda m: m.group().replace(".", ""), plain(text))
    words = [w for w in TOKEN.findall(text) if w != "the"][:MOST_WORDS]
    if words:
        words[-1] = re.sub(r"'s$", "", words[-1]) or words[-1]
    line = f" {' '.join(SPELLINGS.get(w, w) for w in words)} "
    for long, short in WHOLE.items():
        if long in line and (long != "foreign affairs" or " ministry " in line):
            line = line.replace(f" {long} ", f" {short} ").replace(f" {long}'s ", f" {short}'s ")
    return tuple(line.split())


def _compared(written: tuple[str, ...]) -> tuple[str, ...]:
    """The words that two names of one body share."""
    words = _without_ending(written)
    if not OF_A_STATE.isdisjoint(words) and "university" not in words and len(words) > 1:
        of_state = (_state(w) for w in words if w not in SMALL)
        return tuple(sorted(of_state))
    if words[-2:-1] == ("of",) and words[-1] in _demonyms() and _is_of_state(words[:-2]):  # "Supreme Court of India"
        words = (words[-1], *words[:-2])
    if _is_of_state(words):
        words = (*(_state(w) for w in words[:-1]), words[-1])
    return tuple(w.replace("'", "") for w in words)


def _is_of_state(words: tuple[str, ...]) -> bool:
    """Does the name end in a word for a force, a court or the like of a state?"""
    return not FORCES.isdisjoint(words[-1:]) or words[-2:] == ("central", "bank")


def _without_ending(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without legal forms at the end, and with "Police" for a police department, "Sheriff" for a sheriff's office."""
    while len(words) > 1 and words[-1] in LEGAL and not (len(words) == 2 and words[0] in GENERIC):
        words = words[:-1]
    if len(words) > 2 and words[-2] == "police" and words[-1] in ("department", "service", "force"):
        return words[:-1]
    if len(words) > 2 and words[-2] in ("sheriff's", "sheriffs") and words[-1] in ("department", "office"):
        return (*words[:-2], "sheriff")
    if len(words) > 1 and words[-1] == "pd":
        return (*words[:-1], "police")
    return words


def _state(word: str) -> str:
    bare = re.sub(r"'s?$", "", word)
    return _demonyms().get(bare, bare)


@cache
def _aliases() -> tuple[dict[str, str], dict[str, str]]:
    """The compared words of the full name by those of every name, and the full name as written by its compared words."""
    known: dict[str, str] = {}
    written: dict[str, str] = {}
    for full, others in _rows("body_aliases"):
        key = " ".join(_compared(_written(full)))
        written[key] = full
        known.update((" ".join(_compared(_written(name))), key) for name in (full, *others.split(";")))
    return known, written


@cache
def _demonyms() -> dict[str, str]:
    """The country by its own name and by its adjectives."""
    return {word: state for state, words in _rows("demonyms") for word in (state, *words.split())}


def _rows(name: str) -> list[tuple[str, str]]:
    lines = (LISTS / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    return [
        (first, rest)
        for line in lines
        if line and not line.startswith("#")
        for first, _, rest in [line.partition("\t")]
    ]
