"""A source as the page shows it: numbered, with all its words."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from sourcing.records import Attribution, Report, Speaker
from sourcing.report.places import Places, place_of
from sourcing.report.speakers import SIGN, by_weight, identification, label, type_words
from sourcing.report.untrusted import one_line, shorten

SHOWN = 140
"""Code points of a statement that a card shows at once."""

FIRST = 5
"""Statements that a card shows at once."""


class Words(NamedTuple):
    """What a source says at one place. anchor: of the place. whole: all of it, where `words` are only its beginning, else ""."""

    place: str
    anchor: str
    words: str
    whole: str


@dataclass(frozen=True)
class Card:
    """A source: its number in the margin, and what it says, in the order of the text."""

    number: int
    speaker: Speaker
    name: str
    sign: str
    type: str
    introduced: str
    said: tuple[Words, ...]

    @property
    def first(self) -> tuple[Words, ...]:
        """The statements that are seen at once."""
        return self.said[:FIRST]

    @property
    def others(self) -> tuple[Words, ...]:
        """The statements that are folded away."""
        return self.said[FIRST:]

    @property
    def nowhere_else(self) -> bool:
        """Whether a corpus was asked and nobody else there has met this speaker."""
        return self.speaker.corpus is not None and self.speaker.corpus.status == "nowhere_else"


def source_cards(report: Report, places: Places | None) -> Iterator[Card]:
    """Yield a card a speaker, the one with most attributed words first."""
    said: dict[str, list[Attribution]] = defaultdict(list)
    for item in report.attributions:
        if item.speaker and item.content:
            said[item.speaker].append(item)
    for number, speaker in enumerate(by_weight(report), start=1):
        yield Card(
            number=number,
            speaker=speaker,
            name=label(speaker),
            sign=SIGN[speaker.class_],
            type=type_words(speaker),
            introduced=identification(speaker),
            said=tuple(_words(item, places) for item in sorted(said[speaker.id], key=_start)),
        )


def _start(item: Attribution) -> int:
    return min(span.start for span in item.content)


def _words(item: Attribution, places: Places | None) -> Words:
    whole = " … ".join(one_line(span.text) for span in item.content)
    words = shorten(whole, SHOWN)
    return Words(place_of(places, _start(item)), item.id, words, "" if words == whole else whole)
