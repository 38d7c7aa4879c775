"""What a corpus says of an article: where its speakers and its quotes are met elsewhere."""

from typing import Literal

import msgspec

from sourcing.records.annotation import CorpusStatus


class QuoteElsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """A quote of the article that another one has otherwise: in other words ("wording"), or as somebody else's ("credit").

    quote: the id here. text, speaker, article, outlet: the other article's. similarity: of the words, 0..1.
    """

    quote: str
    kind: Literal["wording", "credit"]
    text: str
    speaker: str | None
    article: str
    outlet: str | None
    similarity: float


class OneRoad(msgspec.Struct, frozen=True, kw_only=True):
    """All articles with the draft's quotes cite one outlet (or are its own) or each other, and nobody else. articles: their ids."""

    outlet: str
    articles: tuple[str, ...]


class Expected(msgspec.Struct, frozen=True, kw_only=True):
    """What share (0..1) of named speakers met nowhere else is to be expected of an article of this size in this corpus, with its
    95 % interval. compared: articles it is the mean of; percentile: per cent of them with a smaller share."""

    share: float
    low: float
    high: float
    compared: int
    percentile: float


class Elsewhere(msgspec.Struct, frozen=True, kw_only=True):
    """All that a corpus says of one article. speakers: by speaker id, named ones with a full name only; undetermined: how many
    named speakers have one name only. warning: why nothing could be said."""

    speakers: dict[str, CorpusStatus]
    undetermined: int = 0
    quotes: tuple[QuoteElsewhere, ...] = ()
    road: OneRoad | None = None
    expected: Expected | None = None
    warning: str | None = None
