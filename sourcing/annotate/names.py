"""Which people an article names: every place where a person's name stands, grouped into persons.

"Emily Carter", "Dr. Carter" and "Carter" are one person when the last words agree; given names have to agree where both are
given ("Mark Reynolds" and "Mary Reynolds" are two), and so do "Jr.", "Sr." and the numbers of generations. A name that two
people share goes to the one whose gender the pronouns that point at it show, and whom the article has named most often before it.
"""

import math
import re
from collections import Counter
from collections.abc import Container, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sourcing.records import Span

# Forms of address and the commonest offices that stand before a name, with their abbreviations; AP Stylebook, "titles".
HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sister brother rabbi imam sheikh pope "
    "president vice senator sen representative rep congressman congresswoman governor gov mayor secretary minister premier "
    "chancellor ambassador king queen prince princess judge justice attorney sheriff chief officer detective inspector "
    "general gen lieutenant lt colonel col major maj captain capt sergeant sgt corporal cpl private pvt admiral adm commander "
    "cmdr brigadier marshal det insp supt constable coach councillor cllr councilman councilwoman alderman".split()
)
# What tells father and son of one name apart, as the name is written in a report; AP Stylebook, "junior, senior".
GENERATIONS = {"jr": "Jr.", "jnr": "Jr.", "sr": "Sr.", "snr": "Sr.", "ii": "II", "iii": "III", "iv": "IV"}
SUFFIXES = frozenset((*GENERATIONS, *"phd md rn esq qc kc mp msp mep td obe mbe cbe kbe dbe frs".split()))
FEMALE, MALE = (
    frozenset(("mrs", "ms", "miss", "dame", "lady", "congresswoman")),
    frozenset(("mr", "sir", "lord", "congressman")),
)


ENDS, CLOSING = (".", "!", "?", ":", ";", "…"), " \t\r\"'”’)»]"  # of a line of prose

# Priors, not fitted: name on the held-out articles changes by 0.001 at most with twice or half of each.
ADDRESS = 3.0  # pronouns that one "Mr." or "Mrs." is worth as evidence of gender
UNSEEN = 0.5  # pronouns of either gender that everybody is taken to have drawn before any did
NEVER = 0.1  # times that somebody counts as named who has not been yet


# On the name's line: a number below it is a chapter's. After a comma "Sr. Mary Holm" is a nun, the next of a list.
SUFFIX_AFTER = re.compile(
    r"(?:,(?!\s*Sr\.?\s[A-Z][a-z]+\s[A-Z][a-z])[^\S\n]*|[^\S\n]+)"
    r"(?:(?:[JS][Nn]?[Rr]|III?|IV)(?![\w-])|[js]n?r(?=\.))"
)
ABBREVIATED = re.compile(r"\b[js]n?r$", re.IGNORECASE)


class Person(NamedTuple):
    """One person of the article: fullest name without honorifics, the numbers of the name spans that stand for him or her, and
    how often a "Mr." and a "Mrs." (or their like) stood before the name."""

    name: str
    spans: tuple[int, ...]
    address: tuple[int, int]


class _Name(NamedTuple):
    number: int
    parts: tuple[str, ...]  # as written, without honorific and suffixes
    key: tuple[str, ...]  # lower case, without dots, particles' hyphens and possessives
    generation: str  # "Jr.", "III"
    in_prose: bool  # in a line that ends like a sentence: headlines leave suffixes out
    gender: str
    drawn: tuple[float, float]  # forms of "he" and of "she" that point here

    @property
    def evidence(self) -> tuple[float, float]:
        """The same, a form of address counting for several."""
        return self.drawn[0] + ADDRESS * (self.gender == "m"), self.drawn[1] + ADDRESS * (self.gender == "f")


class _Group:
    """The names found so far to be one person's, with running totals: an article may name somebody thousands of times."""

    def __init__(self) -> None:
        self.names: list[_Name] = []
        self.keys: set[tuple[str, ...]] = set()
        self.generation = ""
        self.called_so = math.inf  # number of the first name that says so
        self.addressed = Counter[str]()
        self.drawn = [0.0, 0.0]  # as in _Name, with forms of address
        self.first, self.latest, self.passed = math.inf, -1, 0  # numbers of names, in the order of the text

    def add(self, name: _Name) -> None:
        """Count a name in."""
        self.names.append(name)
        self.keys.add(name.key)
        self.generation = self.generation or name.generation
        if name.generation:
            self.called_so = min(self.called_so, name.number)
        if name.gender:
            self.addressed[name.gender] += 1
        for n, value in enumerate(name.evidence):
            self.drawn[n] += value
        self.first = min(self.first, name.number)


def group_people(names: Sequence[Span], text: str, drawn: npt.NDArray[np.float32]) -> list[Person]:
    """Group the person-name spans, given in text order. Every span ends up in exactly one person.

    drawn: (names, 2), how many forms of "he" and of "she" point at each name (pronouns.py).
    """
    parsed = [
        _parse(n, span, text, (float(m), float(f))) for n, (span, (m, f)) in enumerate(zip(names, drawn, strict=True))
    ]
    groups: list[_Group] = []
    owner: dict[int, _Group] = {}
    shared: dict[int, list[_Group]] = {}  # "Martin Vale" of a Jr. and a Sr.
    by_last: dict[str, list[_Group]] = {}
    by_part: dict[str, list[_Group]] = {}
    for name in sorted((n for n in parsed if len(n.key) > 1), key=lambda n: (-len(n.key), not n.generation, n.number)):
        # full names make the groups, the longest first: "von der Halde" is the end of "Greta von der Halde"
        fits = [g for g in by_last.get(name.key[-1], ()) if _agree(name, g)]
        if not name.generation and len({g.generation for g in fits if g.generation}) > 1:
            shared[name.number] = fits
            continue
        found = next((g for g in fits if g.generation == name.generation), fits[0] if fits else None)
        if found is None:
            found = _Group()
            groups.append(found)
            by_last.setdefault(name.key[-1], []).append(found)
        found.add(name)
        owner[name.number] = found
        for part in name.key:
            members = by_part.setdefault(part, [])
            if found not in members:
                members.append(found)
    for name in parsed:
        group = owner.get(name.number) or _likeliest(name, shared.get(name.number, ())) or _owner_of_part(name, by_part)
        if group is None:
            group = _Group()
            groups.append(group)
            by_part.setdefault(name.key[-1] if name.key else "", []).append(group)
        if name.number not in owner:
            group.add(name)
        group.latest = name.number
        group.passed += 1
    people = [
        Person(_full_name(g, owner), tuple(sorted(n.number for n in g.names)), (g.addressed["m"], g.addressed["f"]))
        for g in groups
    ]
    return sorted(people, key=lambda p: p.spans[0])


DATELINE = re.compile(r"[A-ZÀ-Þ][A-ZÀ-Þ .’'-]+(?:,\s[\w. ]{2,30})?\s*(?:\([^)\n]{2,30}\)\s*)?[—–-]{1,2}\s")


def in_dateline(start: int, text: str, paragraph_start: int) -> bool:
    """Does this place stand in a dateline ("PORT ELLERY (Meridian) —") at the paragraph's start?"""
    match = DATELINE.match(text, paragraph_start)
    return match is not None and start < match.end()


def strip_honorifics(name: str) -> str:
    """The name without forms of address before it and suffixes after it.

    >>> strip_honorifics("Lt. Gen. Emily R. Carter Jr.")
    'Emily R. Carter'
    """
    parts = name.replace(",", " ").split()
    while len(parts) > 1 and _plain(parts[0]) in HONORIFICS:
        parts.pop(0)
    while len(parts) > 1 and _plain(parts[-1]) in SUFFIXES:
        parts.pop()
    return " ".join(parts)


def generation_of(name: str) -> str:
    """What the name's end says of the generation, in one form, among degrees and honours.

    >>> generation_of("MARTIN VALE, JR"), generation_of("Martin Vale III, MP"), generation_of("Martin Vale")
    ('Jr.', 'III', '')
    """
    for part in reversed(name.replace(",", " ").split()[1:]):
        if _plain(part) not in SUFFIXES:
            break
        if _plain(part) in GENERATIONS:
            return GENERATIONS[_plain(part)]
    return ""


def with_suffix(name: Span, text: str) -> Span:
    """The span with the suffix right behind it, ", Jr." or " III", and with the full stop of a "Jr" that it ends in.

    >>> with_suffix(Span(0, 4, "Vale"), "Vale, Jr.'s boat").text
    'Vale, Jr.'
    """
    match = SUFFIX_AFTER.match(text, name.end)
    end = match.end() if match else name.end
    end += text[end : end + 1] == "." and ABBREVIATED.search(text, name.start, end) is not None
    return Span(name.start, end, text[name.start : end])


def leading_honorific(mention: str) -> str | None:
    """The form of address that a mention starts with.

    >>> leading_honorific("Dr. Carter, an analyst")
    'Dr.'
    """
    first = mention.split()[:1]
    return first[0] if first and _plain(first[0]) in HONORIFICS and len(mention.split()) > 1 else None


def _plain(word: str) -> str:
    return re.sub(r"['’]s$|[.'’]", "", word).lower()


def _parse(number: int, span: Span, text: str, drawn: tuple[float, float]) -> _Name:
    written = re.split(r"\s[-–—]\s", span.text)[0]  # "Ada Quill - Moss’s partner"
    written = re.sub(r"\(.*?\)|[\"“”‘]", " ", written)
    written = re.sub(r"['’]s?$", "", written)
    parts = tuple(strip_honorifics(written).split())
    key = tuple(k for p in parts if (k := re.sub(r"^(al|el|ul|bin|ibn)[-‑]", "", _plain(p))))
    before = text[max(0, span.start - 14) : span.start].split()
    address = _plain(before[-1]) if before else ""
    if span.text.split()[:1]:
        first = _plain(span.text.split()[0])
        address = first if first in HONORIFICS else address
    gender = "f" if address in FEMALE else "m" if address in MALE else ""
    line = text[text.rfind("\n", 0, span.start) + 1 : text.find("\n", span.end) % (len(text) + 1)]
    in_prose = line.rstrip(CLOSING).endswith(ENDS)
    return _Name(number, parts, key, generation_of(written), in_prose, gender, drawn)


def _agree(name: _Name, group: _Group) -> bool:
    """May a full name join a group of the same last name? Its given name must fit all those there (equal, or an initial), or
    all of it must be the end of a longer name; "Jr." is not "Sr.".

    Nor is who is named in full before anybody is called "Jr." (in 3 of 3 of PolNeAR's training articles with both; of those whom
    "Jr." comes first, one of two is the same person).
    """
    if _other_gender(name, group) or (name.generation and group.generation not in ("", name.generation)):
        return False
    if group.generation and not name.generation and name.in_prose and name.number < group.called_so:
        return False
    full = {key for key in group.keys if len(key) > 1}
    return name.key in full or all(_same_given(name.key[0], k[0]) or k[-len(name.key) :] == name.key for k in full)


def _same_given(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])


def _other_gender(name: _Name, group: _Group) -> bool:
    return bool(name.gender) and any(gender != name.gender for gender in group.addressed)


def _within(name: _Name, group: _Group) -> bool:
    """Is the name one of the words of a longer name? Of two surnames, many languages use the first alone."""
    return any(name.key[-1] in key for key in group.keys)


def _owner_of_part(name: _Name, by_part: dict[str, list[_Group]]) -> _Group | None:
    if not name.key:
        return None
    fits = [g for g in by_part.get(name.key[-1], ()) if not _other_gender(name, g)]
    as_last = [g for g in fits if any(key[-len(name.key) :] == name.key for key in g.keys)]
    as_first = [g for g in fits if any(key[: len(name.key)] == name.key for key in g.keys)]
    if name.generation:  # "Vale Jr." is the Vale so called; "Elizabeth II" is no Elizabeth Holm
        if any(g.generation for g in as_last):
            as_last = [g for g in as_last if g.generation == name.generation]
        return _likeliest(name, as_last) or _likeliest(name, [g for g in as_first if g.generation == name.generation])
    within = [g for g in fits if _within(name, g)]
    return _likeliest(name, as_last) or _likeliest(name, as_first) or _likeliest(name, within)


def _likeliest(name: _Name, groups: Sequence[_Group]) -> _Group | None:
    same = [g for g in groups if name.gender and g.addressed[name.gender]] or groups
    return max(same, key=lambda g: (_fit(name, g), g.latest, -g.first), default=None)


def _fit(name: _Name, group: _Group) -> float:
    """How well a part of a name fits a person: do the pronouns agree, and how often has the article named that person so far."""
    return _log_share(name.evidence, group.drawn) + math.log(group.passed + NEVER)


def _log_share(seen: Sequence[float], of: Sequence[float]) -> float:
    """Log-likelihood of the pronouns `seen` for somebody who has drawn those in `of`."""
    whole = sum(of) + 2 * UNSEEN
    return sum(n * math.log((m + UNSEEN) / whole) for n, m in zip(seen, of, strict=True))


def _full_name(group: _Group, full: Container[int]) -> str:
    """The fullest form, with the suffix that the first full name outside of headlines has. full: numbers of the full names that
    are surely somebody's."""
    name = _fullest(group.names)
    surely = [n for n in group.names if n.number in full]
    first = min((n for n in surely if n.in_prose), default=min(surely, default=None))
    generation = first.generation if first else group.generation
    return f"{name} {generation}" if name and generation else name


def _fullest(group: list[_Name]) -> str:
    """The form with most parts, fewest of them initials, not all in capitals, the commonest of these, the first of these."""
    forms: dict[str, int] = {}
    for name in group:
        if name.parts:
            form = " ".join(name.parts)
            forms[form] = forms.get(form, 0) + 1
    if not forms:
        return ""

    def rank(form: str) -> tuple[int, int, bool, int]:
        parts = form.split()
        return len(parts), -sum(len(p.strip(".")) == 1 for p in parts), not form.isupper(), forms[form]

    return max(forms, key=rank)
