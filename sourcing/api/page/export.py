"""A report as a file to keep: made from the report that the page carries, so the server needs no memory of it."""

import re
from typing import NamedTuple

from fastapi import Request, Response

from sourcing.api.page.forms import carried_report, field
from sourcing.api.page.rendering import drawn, page_router, service_of
from sourcing.api.page.shown import corrected
from sourcing.api.problems import Problem
from sourcing.api.uploads import form_of
from sourcing.records import Report
from sourcing.report import Layout, format_named
from sourcing.report.html import render_page

router = page_router()

MOST_NAME = 60  # letters of a file's name
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Kind(NamedTuple):
    """A kind of file: the report's format, its media type, and whether it has the desk's corrections in it."""

    format: str
    media: str
    corrected: bool


KINDS = {
    "json": Kind("json", "application/json", corrected=False),
    "json-corrected": Kind("json", "application/json", corrected=True),
    "csv": Kind("csv", "text/csv; charset=utf-8", corrected=True),
    "html": Kind("html", "text/html; charset=utf-8", corrected=True),
}
"""All are as the page shows the report, but for the model's own JSON."""


@router.post("/export")
async def export(request: Request) -> Response:
    """The report as a download; its name says whether corrections are in it."""
    async with form_of(request, most=service_of(request).settings.max_report) as form:
        name, corpus = field(form, "format"), field(form, "corpus")
        report = await carried_report(request, form)
    if name not in KINDS:
        raise Problem(422, "no-format", f"There are these formats: {', '.join(KINDS)}.", pointer="/format")
    kind = KINDS[name]
    state = service_of(request).settings.state
    said = await drawn(corrected, state, report) if kind.corrected else report
    data = await service_of(request).work(written, said, kind.format, corpus or None)
    by_the_desk = "" if said is report else "-corrected"
    file = f"{safe_name(report.article.id)}-sourcing{by_the_desk}.{kind.format}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
    return Response(data, media_type=kind.media, headers=headers)


def written(report: Report, format: str, corpus: str | None) -> bytes:
    """The report in a format. Run in a worker: a page or a table of a long report takes seconds."""
    if format == "html":
        return render_page([report], corpus=corpus).encode("utf-8", "replace")
    return "".join(format_named(format).render(iter([report]), Layout())).encode("utf-8", "replace")


def safe_name(id: str) -> str:
    """Return a file's name without anything that a system or a header could take for more than a name.

    >>> safe_name("../a: “b”.txt"), safe_name("…")
    ('a-b-.txt', 'article')
    """
    return _UNSAFE.sub("-", id).strip(".-_")[:MOST_NAME] or "article"
