"""A report arranged for the page: the article's blocks, and the cards, notes and ticks that point into it.

Anchors are names unique within one report: `s1` a card by its number, `a1` an attribution, `m1` and `f1` a finding in
the text and in the list.
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import accumulate

from sourcing.records import ArticleInfo, Attribution, Finding, Report, SpeakerClass
from sourcing.records.metrics import Component
from sourcing.report.blocks import Block, article_blocks
from sourcing.report.cards import Card, source_cards
from sourcing.report.figures import Figure, key_figures
from sourcing.report.places import Places, place_of
from sourcing.report.speakers import NOBODY, SIGN
from sourcing.report.untrusted import one_line, shorten, web_address

UNTITLED = "draft"
"""The id of a text that was only pasted: nobody has named it, so it is no name to show."""

SHOWN = 90
"""Code points of the passage that a finding is about."""


@dataclass(frozen=True)
class Note:
    """A finding with its number, the words it is about, "" for none, its place and the anchor in the text, None when the text is
    not shown there."""

    number: int
    finding: Finding
    words: str
    place: str
    anchor: str | None


@dataclass(frozen=True)
class Tick:
    """Where in the body a class is heard: start and length in per cent of the body, lane from 0."""

    start: float
    length: float
    kind: str
    lane: int


@dataclass(frozen=True)
class Saying:
    """One attribution, or speech of nobody, without the article around it: for a report that has no text."""

    anchor: str
    card: Card | None
    kind: str
    content: str
    cue: str
    source: str


@dataclass(frozen=True)
class ReportView:
    """Everything a page shows of one report.

    components: each part of the score, and whether its bar is a percentile, so that it has a middle. resting: how many of them the
    score rests on. doubtful: whether it says little, because the annotator does not know the language or most are left out.
    """

    report: Report
    prefix: str
    title: str
    facts: tuple[str, ...]
    address: str | None
    figures: tuple[Figure, ...]
    components: tuple[tuple[Component, bool], ...]
    resting: int
    doubtful: bool
    cards: tuple[Card, ...]
    notes: tuple[Note, ...]
    ticks: tuple[Tick, ...]
    blocks: tuple[Block, ...]
    sayings: tuple[Saying, ...]
    nobody: str = NOBODY
    classes: dict[SpeakerClass, int] = field(default_factory=dict)

    @property
    def has_shares(self) -> bool:
        """Whether some component's bar is no percentile but the share itself."""
        return any(part.percentile is not None and not placed for part, placed in self.components)


def view_of(
    report: Report, prefix: str, *, struck: frozenset[str] = frozenset(), corpus: str | None = None
) -> ReportView:
    """Return the report arranged for a page; `prefix` keeps its anchors apart from another report's.

    struck: ids of attributions and quotes that an editor says are none. corpus: the name of the one that was asked.
    """
    article = report.article
    text = article.text if isinstance(article.text, str) else None
    places = Places(text) if text is not None else None
    cards = tuple(source_cards(report, places))
    by_speaker = {card.speaker.id: card for card in cards}
    blocks = tuple(article_blocks(report, text, by_speaker, struck)) if text is not None else ()
    there = {anchor for block in blocks for run in block.runs for anchor in run.anchors}
    parts = report.score.components
    resting = sum(part.weight > 0 for part in parts)
    return ReportView(
        report=report,
        prefix=prefix,
        title=title_of(article),
        facts=tuple(one_line(fact) for fact in _facts(article, corpus) if fact),
        address=web_address(article.url),
        figures=key_figures(report),
        components=tuple((part, _is_percentile(part)) for part in parts),
        resting=resting,
        doubtful=article.language != "en" or 2 * resting < len(parts),
        cards=cards,
        notes=tuple(
            Note(
                number,
                finding,
                shorten(text[finding.start : finding.end], SHOWN) if text else "",
                place_of(places, finding.start),
                name if (name := f"m{number}") in there else None,
            )
            for number, finding in enumerate(report.findings, start=1)
        ),
        ticks=tuple(_ticks(report, by_speaker)),
        blocks=blocks,
        sayings=() if blocks else tuple(_sayings(report, by_speaker)),
        classes={kind: sum(speaker.class_ == kind for speaker in report.speakers) for kind in SIGN},
    )


def title_of(article: ArticleInfo) -> str:
    """Return what a page calls an article: its title, or else the name that it came under."""
    return one_line(article.title or ("Untitled draft" if article.id == UNTITLED else article.id))


def _facts(article: ArticleInfo, corpus: str | None) -> Iterator[str | None]:
    yield article.outlet
    yield article.published
    yield article.id if article.title and article.id != UNTITLED else None
    yield article.language
    yield f"speakers looked up in {corpus}" if corpus else None


def _is_percentile(part: Component) -> bool:
    """Whether a component stands where it does among the reference's articles. Of what the reference has no figures for, the
    share itself counts, as the explanation then says."""
    return part.percentile is not None and "the share itself" not in part.explanation


def _ticks(report: Report, cards: dict[str, Card]) -> Iterator[Tick]:
    body = report.article.body
    before = [0, *accumulate(extent.end - extent.start for extent in body)]
    ends = [extent.end for extent in body]
    lanes = list(SIGN)
    for item in report.attributions:
        card = cards.get(item.speaker or "")
        if card is None:
            continue
        kind = card.speaker.class_
        for span in item.content:
            number = bisect_right(ends, span.start)
            while number < len(body) and body[number].start < span.end:
                left, right = max(span.start, body[number].start), min(span.end, body[number].end)
                start = 100 * (before[number] + left - body[number].start) / before[-1]
                yield Tick(round(start, 2), round(100 * (right - left) / before[-1], 2), kind, lanes.index(kind))
                number += 1


def _sayings(report: Report, cards: dict[str, Card]) -> Iterator[Saying]:
    found = [(item.content[0].start, _saying(item, cards)) for item in report.attributions if item.content]
    found += [
        (quote.start, Saying(quote.id, cards.get(quote.speaker or ""), "direct", one_line(quote.text), "", ""))
        for quote in report.quotes
        if quote.role == "unattributed"
    ]
    return (saying for _, saying in sorted(found, key=lambda entry: entry[0]))


def _saying(item: Attribution, cards: dict[str, Card]) -> Saying:
    return Saying(
        anchor=item.id,
        card=cards.get(item.speaker or ""),
        kind=item.kind,
        content=" … ".join(one_line(span.text) for span in item.content),
        cue=one_line(item.cue.text) if item.cue else "",
        source=one_line(item.source.text) if item.source else "",
    )
