"""The body as numbered words, and which of them lie in which passages: the ground all measures stand on.

A passage is a list of ranges of word numbers, half-open, sorted, apart from each other. All sums over passages are
sorted sweeps, so the time grows with the article's length and not with its square.

>>> merged([(4, 6), (0, 2), (1, 3), (6, 6)])
[(0, 3), (4, 6)]
>>> overlaps([(0, 2), (2, 5)], [(1, 4)])
[1, 2]
"""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from sourcing.records import Annotation, Article, Extent, Quote, Span, Speaker
from sourcing.text import word_spans

Ranges = list[tuple[int, int]]
SPEECH_ROLES = ("speech", "unattributed")


@dataclass(frozen=True)
class Passages:
    """One article's words with the passages worked out from its annotation, each at most once."""

    article: Article
    annotation: Annotation

    @cached_property
    def words(self) -> list[tuple[int, int]]:
        """The body's words as (start, end) offsets, in order."""
        text = self.article.text
        return [span for extent in self.article.body for span in word_spans(text, extent.start, extent.end)]

    @cached_property
    def starts(self) -> list[int]:
        """Where each word starts."""
        return [start for start, _ in self.words]

    @cached_property
    def ends(self) -> list[int]:
        """Where each word ends."""
        return [end for _, end in self.words]

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """The words of each body sentence."""
        return [self.range_of(extent) for extent in self.annotation.sentences]

    @cached_property
    def attributed(self) -> Ranges:
        """The words inside attributed content."""
        return self.passage(span for attribution in self.annotation.attributions for span in attribution.content)

    @cached_property
    def speech_quotes(self) -> list[Quote]:
        """The quotes that are somebody's speech, whether or not the text says whose."""
        return [quote for quote in self.annotation.quotes if quote.role in SPEECH_ROLES]

    @cached_property
    def speech(self) -> Ranges:
        """The words inside speech."""
        return self.passage(self.speech_quotes)

    @cached_property
    def speakers(self) -> dict[str, Speaker]:
        """The speakers by id."""
        return {speaker.id: speaker for speaker in self.annotation.speakers}

    @cached_property
    def attributions_of(self) -> Counter[str]:
        """How many attributions each speaker has."""
        return Counter(a.speaker for a in self.annotation.attributions if a.speaker in self.speakers)

    @cached_property
    def words_of(self) -> dict[str, Ranges]:
        """The words attributed to each speaker, each word once a speaker."""
        spans: dict[str, list[Span]] = defaultdict(list)
        for attribution in self.annotation.attributions:
            if attribution.speaker is not None and attribution.speaker in self.speakers:
                spans[attribution.speaker].extend(attribution.content)
        return {speaker: self.passage(content) for speaker, content in spans.items()}

    def range_of(self, extent: Extent | Span | Quote) -> tuple[int, int]:
        """Return the numbers of the words that share a character with `extent`."""
        first = bisect_right(self.ends, extent.start)
        return first, max(first, bisect_left(self.starts, extent.end))

    def passage(self, extents: Iterable[Extent | Span | Quote]) -> Ranges:
        """Return the words inside any of `extents`."""
        return merged(self.range_of(extent) for extent in extents)


def merged(ranges: Iterable[tuple[int, int]]) -> Ranges:
    """Return the union of `ranges`, sorted and apart."""
    union: Ranges = []
    for start, end in sorted(ranges):
        if start >= end:
            continue
        if union and start <= union[-1][1]:
            union[-1] = (union[-1][0], max(union[-1][1], end))
        else:
            union.append((start, end))
    return union


def size(ranges: Ranges) -> int:
    """Return the number of words in `ranges`."""
    return sum(end - start for start, end in ranges)


def overlaps(pieces: Sequence[tuple[int, int]], ranges: Ranges) -> list[int]:
    """Return, for each of `pieces`, how many of its words lie in `ranges` (sorted and apart)."""
    counts = []
    range_ends = [end for _, end in ranges]
    for start, end in pieces:
        at, count = bisect_right(range_ends, start), 0
        while at < len(ranges) and ranges[at][0] < end:
            count += min(end, ranges[at][1]) - max(start, ranges[at][0])
            at += 1
        counts.append(count)
    return counts
