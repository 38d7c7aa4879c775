"""A report as a file to keep: made from the report that the page carries, so the server needs no memory of it."""

import re
from typing import NamedTuple

from anyio import to_thread
from fastapi import Request, Response

from sourcing.api.page.forms import carried_report, field, form_of, most_carried
from sourcing.api.page.rendering import page_router
from sourcing.api.problems import Problem
from sourcing.records import Report
from sourcing.report import Layout, format_named

router = page_router()

MOST_NAME = 60  # letters of a file's name
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")


class Kind(NamedTuple):
    """A kind of file: the report's format, its media type, and how its name ends."""

    media: str
    ending: str


KINDS = {
    "json": Kind("application/json", ".json"),
    "csv": Kind("text/csv; charset=utf-8", ".csv"),
    "html": Kind("text/html; charset=utf-8", ".html"),
}


@router.post("/export")
async def export(request: Request) -> Response:
    """The report as a download."""
    async with form_of(request, most=most_carried(request)) as form:
        name = field(form, "format")
        report = await carried_report(request, form)
    if name not in KINDS:
        raise Problem(422, "no-format", f"There are these formats: {', '.join(KINDS)}.", pointer="/format")
    data = await to_thread.run_sync(_written, report, name)
    kind = KINDS[name]
    file = f"{safe_name(report.article.id)}-sourcing{kind.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{file}"', "Cache-Control": "no-store"}
    return Response(data, media_type=kind.media, headers=headers)


def _written(report: Report, format: str) -> bytes:
    return "".join(format_named(format).render(iter([report]), Layout())).encode("utf-8", "replace")


def safe_name(id: str) -> str:
    """Return a file's name without anything that a system or a header could take for more than a name.

    >>> safe_name("../a: “b”.txt"), safe_name("…")
    ('a-b-.txt', 'article')
    """
    return _UNSAFE.sub("-", id).strip(".-_")[:MOST_NAME] or "article"
