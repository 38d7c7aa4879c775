"""SRC302: a speaker known by one name only."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import word_list
from sourcing.records import Finding

ONE_NAME_TITLES = word_list("one_name_titles")
SUFFIXES = frozenset(("jr", "sr", "ii", "iii", "iv"))


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each named speaker (or one of several speaking together) without a given name."""
    for speaker in view.annotation.speakers:
        if speaker.class_ != "named" or ONE_NAME_TITLES & set((speaker.title or "").lower().split()):
            continue
        single = [name for name in (speaker.name or "").split(" & ") if is_single(name)]
        if single and (at := view.first_mention(speaker)):
            message = f"Only one name for {single[0]}: give the full name at the first mention."
            yield RULE.finding(at, message, speaker=speaker.id)


def is_single(name: str) -> bool:
    """Return whether `name` is one word, suffixes aside.

    >>> is_single("Marsh Jr."), is_single("O. Marsh")
    (True, False)
    """
    return sum(1 for word in name.split() if word.lower().strip(".,") not in SUFFIXES) == 1


RULE = Rule(
    code="SRC302",
    name="single-name",
    severity="warning",
    summary="A named speaker given only by a last name or a single name.",
    why="One name fits many people: readers, and anyone who checks, cannot tell which. A sovereign's or pope's title "
    "makes up for it.",
    fix="Give the full name at the first mention. If the person goes by one name, say so.",
    triggers="Marsh, the valley's ferry pilot, said the wall had held for forty years.",
    passes="Olga Marsh, the valley's ferry pilot, said the wall had held. Marsh said it would hold again.",
    check=check,
)
