"""What a corpus answers about itself and its speakers."""

from typing import Literal

import msgspec

from sourcing.records.annotation import SpeakerClass


class CorpusInfo(msgspec.Struct, frozen=True, kw_only=True):
    """What is in a corpus.

    stories: articles with near-duplicate copies counted once. speakers: named speakers, one per article. names: different
    names of people. undated, unplaced: articles without a month, without outlet and domain. ungrouped: articles added since copies
    were looked for last. listed: names on imported lists. bytes: on disk.
    """

    path: str
    version: int
    articles: int
    stories: int
    ungrouped: int
    outlets: int
    speakers: int
    names: int
    quotes: int
    listed: int
    first_month: str | None
    last_month: str | None
    undated: int
    unplaced: int
    models: tuple[str, ...]
    bytes: int


class Unattested(msgspec.Struct, frozen=True, kw_only=True, rename={"class_": "class"}):
    """A named speaker met in one story only. company: the most such speakers in one of the articles, this one counted."""

    name: str
    class_: SpeakerClass
    articles: tuple[str, ...]
    outlets: tuple[str, ...]
    quotes: int
    attributions: int
    words: int
    company: int
    title: str | None = None
    affiliation: str | None = None
    description: str | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True):
    """A form of a name in the corpus, and why it was joined or kept apart."""

    name: str
    articles: int
    attributions: int
    rule: str
    why: str


class WhoIs(msgspec.Struct, frozen=True, kw_only=True):
    """What a corpus knows under a name. forms: those taken for the same; apart: like names that were not."""

    name: str
    kind: Literal["person", "body"]
    articles: int
    stories: int
    outlets: tuple[str, ...]
    forms: tuple[Form, ...]
    apart: tuple[Form, ...]
    listed: tuple[str, ...]
    examples: tuple[str, ...]


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """Something that `corpus verify` found wrong. harm: whether figures suffer, or only space is lost."""

    table: str
    harm: bool
    message: str
