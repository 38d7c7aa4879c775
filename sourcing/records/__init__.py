"""The records that pass between the stages: frozen, typed, and nothing else is shared."""

from sourcing.records.annotation import (
    CLASS_OF_TYPE,
    Annotation,
    Anonymity,
    Attribution,
    CorpusStatus,
    Kind,
    ModelCard,
    NamedPerson,
    Quote,
    Role,
    Span,
    Speaker,
    SpeakerClass,
    SpeakerType,
)
from sourcing.records.article import Article, Extent, Failure
from sourcing.records.elsewhere import Elsewhere, Expected, OneRoad, QuoteElsewhere
from sourcing.records.metrics import Metrics, Score
from sourcing.records.report import SCHEMA_VERSION, ArticleInfo, Finding, Report, Severity

__all__ = [
    "CLASS_OF_TYPE",
    "SCHEMA_VERSION",
    "Annotation",
    "Anonymity",
    "Article",
    "ArticleInfo",
    "Attribution",
    "CorpusStatus",
    "Elsewhere",
    "Expected",
    "Extent",
    "Failure",
    "Finding",
    "Kind",
    "Metrics",
    "ModelCard",
    "NamedPerson",
    "OneRoad",
    "Quote",
    "QuoteElsewhere",
    "Report",
    "Role",
    "Score",
    "Severity",
    "Span",
    "Speaker",
    "SpeakerClass",
    "SpeakerType",
]
