"""What comes out: the report, field for field the contract in schemas/report.json."""

from typing import Any, Literal

import msgspec

from sourcing.records.annotation import Attribution, ModelCard, NamedPerson, Quote, Speaker
from sourcing.records.article import Extent
from sourcing.records.metrics import Metrics, Score

SCHEMA_VERSION = "1.0"
Severity = Literal["info", "warning", "error"]


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's remark on a stretch of text, like a linter's."""

    code: str
    severity: Severity
    message: str
    start: int
    end: int
    speaker: str | None = None


class ArticleInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The report's `article` object. words and sentences count the body; sha256 is of the UTF-8 text as given."""

    id: str
    title: str | None
    outlet: str | None
    author: str | None = None
    url: str | None
    published: str | None
    language: str
    sha256: str
    words: int
    sentences: int
    body: tuple[Extent, ...]
    text: str | msgspec.UnsetType = msgspec.UNSET


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """One article's sourcing report."""

    schema_version: str = SCHEMA_VERSION
    article: ArticleInfo
    quotes: tuple[Quote, ...]
    attributions: tuple[Attribution, ...]
    speakers: tuple[Speaker, ...]
    people: tuple[NamedPerson, ...] = ()
    metrics: Metrics
    score: Score
    findings: tuple[Finding, ...]
    model: ModelCard
    warnings: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain dicts and lists, the shape of schemas/report.json."""
        plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(self))
        return plain

    def to_json(self, *, indent: int | None = None) -> str:
        """Return the report as JSON text; `indent` spaces a level, or one line when None."""
        encoded = msgspec.json.encode(self)
        return (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()

    @classmethod
    def from_json(cls, text: str | bytes) -> "Report":
        """Read a report back from `to_json`'s text; raises msgspec.ValidationError when it is none."""
        return msgspec.json.decode(text, type=cls)

    def _repr_html_(self) -> str:
        """The highlighted article for notebooks (needs the text: `analyze` keeps it)."""
        from sourcing.report.html import render_fragment

        return render_fragment(self)
