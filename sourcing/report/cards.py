"""A source as the page shows it: numbered, with links to all it says."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from sourcing.records import Attribution, Report, Speaker
from sourcing.report.places import Places, place_of
from sourcing.report.speakers import SIGN, by_weight, identification, label, type_words


@dataclass(frozen=True)
class Card:
    """A source: its number in the margin, and links (place, anchor) to what it says."""

    number: int
    speaker: Speaker
    name: str
    sign: str
    type: str
    introduced: str
    links: tuple[tuple[str, str], ...]

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
        links = sorted((min(span.start for span in item.content), item.id) for item in said[speaker.id])
        yield Card(
            number=number,
            speaker=speaker,
            name=label(speaker),
            sign=SIGN[speaker.class_],
            type=type_words(speaker),
            introduced=identification(speaker),
            links=tuple((place_of(places, offset), anchor) for offset, anchor in links),
        )
