"""What the annotator finds in an article: quotes, attributions, speakers.

The words are those of docs/architecture.md; the field names are the report's (schemas/report.json).
"""

from typing import Literal

import msgspec

from sourcing.records.article import Extent

Role = Literal["speech", "scare", "title", "term", "nested", "unattributed"]
Kind = Literal["direct", "mixed", "indirect"]
SpeakerType = Literal["person", "organization", "outlet", "document", "unnamed_person", "unnamed_group"]
SpeakerClass = Literal["named", "anonymous", "institutional"]

CLASS_OF_TYPE: dict[SpeakerType, SpeakerClass] = {
    "person": "named",
    "organization": "institutional",
    "outlet": "institutional",
    "document": "institutional",
    "unnamed_person": "anonymous",
    "unnamed_group": "anonymous",
}


class Span(msgspec.Struct, frozen=True, order=True):
    """A passage: half-open code-point offsets into the article's text, and the text there."""

    start: int
    end: int
    text: str


class Quote(msgspec.Struct, frozen=True, kw_only=True):
    """A passage in quotation marks, the marks included (an unclosed one ends with its paragraph)."""

    id: str
    start: int
    end: int
    text: str
    role: Role
    attribution: str | None = None
    speaker: str | None = None


class Attribution(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody is said to have said, written, thought or reported `content`.

    sentence: the number, from 0, of the body sentence in which the attribution's first span starts.
    confidence: the model's probability that this is an attribution, 0..1.
    """

    id: str
    kind: Kind
    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    speaker: str | None
    sentence: int
    confidence: float


class Anonymity(msgspec.Struct, frozen=True):
    """What the article says about withholding a name: whether it was granted or sought, and why."""

    granted: bool
    reason: str | None


class CorpusStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Where else in a corpus a named speaker is met."""

    status: Literal["quoted_elsewhere", "mentioned_elsewhere", "nowhere_else"]
    articles: int
    outlets: int
    examples: tuple[str, ...] = ()


class Speaker(msgspec.Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """The resolved source of one or more attributions of one article.

    name: the fullest form in the article without honorifics; None for anonymous speakers.
    description: how the text introduces the speaker ("a political analyst at Georgetown University").
    title: post or honorific ("General", "spokesman"). affiliation: the body the speaker belongs to.
    confidence: the model's probability that class is right, 0..1; 0 where no model judged.
    anonymity: None unless the speaker is anonymous.
    attributions, quotes: how many are this speaker's. words: words of content attributed to the speaker.
    """

    id: str
    name: str | None
    class_: SpeakerClass
    type: SpeakerType
    confidence: float = 0.0
    description: str | None = None
    title: str | None = None
    affiliation: str | None = None
    anonymity: Anonymity | None = None
    mentions: tuple[Span, ...] = ()
    attributions: int = 0
    quotes: int = 0
    words: int = 0
    corpus: CorpusStatus | None = None


class ModelCard(msgspec.Struct, frozen=True):
    """Which weights annotated the article."""

    name: str
    version: str


class Annotation(msgspec.Struct, frozen=True, kw_only=True):
    """Everything the annotator says of one article; the measures read nothing else.

    sentences: the body's sentences in order. unbalanced: quote marks that open or close nothing.
    person_names: every place in the body where a person's name stands, speakers or not.
    """

    language: str
    sentences: tuple[Extent, ...]
    quotes: tuple[Quote, ...]
    attributions: tuple[Attribution, ...]
    speakers: tuple[Speaker, ...]
    unbalanced: tuple[Extent, ...] = ()
    person_names: tuple[Span, ...] = ()
    model: ModelCard
    warnings: tuple[str, ...] = ()
