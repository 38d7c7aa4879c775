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


AttestedAs = Literal["quoted_elsewhere", "mentioned_elsewhere", "listed", "nowhere_else"]


class CorpusStatus(msgspec.Struct, frozen=True, kw_only=True):
    """Where else in a corpus a named speaker is met; near-duplicate copies of this article are left out.

    name: the name that was looked up; of several who speak together the least attested one's. articles: other articles that
    quote or name the speaker; quoting: those of them that quote. stories: the same with near-duplicate copies counted once.
    outlets: of these articles, by registered domain where there is no name. names: the forms of the name found there.
    examples: ids of some of the articles. listed: on an imported list of people.
    """

    name: str = ""
    status: AttestedAs
    articles: int
    quoting: int = 0
    stories: int = 0
    outlets: int
    names: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    listed: bool = False


class NamedPerson(msgspec.Struct, frozen=True, kw_only=True):
    """A person whom the article names, speaker or not: the fullest form without honorifics, where it first stands, how often."""

    name: str
    start: int
    end: int
    mentions: int


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
    person_names: every place in the body where a person's name stands, speakers or not; people: whose names these are.
    """

    language: str
    sentences: tuple[Extent, ...]
    quotes: tuple[Quote, ...]
    attributions: tuple[Attribution, ...]
    speakers: tuple[Speaker, ...]
    unbalanced: tuple[Extent, ...] = ()
    person_names: tuple[Span, ...] = ()
    people: tuple[NamedPerson, ...] = ()
    model: ModelCard
    warnings: tuple[str, ...] = ()
