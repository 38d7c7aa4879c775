"""Whether two full names are forms of one person's name, and keys under which the forms of a name are found in a store.

Precision comes before recall: a name that only looks alike is another person's (Carl Hansen, Carl Hanson). Last names have to be
equal, but for accents, spaces and hyphens; where something shows that a name was romanized from another script, for the
regular differences of such spellings too (romanization.py). Given names have to be equal, an initial, a short form
(given_names.py) or another spelling; a middle name may be missing in one, but two may not differ. The rules are in the
order of `same_person`; a rule's slug is in the Decision.

>>> same_person("Sen. Bernie Sanders", "Bernard Sanders").why
'Bernie is a short form of Bernard, or both are of one name; the last name is the same.'
>>> same_person("Mark Reynolds", "Mary Reynolds").rule
'given-names-differ'
>>> is_found(stored_key("Bernie Sanders"), search_keys("B. Sanders"))
True
"""

import re
from collections.abc import Sequence
from functools import lru_cache

from sourcing.corpus.given_names import block_letters, name_block, same_spelling, short_forms
from sourcing.corpus.identity import Decision
from sourcing.corpus.name_parts import LONGEST, PersonName, Word, ordinary_word, parse_name
from sourcing.corpus.name_words import word_list

# First halves of given names that are also written as one word: Mary Ann, Maryann.
COMPOUND = tuple("mary anna ann anne jean rose jo sue betty billy emma ella maria eva lee carol".split())
WHY = {
    "initial": "{a} and {b} fit as an initial and a given name",
    "nickname": "{a} is a short form of {b}, or both are of one name",
    "transliteration": "{a} and {b} are spellings of one name from another script",
    "middle-name": "one has a middle name that the other leaves out",
    "goes-by-middle-name": "one goes by the middle name, with an initial before it",
}


def same_person(a: str, b: str) -> Decision:
    """Decide whether two names may be one person's. Symmetric; a name of one word is only the same as that word."""
    one, two = parse_name(a), parse_name(b)
    if not one.words or not two.words:
        return Decision(False, "no-name", "There is no name in one of them.")
    if one.suffix and two.suffix and one.suffix != two.suffix:
        return Decision(
            False, "suffixes-differ", f"“{one.suffix}” and “{two.suffix}” tell two people of one name apart."
        )
    if one.address and two.address and one.address != two.address:
        return Decision(False, "titles-differ", "One is addressed as a man, the other as a woman.")
    if one.words == two.words and bool(one.last) == bool(two.last):
        return Decision(True, "same-words", "The words of the name are the same.")
    if not one.last or not two.last:
        return Decision(False, "one-word", "One of them has no given name and last name to compare.")
    if one.asian or two.asian:
        return _compare_asian(one, two)
    return _compare(one, two)


def is_specific(name: str) -> bool:
    """Has it a last name and at least an initial before it, so that it may be looked up across articles?

    >>> is_specific("Dr. Quill"), is_specific("A. Quill"), is_specific("Ada Q.")
    (False, True, False)
    """
    return bool(parse_name(name).last)


def plain_name(name: str) -> str:
    """The name without forms of address, roles, brackets, degrees and possessive ending, given name first, as one would display it.

    Jr., Sr. and numbers stay, since they tell people apart.

    >>> plain_name("QUILL, ADA, PhD"), plain_name("Lt. Gov. Ada Quill (D-Vt.)")
    ('Ada Quill', 'Ada Quill')
    """
    return parse_name(name).display


def stored_key(name: str) -> tuple[str, str]:
    """(block of the last name, block of the given name) under which a store keeps the name; ("", "") when it is not specific.

    A given name that is only an initial has the block "b."; for one behind an initial ("J. Robert Strand") the block is the full
    one's.
    """
    words = name[:LONGEST].split()
    if len(words) == 2 and (given := _ordinary_block(words[0])) and (last := _ordinary_block(words[1])):
        return last, given  # most names, in a tenth of the time
    return _stored_key(name[:LONGEST])


@lru_cache(maxsize=1 << 16)
def _ordinary_block(word: str) -> str:
    return name_block(plain) if (plain := ordinary_word(word)) else ""


@lru_cache(maxsize=1 << 15)
def _stored_key(name: str) -> tuple[str, str]:
    person = parse_name(name)
    if not person.last:
        return "", ""
    if person.asian:
        return name_block(person.asian[0]), "".join(person.asian[1:])
    first = person.given[1] if _goes_by_middle(person.given) else person.given[0]
    return name_block(person.last[-1]), _block(first)


def search_keys(name: str) -> frozenset[tuple[str, str]]:
    """The keys under which every name that `same_person` takes for this one is stored.

    A given name that ends in "*" stands for every block that begins so: `is_found` says whether a stored key is among them. A
    name that is not specific has the one key ("", ""), and is not worth a search.
    """
    return _search_keys(name[:LONGEST])


@lru_cache(maxsize=1 << 14)
def _search_keys(name: str) -> frozenset[tuple[str, str]]:
    person = parse_name(name)
    if not person.last:
        return frozenset({("", "")})
    if person.asian:
        joined = "".join(person.asian[1:])
        return frozenset((name_block(person.asian[0]), given) for given in (joined, joined[0] + "."))
    given_blocks = _given_blocks(person.given)
    if len(person.last) > 1:  # "A. Ocasio Cortez" is stored as one who goes by Ocasio
        given_blocks |= {name_block(person.last[0])}
    return frozenset((last, given) for last in _last_blocks(person) for given in given_blocks)


def is_found(stored: tuple[str, str], keys: frozenset[tuple[str, str]]) -> bool:
    """Is a stored key among the search keys, those with "*" taken as the beginnings that they are?"""
    if stored in keys:
        return True
    return any(last == stored[0] and given[-1:] == "*" and stored[1].startswith(given[:-1]) for last, given in keys)


def _compare(one: PersonName, two: PersonName) -> Decision:
    """Names with the given names first: last names, then given names."""
    romanized = one.romanized or two.romanized
    split = _split_alike(one, two)
    if split is None:
        how = _same_last(one, two, romanized)
        split = (one.given, two.given) if how else None
    else:
        how = "spelling"
    if split is None:
        return Decision(False, "last-names-differ", f"{_shown(one)} and {_shown(two)} are two last names.")
    rule, a, b = _same_given(*split, romanized)
    if rule in ("given-names-differ", "middle-names-differ"):
        kind = "given" if rule == "given-names-differ" else "middle"
        return Decision(False, rule, f"The last name is the same, but {a} and {b} are two {kind} names.")
    if rule == "same-words":
        rule = how if how != "same-words" else "spelling"
    return Decision(True, rule, _why(rule, a, b, how))


def _shown(person: PersonName) -> str:
    return "-".join(part.title() for part in person.last)


def _why(rule: str, a: str, b: str, last: str) -> str:
    if rule == "spelling":
        return "The words of the name are the same, but for how they are spelled or parted."
    reason = WHY[rule].format(a=a, b=b)
    if rule == "transliteration" and not a:
        return "The last names are spellings of one name from another script; the given names are the same."
    ending = "the last name is the same" if last != "transliteration" else "the last names are spellings of one"
    return f"{reason[0].upper()}{reason[1:]}; {ending}."


def _split_alike(one: PersonName, two: PersonName) -> tuple[tuple[Word, ...], tuple[Word, ...]] | None:
    """The given names of both where one's hyphenated last name is two words in the other (Ocasio-Cortez, Ocasio Cortez)."""
    for long, short, turned in ((one, two, False), (two, one, True)):
        k = len(long.last) - 1
        if k and len(short.last) == 1 and len(short.given) > k:
            ends = (*(w.text for w in short.given[-k:]), short.last[0])
            if ends == long.last:
                rest = short.given[:-k]
                return (rest, long.given) if turned else (long.given, rest)
    return None


def _same_last(one: PersonName, two: PersonName, romanized: bool) -> str:
    """By which rule the last names are the same; "" when they are not."""
    if one.last == two.last:
        return "same-words"
    if len(one.last) == len(two.last):
        patterns = one.written_out, two.written_out
        if all(_same_but_umlauts(*pair) for pair in zip(one.last, two.last, *patterns, strict=True)):
            return "spelling"
        pairs = list(zip(one.last, two.last, strict=True))
        if all(x == y or same_spelling(x, y) or (romanized and name_block(x) == name_block(y)) for x, y in pairs):
            return "transliteration"
    for person, other in ((one, two), (two, one)):
        if (
            person.article
            and not other.article
            and len(person.last) == len(other.last) == 1
            and _with_article(person.last[0], other.last[0])
        ):
            return "transliteration"
    return ""


def _with_article(core: str, joined: str) -> bool:
    """Is one the other with its article written to it: "Farouq", "Alfarouq"?"""
    return (
        joined[:2] in ("al", "el")
        and name_block(joined[2:]) == name_block(core)
        and name_block(joined) == name_block(joined[:2] + core)
    )


def _same_given(a: Sequence[Word], b: Sequence[Word], romanized: bool) -> tuple[str, str, str]:
    """The rule by which given names agree or differ, and the names that it speaks of."""
    by_middle = _goes_by_middle(a), _goes_by_middle(b)
    if by_middle[0] != by_middle[1]:
        return _by_middle(a, b, romanized) if by_middle[0] else _by_middle(b, a, romanized)
    if by_middle[0]:
        if not _initials_fit(a[0], b[0]):
            return "given-names-differ", a[0].text.upper(), b[0].text.upper()
        return _in_order(a[1:], b[1:], romanized)
    if (
        len(a) > 1
        and len(b) > 1
        and a[-1].text == b[-1].text
        and a[-1].text in word_list("spanish_families")
        and not a[-1].initial
    ):
        a, b = a[:-1], b[:-1]
    return _in_order(_unjoined(a, b), _unjoined(b, a), romanized)


def _by_middle(short: Sequence[Word], full: Sequence[Word], romanized: bool) -> tuple[str, str, str]:
    """J. Robert, against Robert, Julius Robert or J. R."""
    full_lead = len(full) > 1 and _initials_fit(short[0], full[0]) and (full[0].initial or not full[1].initial)
    if full_lead and _match(short[1], full[1], romanized):
        rule = _in_order(short[2:], full[2:], romanized)[0]
    elif not full[0].initial and _match(short[1], full[0], romanized):
        rule = _in_order(short[2:], full[1:], romanized)[0]
    else:
        rule = "given-names-differ"
    differ = rule in ("given-names-differ", "middle-names-differ")
    return rule if differ else "goes-by-middle-name", short[1].text.title(), full[0].text.title()


def _in_order(a: Sequence[Word], b: Sequence[Word], romanized: bool) -> tuple[str, str, str]:
    """Given names pair by pair until one has no more. What is left is a middle name, but not behind a hyphen."""
    weakest = ("same-words", "", "")
    for n, (x, y) in enumerate(zip(a, b, strict=False)):
        how = _match(x, y, romanized)
        if not how:
            return "middle-names-differ" if n else "given-names-differ", x.text.title(), y.text.title()
        if how != "same-words" and weakest[0] in ("same-words", "spelling"):
            weakest = how, x.text.title(), y.text.title()
    shared = min(len(a), len(b))
    long, short = (a, b) if len(a) > len(b) else (b, a)
    if not shared or len(long) == len(short):
        return weakest
    if long[shared].unit == long[shared - 1].unit and not short[-1].initial and not long[shared].initial:
        return "given-names-differ", _unit(long, shared), short[-1].text.title()
    return weakest if weakest[0] not in ("same-words", "spelling") else ("middle-name", "", "")


def _unit(words: Sequence[Word], n: int) -> str:
    return "-".join(w.text.title() for w in words if w.unit == words[n].unit)


def _match(x: Word, y: Word, romanized: bool) -> str:
    """By which rule two given names are one; "" when they are not."""
    if x.initial or y.initial:
        fits = x.initial and y.initial and x.text == y.text
        return "same-words" if fits else "initial" if _initials_fit(x, y) else ""
    if x.text == y.text:
        return "same-words"
    if _same_but_umlauts(x.text, y.text, x.written_out, y.written_out):
        return "spelling"
    if y.text in short_forms(x.text) or x.text in short_forms(y.text):
        return "nickname"
    if same_spelling(x.text, y.text) or (romanized and name_block(x.text) == name_block(y.text)):
        return "transliteration"
    return ""


def _same_but_umlauts(x: str, y: str, x_pattern: str, y_pattern: str) -> bool:
    """Is one the other with its umlauts written out? Only where the block stays, as it does but for such vowels together."""
    fits = x == y or (x_pattern != x and re.fullmatch(x_pattern, y)) or (y_pattern != y and re.fullmatch(y_pattern, x))
    return bool(fits) and name_block(x) == name_block(y)


def _initials_fit(x: Word, y: Word) -> bool:
    return (
        x.text.startswith(y.text)
        if y.initial and not x.initial
        else y.text.startswith(x.text) or (y.initial and x.text.startswith(y.text))
    )


def _goes_by_middle(given: Sequence[Word]) -> bool:
    """An initial, then a full name: J. Robert."""
    return len(given) > 1 and given[0].initial and not given[1].initial


def _unjoined(given: Sequence[Word], other: Sequence[Word]) -> Sequence[Word]:
    """A double name written as one word, parted where the other name parts it: Maryann as Mary Ann."""
    first = given[0]
    if len(other) < 2 or first.initial or other[1].initial or other[0].text not in COMPOUND:
        return given
    if first.text != other[0].text + other[1].text or len(other[1].text) < 2:
        return given
    unit = first.unit
    return (other[0]._replace(unit=unit), other[1]._replace(unit=unit), *given[1:])


def _compare_asian(one: PersonName, two: PersonName) -> Decision:
    """Names whose family name may stand first: family name and joined syllables, in whatever order; or initials and syllables."""
    if one.asian and two.asian:
        if one.asian[0] != two.asian[0]:
            return Decision(
                False, "last-names-differ", f"{one.asian[0].title()} and {two.asian[0].title()} are two family names."
            )
        if "".join(one.asian[1:]) != "".join(two.asian[1:]):
            return Decision(False, "given-names-differ", "The family name is the same, but the given names differ.")
        turned = one.words[0] != two.words[0]
        return Decision(
            True, "order" if turned else "spelling", "The family name and the syllables of the given name are the same."
        )
    east, west = (one, two) if one.asian else (two, one)
    letters = [w.text for w in west.given if w.initial]
    if west.last == (east.asian[0],) and len(letters) == len(west.given) <= len(east.asian) - 1:
        if all(s.startswith(i) for s, i in zip(east.asian[1:], letters, strict=False)):
            return Decision(True, "initial", "The initials are those of the given name; the family name is the same.")
        return Decision(
            False,
            "given-names-differ",
            "The family name is the same, but the initials are not those of the given name.",
        )
    return Decision(False, "last-names-differ", "One has its family name first, the other is no form of it.")


def _block(word: Word) -> str:
    return f"{word.text[0]}." if word.initial else name_block(word.text)


def _last_blocks(person: PersonName) -> set[str]:
    """The blocks of the last name, and of it with an Arabic article written to it or taken off."""
    last = person.last[-1]
    blocks = {name_block(last)}
    if len(person.last) == 1 and person.article:
        blocks.update(name_block(article + last) for article in ("al", "el"))
    elif len(person.last) == 1 and last.startswith(("al", "el")) and re.match(r"..\w{3}", last):
        blocks.add(name_block(last[2:]))
    return blocks


@lru_cache(maxsize=1 << 14)
def _given_blocks(given: tuple[Word, ...]) -> frozenset[str]:
    first = given[0]
    second = given[1] if len(given) > 1 else None
    if first.initial and second and not second.initial:  # J. Robert: Robert, J. R., and Julius Robert
        return frozenset(_forms(second.text) | {f"{first.text[0]}."} | {f"{c}*" for c in block_letters(first.text[0])})
    if first.initial:
        letters = {first.text[0], second.text[0]} if second else {first.text[0]}
        return frozenset(f"{c}*" for letter in letters for c in block_letters(letter))
    blocks = _forms(first.text) | {f"{first.text[0]}."}
    if second and not second.initial:  # Julius Robert: J. Robert
        blocks |= _forms(second.text)
        if first.text in COMPOUND:
            blocks.add(name_block(first.text + second.text))
    blocks.update(name_block(c) for c in COMPOUND if first.text.startswith(c) and len(first.text) > len(c) + 1)
    return frozenset(blocks)


def _forms(name: str) -> set[str]:
    return {name_block(form) for form in (name, *short_forms(name))}
