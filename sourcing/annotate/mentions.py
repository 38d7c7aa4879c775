"""Read a source mention: who is its head, what title stands before the name, what the text adds after it.

"Dr. Emily Carter, a political analyst at Georgetown University" gives the name Emily Carter, the title Dr., the description
"a political analyst at Georgetown University" and the affiliation Georgetown University.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sourcing.annotate.names import HONORIFICS, SUFFIXES
from sourcing.records import Span

# Closed classes: English prepositions and relative words end the head of a noun phrase; articles and possessives open one.
PREPOSITIONS = frozenset(
    "of from in at for on with to by under against about near within who whose that which when where as after before during "
    "among between inside outside speaking".split()
)
DETERMINERS = frozenset(
    "a an the this that these those his her its their our my your some any one another other".split()
)
PRONOUNS = frozenset(
    "he she they we i you it who which that him her them us me his hers himself herself themselves itself".split()
)
BORDER = re.compile(r"[,;(—–]| - |\band\b|&")  # between the parts of a mention
LONGEST_DESCRIPTION = 160  # characters; a longer apposition is a sentence of its own
LONGEST_TITLE = 80


class Introduction(NamedTuple):
    """How the text introduces a speaker; None where it says nothing."""

    title: str | None
    description: str | None
    affiliation: str | None


def head_names(mention: Span, people: Sequence[Span], text: str) -> list[Span]:
    """The personal names that a mention is about, not those it only contains.

    "Clinton’s campaign manager, Robby Mook" -> Robby Mook; "a spokesman for Trump" -> none.
    """
    inside = [p for p in people if p.start >= mention.start and p.end <= mention.end]
    found: list[Span] = []
    position = mention.start
    for border in [*BORDER.finditer(text, mention.start, mention.end), None]:
        end = border.start() if border else mention.end
        if any(p.start < end < p.end for p in inside):  # "Ada Quill, Jr."
            continue
        stop = end
        for word in re.finditer(r"\w+", text[position:end]):
            if word.group().lower() in PREPOSITIONS and word.start() > 0:
                stop = position + word.start()
                break
        here = [p for p in inside if position <= p.start and p.end <= stop and not _is_modifier(p, stop, text)]
        if here and (not found or text[found[-1].end : here[-1].start].strip(" ,").lower() in ("and", "&", ", and")):
            found.append(here[-1])
        position = border.end() if border else end
    return found


def _is_modifier(name: Span, stop: int, text: str) -> bool:
    """Does the name only modify a noun that follows: a possessive, "Brand campaign manager"? Or is it the first word of a
    body's name ("Brand Foods", "Ada Brand Trust")?"""
    rest = text[name.end : stop]
    possessive = re.match(r"['’]s?(?!\w)", rest)
    if possessive:
        return bool(rest[possessive.end() :].strip())  # "Quill’s" alone, before a cue such as "view", is Quill
    following = re.match(r"\s+(\w\w+)", rest)  # one letter is a party: "Ada Quill R-Texas"
    if not following or following.group(1).lower() in SUFFIXES:
        return False
    return following.group(1)[0].isupper() or following.group(1) not in ("and", "himself", "herself")


def introduce(
    name: Span, mention: Span | None, text: str, bounds: tuple[int, int], organizations: Sequence[Span]
) -> Introduction:
    """What one place of a person's name says of the person.

    Inside a source mention the model has drawn the borders: what leads to the name is a title ("UN official"), or, set off
    by a comma, a description; so is what follows. Elsewhere in the sentence (`bounds`) only forms of address and plain
    appositions count.
    """
    title, description = _address_before(name, text, bounds[0]), None
    if mention is not None and mention.start <= name.start and name.end <= mention.end:
        lead = _undetermined(text[mention.start : name.start])
        if lead.endswith(","):
            description = lead.rstrip(" ,") or None
        elif lead and len(lead) <= LONGEST_TITLE:
            title = lead
        description = _after(text[name.end : mention.end]) or description
    description = description or _apposition(text[name.end : bounds[1]])
    said = f"{title or ''} {description or ''}"
    near = (o for o in organizations if bounds[0] <= o.start and o.end <= bounds[1])
    affiliation = next((o.text for o in near if o.text in said), None)
    return Introduction(title, description, affiliation)


def _undetermined(lead: str) -> str:
    words = " ".join(lead.split()).split(" ")
    while words and (words[0].lower() in DETERMINERS or re.search(r"(?:['’]s|s['’])$", words[0])):
        words.pop(0)
    return " ".join(words)


def _address_before(name: Span, text: str, floor: int) -> str | None:
    """The forms of address right before a name, and those the name span begins with."""
    own = [w for w in name.text.split()[:-1] if w.rstrip(".").lower() in HONORIFICS]
    before = text[max(floor, name.start - 40) : name.start].split()
    taken: list[str] = []
    while before and before[-1].rstrip(".").lower() in HONORIFICS:
        taken.insert(0, before.pop())
    return " ".join([*taken, *own]) or None


def _after(tail: str) -> str | None:
    """The rest of a mention behind the name, as a description."""
    if re.match(r"['’]|\s+(?:and|&)\s", tail):
        return None
    plain = " ".join(tail.split()).strip(" ,;:()—–-.")
    aged = re.sub(r"^\d{1,3},\s*", "", plain) or plain
    return aged if 1 < len(aged) <= LONGEST_DESCRIPTION else None


APPOSITION = re.compile(
    r"\s?(?:,\s?\d{1,3}\s?)?[,(—–]\s?((?:an?|the|who|whose|one\sof|his|her|their|its)\s[^,;:()—–“”\"‘]{2,160})(?=[,;:()—–“”\"‘]|$)"
)


def _apposition(rest: str) -> str | None:
    """A phrase set off by a comma right after the name, opened by an article or a relative word."""
    match = APPOSITION.match(rest[: LONGEST_DESCRIPTION + 20])
    return match.group(1).strip(" .") if match else None


def normal_form(mention: str) -> str:
    """A mention reduced to what two mentions of one anonymous speaker or body share: no determiner, possessive, case.

    >>> normal_form("The Pentagon’s spokesperson")
    "pentagon's spokesperson"
    """
    words = mention.replace("’", "'").lower().strip(" ,.").split()
    while len(words) > 1 and words[0] in DETERMINERS:
        words.pop(0)
    return " ".join(words)


def is_pronoun(mention: str) -> bool:
    """Is the mention a bare pronoun? "US" and "WHO" are none.

    >>> is_pronoun("She"), is_pronoun("WHO"), is_pronoun("the mayor")
    (True, False, False)
    """
    word = mention.strip()
    return word.lower() in PRONOUNS and (len(word) == 1 or not word.isupper())
