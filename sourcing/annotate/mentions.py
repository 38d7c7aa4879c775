"""Read a source mention: who is its head, what title stands before the name, what the text adds after it.

"Dr. Emily Carter, a political analyst at Georgetown University" gives the name Emily Carter, the title Dr., the description
"a political analyst at Georgetown University" and the affiliation Georgetown University.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from sourcing.annotate.names import HONORIFICS
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
LONGEST_DESCRIPTION = 160  # characters; a longer apposition is a sentence of its own


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
    for segment in re.split(r"([,;(—–]| - |\band\b|&)", mention.text):
        end = position + len(segment)
        stop = end
        for word in re.finditer(r"\w+", segment):
            if word.group().lower() in PREPOSITIONS and word.start() > 0:
                stop = position + word.start()
                break
        here = [p for p in inside if position <= p.start and p.end <= stop and not _is_modifier(p, stop, text)]
        if here and (not found or text[found[-1].end : here[-1].start].strip(" ,").lower() in ("and", "&", ", and")):
            found.append(here[-1])
        position = end
    return found


def _is_modifier(name: Span, stop: int, text: str) -> bool:
    """Does the name only modify a noun that follows: a possessive, or "Trump campaign manager"?"""
    rest = text[name.end : stop]
    if re.match(r"['’]s?\b|['’](?=\s)", rest):
        return True
    following = re.match(r"\s+(\w+)", rest)
    return bool(
        following
        and following.group(1).islower()
        and following.group(1) not in ("and", "himself", "herself", "jr", "sr")
    )


def introduce(name: Span, text: str, bounds: tuple[int, int], organizations: Sequence[Span]) -> Introduction:
    """What stands around one place of a person's name, within its sentence `bounds`: title before, apposition after."""
    title = _title_before(name, text, bounds[0])
    description = _apposition(name, text, bounds)
    scope = (name.start - (len(title) + 40 if title else 40), name.end + (len(description) + 4 if description else 0))
    near = [o for o in organizations if o.start >= max(bounds[0], scope[0]) and o.end <= min(bounds[1], scope[1])]
    affiliation = None
    for place in near:
        if (description and place.text in description) or (
            title
            and place.text in text[scope[0] : name.start]
            and place.end > name.start - len(title) - 40
            and place.text in title
        ):
            affiliation = place.text
            break
    following = re.match(r"\s+(?:of|from|at|with)\s+(?:the\s+)?", text[name.end : name.end + 20])
    if affiliation is None and following:
        at = name.end + following.end()
        affiliation = next((o.text for o in organizations if o.start == at), None)
    return Introduction(title, description, affiliation)


def _title_before(name: Span, text: str, floor: int) -> str | None:
    """The run of title words before a name: honorifics, and the noun phrase that leads to it ("UN official")."""
    inside = name.text.split()
    own: list[str] = []
    while len(inside) > 1 and re.sub(r"\.", "", inside[0]).lower() in HONORIFICS:
        own.append(inside.pop(0))
    before = text[max(floor, name.start - 90) : name.start]
    words = re.findall(r"\S+", before)
    taken: list[str] = []
    for word in reversed(words):
        bare = word.strip("“”\"‘’'(").rstrip(".").lower()
        if word[-1] in ',;:!?”"’)' or not bare:
            break
        if bare in HONORIFICS or (taken and (word[0].isupper() or bare in ("of", "for", "and", "vice"))):
            taken.insert(0, word)
            continue
        if word[-1] == "." or bare in PREPOSITIONS or bare in DETERMINERS or len(taken) >= 6:
            break
        if re.fullmatch(r"[\w-]+(?:['’]s)?", word) and _leads_to_name(word):
            taken.insert(0, word)
            continue
        break
    while taken and (taken[0].lower() in ("of", "for", "and") or re.search(r"['’]s$", taken[0])):
        taken.pop(0)
    title = " ".join(taken + own)
    return title or None


# Nouns for posts and occupations end in few ways in English; measured by what it adds on the gate's titles, see docs/annotator.md.
OCCUPATION = re.compile(
    r"(?i)(?:er|or|ist|ian|man|woman|person|ant|ent|ee|ive|ic|ary|chair|chief|head|cial|yst|ess|oner|mate|ow|tor)$"
)


def _leads_to_name(word: str) -> bool:
    return (word[0].islower() and bool(OCCUPATION.search(word))) or (word.isupper() and len(word) > 1)


def _apposition(name: Span, text: str, bounds: tuple[int, int]) -> str | None:
    """The phrase set off by a comma after the name, up to the next comma, dash or the end of the clause."""
    rest = text[name.end : bounds[1]]
    age = re.match(r",\s*(\d{1,3})\s*,?", rest)
    match = re.match(
        r"\s*(?:,\s*\d{1,3}\s*)?[,(—–]\s*((?:an?|the|who|whose|one|chief|senior|former|head|co-\w+|director|professor|\w+(?:er|or|ist|ian|man|woman|ent|ant|yst)\b)[^,;()—–“”\"‘]*)",
        rest,
    )
    if match is None and age:
        return age.group(1)
    if match is None:
        following = re.match(
            r"\s+((?:of|from|at|with)\s+[^,;()—–“”\"‘.]{2,80}?)(?=[,;()—–.]|\s+(?:said|says|told)\b|$)", rest
        )
        return following.group(1).strip() if following and following.group(1).split()[1][:1].isalnum() else None
    phrase = match.group(1).strip()
    if phrase.endswith(".") and not re.search(r"\b[A-Z]\.$", phrase):
        phrase = phrase[:-1]
    return phrase if 2 < len(phrase) <= LONGEST_DESCRIPTION else None


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
    """Is the mention a bare pronoun?"""
    return mention.strip().lower() in PRONOUNS
