"""Is this a report that can be corrected? It comes from a caller, and everything after relies on what is checked here.

Spans have to hold the very text that stands there; so a report is never much larger than what was sent, however it is read.
"""

import re
from collections.abc import Iterable, Iterator

import msgspec

from sourcing.corrections.records import CorrectionError
from sourcing.records import CLASS_OF_TYPE, Extent, Finding, NamedPerson, Quote, Report, Span
from sourcing.text import sha256_of

ID = re.compile(r"[aqs][1-9][0-9]{0,8}")
LONGEST_LINE = 2000  # code points of an article's id and title: they stand in every listing


def check_report(report: Report, sha256: str) -> None:
    """Raise CorrectionError unless `report` has the text of which `sha256` is the hash, and agrees with it and with itself."""
    text = text_of(report)
    if sha256_of(text) != sha256:
        raise CorrectionError("other-text", "/article/text", "The text is not the one this address stands for.")
    if report.article.sha256 != sha256:
        raise CorrectionError("other-text", "/article/sha256", "The hash is not the text's.")
    for name in ("id", "title"):
        if len(getattr(report.article, name) or "") > LONGEST_LINE:
            raise CorrectionError("too-long", f"/article/{name}", f"At most {LONGEST_LINE} characters.")
    _check_body(report.article.body, len(text))
    for pointer, place in _places(report):
        if not 0 <= place.start <= place.end <= len(text):
            raise CorrectionError("bad-offsets", pointer, "The offsets lie outside the text.")
        if isinstance(place, Span | Quote) and text[place.start : place.end] != place.text:
            raise CorrectionError("bad-offsets", pointer, "Another text stands at these offsets.")
    _check_ids(report)


def text_of(report: Report) -> str:
    """The article's text; raises CorrectionError when the report came without."""
    if isinstance(report.article.text, msgspec.UnsetType):
        raise CorrectionError("no-text", "/article/text", "The report has no text: analyze the article with its text.")
    return report.article.text


def _check_body(body: Iterable[Extent], length: int) -> None:
    past = 0
    for number, extent in enumerate(body):
        if not past <= extent.start <= extent.end <= length:
            message = "The body's stretches lie within the text, in order and apart."
            raise CorrectionError("bad-offsets", f"/article/body/{number}", message)
        past = extent.end


def _places(report: Report) -> Iterator[tuple[str, Span | Quote | NamedPerson | Finding]]:
    """Every stretch that the report names, with a pointer to it."""
    for n, quote in enumerate(report.quotes):
        yield f"/quotes/{n}", quote
    for n, attribution in enumerate(report.attributions):
        for k, span in enumerate(attribution.content):
            yield f"/attributions/{n}/content/{k}", span
        if attribution.cue:
            yield f"/attributions/{n}/cue", attribution.cue
        if attribution.source:
            yield f"/attributions/{n}/source", attribution.source
    for n, speaker in enumerate(report.speakers):
        for k, span in enumerate(speaker.mentions):
            yield f"/speakers/{n}/mentions/{k}", span
    for n, person in enumerate(report.people):
        yield f"/people/{n}", person
    for n, finding in enumerate(report.findings):
        yield f"/findings/{n}", finding


def _check_ids(report: Report) -> None:
    """Ids are unique and well formed, and what refers to something refers to something that is there."""
    attributions = _ids("attributions", "a", [a.id for a in report.attributions])
    speakers = _ids("speakers", "s", [s.id for s in report.speakers])
    _ids("quotes", "q", [q.id for q in report.quotes])
    for n, attribution in enumerate(report.attributions):
        if not attribution.content:
            raise CorrectionError("no-content", f"/attributions/{n}/content", "An attribution has content.")
        _check_reference(f"/attributions/{n}/speaker", attribution.speaker, speakers)
    for n, quote in enumerate(report.quotes):
        _check_reference(f"/quotes/{n}/attribution", quote.attribution, attributions)
        _check_reference(f"/quotes/{n}/speaker", quote.speaker, speakers)
    for n, speaker in enumerate(report.speakers):
        if speaker.class_ != CLASS_OF_TYPE[speaker.type]:
            raise CorrectionError("bad-class", f"/speakers/{n}/class", "The class follows from the type.")


def _ids(name: str, letter: str, ids: list[str]) -> set[str]:
    seen: set[str] = set()
    for n, identity in enumerate(ids):
        if not ID.fullmatch(identity) or identity[0] != letter or identity in seen:
            raise CorrectionError("bad-id", f"/{name}/{n}/id", f"Ids are {letter}1, {letter}2 ... and unique.")
        seen.add(identity)
    return seen


def _check_reference(pointer: str, identity: str | None, known: set[str]) -> None:
    if identity is not None and identity not in known:
        raise CorrectionError("bad-reference", pointer, "It refers to something the report does not have.")
