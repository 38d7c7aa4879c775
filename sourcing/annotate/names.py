"""Which people an article names: every place where a person's name stands, grouped into persons.

"Emily Carter", "Dr. Carter" and "Carter" are one person when the last words agree; given names have to agree where both are
given ("Mark Reynolds" and "Mary Reynolds" are two). A last name that two people share goes to the one named last before it.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sourcing.records import Span

# Forms of address and the commonest offices that stand before a name, with their abbreviations; AP Stylebook, "titles".
HONORIFICS = frozenset(
    "mr mrs ms miss mx dr prof professor sir dame lord lady rev reverend fr father sister brother rabbi imam sheikh pope "
    "president vice senator sen representative rep congressman congresswoman governor gov mayor secretary minister premier "
    "chancellor ambassador king queen prince princess judge justice attorney sheriff chief officer detective inspector "
    "general gen lieutenant lt colonel col major maj captain capt sergeant sgt corporal cpl private pvt admiral adm commander "
    "cmdr brigadier marshal coach councillor cllr councilman councilwoman alderman".split()
)
SUFFIXES = frozenset("jr sr ii iii iv phd md esq mp qc kc".split())
FEMALE, MALE = (
    frozenset(("mrs", "ms", "miss", "dame", "lady", "congresswoman")),
    frozenset(("mr", "sir", "lord", "congressman")),
)


class Person(NamedTuple):
    """One person of the article: fullest name without honorifics, and the numbers of the name spans that stand for him or her."""

    name: str
    spans: tuple[int, ...]


class _Name(NamedTuple):
    number: int
    parts: tuple[str, ...]  # as written, without honorific and suffix
    key: tuple[str, ...]  # lower case, without dots, particles' hyphens and possessives
    gender: str


def group_people(names: Sequence[Span], text: str) -> list[Person]:
    """Group the person-name spans, given in text order. Every span ends up in exactly one person."""
    parsed = [_parse(n, span, text) for n, span in enumerate(names)]
    groups: list[list[_Name]] = []
    owner: dict[int, int] = {}
    by_last: dict[str, list[int]] = {}
    by_part: dict[str, list[int]] = {}
    for name in sorted((n for n in parsed if len(n.key) > 1), key=lambda n: (-len(n.key), n.number)):
        # full names make the groups, the longest first: "von der Halde" is the end of "Greta von der Halde"
        found = next((g for g in by_last.get(name.key[-1], ()) if _agree(name, groups[g])), None)
        if found is None:
            found = len(groups)
            groups.append([])
            by_last.setdefault(name.key[-1], []).append(found)
        groups[found].append(name)
        owner[name.number] = found
        for part in name.key:
            members = by_part.setdefault(part, [])
            if found not in members:
                members.append(found)
    latest: dict[int, int] = {}
    first = {g: min(m.number for m in members) for g, members in enumerate(groups)}
    for name in parsed:
        if name.number in owner:
            latest[owner[name.number]] = name.number
            continue
        found = _owner_of_part(name, groups, by_part, latest, first)
        if found is None:
            found = len(groups)
            groups.append([])
            by_part.setdefault(name.key[-1] if name.key else "", []).append(found)
            first[found] = name.number
        groups[found].append(name)
        owner[name.number] = found
        latest[found] = name.number
    people = [Person(_fullest(g), tuple(sorted(n.number for n in g))) for g in groups if g]
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


def leading_honorific(mention: str) -> str | None:
    """The form of address that a mention starts with.

    >>> leading_honorific("Dr. Carter, an analyst")
    'Dr.'
    """
    first = mention.split()[:1]
    return first[0] if first and _plain(first[0]) in HONORIFICS and len(mention.split()) > 1 else None


def _plain(word: str) -> str:
    return re.sub(r"['’]s$|[.'’]", "", word).lower()


def _parse(number: int, span: Span, text: str) -> _Name:
    written = re.sub(r"\(.*?\)|[\"“”‘]", " ", span.text)
    parts = tuple(strip_honorifics(re.sub(r"['’]s?$", "", written)).split())
    key = tuple(k for p in parts if (k := re.sub(r"^(al|el|ul|bin|ibn)[-‑]", "", _plain(p))))
    before = text[max(0, span.start - 14) : span.start].split()
    address = _plain(before[-1]) if before else ""
    if span.text.split()[:1]:
        first = _plain(span.text.split()[0])
        address = first if first in HONORIFICS else address
    return _Name(number, parts, key, "f" if address in FEMALE else "m" if address in MALE else "")


def _agree(name: _Name, group: list[_Name]) -> bool:
    """May a full name join a group of the same last name? Its given name must fit all those there (equal, or an initial), or
    all of it must be the end of a longer name."""
    if _other_gender(name, group):
        return False
    full = {other.key for other in group if len(other.key) > 1}
    return name.key in full or all(_same_given(name.key[0], k[0]) or k[-len(name.key) :] == name.key for k in full)


def _same_given(a: str, b: str) -> bool:
    return a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])


def _other_gender(name: _Name, group: list[_Name]) -> bool:
    return bool(name.gender) and any(o.gender and o.gender != name.gender for o in group)


def _owner_of_part(
    name: _Name, groups: list[list[_Name]], by_part: dict[str, list[int]], latest: dict[int, int], first: dict[int, int]
) -> int | None:
    if not name.key:
        return None
    fits = [g for g in by_part.get(name.key[-1], ()) if not _other_gender(name, groups[g])]
    as_last = [g for g in fits if any(o.key[-len(name.key) :] == name.key for o in groups[g])]
    as_first = [g for g in fits if any(o.key[: len(name.key)] == name.key for o in groups[g])]
    for choice in (as_last, as_first):
        same = [g for g in choice if name.gender and any(o.gender == name.gender for o in groups[g])] or choice
        before = [g for g in same if g in latest]
        if before:
            return max(before, key=lambda g: latest[g])
        if same:
            return min(same, key=lambda g: first[g])
    return None


def _fullest(group: list[_Name]) -> str:
    """The form with most parts, fewest of them initials, the commonest of these, the first of these."""
    forms: dict[str, int] = {}
    for name in group:
        if name.parts:
            form = " ".join(name.parts)
            forms[form] = forms.get(form, 0) + 1
    if not forms:
        return ""
    return max(forms, key=lambda f: (len(f.split()), -sum(len(p.strip(".")) == 1 for p in f.split()), forms[f]))
