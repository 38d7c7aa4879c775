"""What browsers send: a draft to be read, or a report that a page carried back."""

from pathlib import PurePath
from typing import NamedTuple

import msgspec
from fastapi import Request
from starlette.datastructures import FormData, UploadFile

from sourcing.api.media import READERS_OF_ONE
from sourcing.api.page.rendering import drawn, service_of
from sourcing.api.problems import Problem
from sourcing.api.uploads import form_of
from sourcing.api.work import Upload
from sourcing.corrections import CorrectionError, check_report
from sourcing.documents import READERS
from sourcing.records import Report
from sourcing.report.article_view import UNTITLED
from sourcing.report.untrusted import one_line

ENDINGS = {ending: reader.name for reader in READERS if reader.name in READERS_OF_ONE for ending in reader.endings}
MANY = tuple(ending for reader in READERS if reader.name not in READERS_OF_ONE for ending in reader.endings)
"""How names of files end that hold many articles."""

OTHERS = {".pdf": "a PDF", ".doc": "an old Word", ".rtf": "an RTF", ".odt": "an OpenDocument", ".pages": "a Pages"}
"""What writers also keep their drafts in."""

MOST_PLACES, DEPTH, FREE = 100_000, 50, 10_000
"""Places that a report marks, how many lie over one letter on average, and letters that short texts have free. Of the reports of
PolNeAR's 840 training articles none has more than 1,213 places, 3.1 deep."""
MOST_NAME = 300  # letters of a title or an outlet


class Draft(NamedTuple):
    """The form as it was filled in. name, data: of a file; name is "" when none was chosen."""

    text: str = ""
    title: str = ""
    outlet: str = ""
    corpus: str = ""
    name: str = ""
    data: bytes = b""


def field(form: FormData, name: str) -> str:
    """A field's words; "" when it is not there."""
    value = form.get(name, "")
    return value if isinstance(value, str) else ""


async def read_draft(request: Request) -> Draft:
    """The draft that was sent. Line ends are as in the box, not as browsers send them."""
    async with form_of(request, most=service_of(request).settings.max_body) as form:
        file = form.get("file")
        chosen = isinstance(file, UploadFile) and bool(file.filename)
        return Draft(
            text=field(form, "text").replace("\r\n", "\n"),
            title=field(form, "title")[:MOST_NAME].strip(),
            outlet=field(form, "outlet")[:MOST_NAME].strip(),
            corpus=field(form, "corpus"),
            name=one_line(file.filename or "") if isinstance(file, UploadFile) and chosen else "",
            data=await file.read() if isinstance(file, UploadFile) and chosen else b"",
        )


def upload_of(draft: Draft) -> Upload:
    """The article to analyze: the file, or else the text in the box. Raises Problem when there is neither, or no such kind."""
    if draft.name:
        ending = PurePath(draft.name).suffix.lower()
        if ending not in ENDINGS:
            raise Problem(415, "media-type", _no_draft(draft.name, ending), pointer="/file")
        return Upload(data=draft.data, kind=ENDINGS[ending], name=draft.name, id=PurePath(draft.name).stem)
    if not draft.text.strip():
        raise Problem(422, "empty", "Paste a text, or choose a file.", pointer="/text")
    if draft.text.lstrip()[:200].lower().startswith(("<!doctype html", "<html")):
        return Upload(data=draft.text.encode("utf-8", "replace"), kind="html", name="the draft", id=UNTITLED)
    if _is_article(draft.text):
        return Upload(data=draft.text.encode("utf-8", "replace"), kind="json", name="the draft", id=UNTITLED)
    article = {"id": UNTITLED, "text": draft.text, "title": draft.title or None, "outlet": draft.outlet or None}
    return Upload(data=msgspec.json.encode(article), kind="json", name="the draft", id=UNTITLED)


def _no_draft(name: str, ending: str) -> str:
    """Why a file is not read here, and what to do instead."""
    if ending in OTHERS:
        return f"{name} is {OTHERS[ending]} file: save its text, or the draft as .docx, and give that."
    if name.lower().removesuffix(".gz").endswith(MANY):
        return f"{name} holds many articles: add it to a corpus (sourcing corpus add)."
    return f"A file’s name has to end in {', '.join(sorted(ENDINGS))}."


def _is_article(text: str) -> bool:
    """Whether what was pasted is an article as JSON has it, and no prose."""
    if not text.lstrip().startswith("{"):
        return False
    try:
        value = msgspec.json.decode(text.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return False
    return isinstance(value, dict) and "text" in value


def named(report: Report, draft: Draft) -> Report:
    """The report with the title and the outlet that were typed in beside a file."""
    title, outlet = draft.title or report.article.title, draft.outlet or report.article.outlet
    return msgspec.structs.replace(report, article=msgspec.structs.replace(report.article, title=title, outlet=outlet))


async def carried_report(request: Request, form: FormData) -> Report:
    """The report that a page carried back in its form. Raises Problem 422 for what is none."""
    return await drawn(_decode, field(form, "report"))


def _decode(text: str) -> Report:
    try:
        report = Report.from_json(text.encode("utf-8", "surrogatepass"))
    except (msgspec.MsgspecError, RecursionError) as error:
        raise Problem(422, "bad-report", "The page did not send a report back.", pointer="/report") from error
    try:
        _check(report)
    except CorrectionError as error:
        raise Problem(
            422, "bad-report", f"The page did not send its report back: {error}", pointer="/report"
        ) from error
    return report


def _check(report: Report) -> None:
    """Raise CorrectionError for what no analysis makes, so that whatever was sent can be drawn, and soon."""
    text = report.article.text
    if isinstance(text, str):
        check_report(report, report.article.sha256)
    places = [(extent.start, extent.end) for extent in report.article.body]
    for item in report.attributions:
        places += [(span.start, span.end) for span in (*item.content, item.cue, item.source) if span is not None]
    for speaker in report.speakers:
        places += [(span.start, span.end) for span in speaker.mentions]
    places += [(quote.start, quote.end) for quote in report.quotes]
    places += [(finding.start, finding.end) for finding in report.findings]
    lengths = [end - start for start, end in places]
    length = len(text) if isinstance(text, str) else max((end for _, end in places), default=0)
    if min((*lengths, *(start for start, _ in places)), default=0) < 0 or any(
        e.start == e.end for e in report.article.body
    ):
        raise CorrectionError("bad-offsets", "", "The offsets do not fit.")
    if len(places) > MOST_PLACES or sum(lengths) > DEPTH * (length + FREE):
        raise CorrectionError("too-many", "", "More is marked than any analysis marks.")
