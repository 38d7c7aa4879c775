"""HTML: one self-contained page with the highlighted article, or a fragment of it for notebooks.

The page loads nothing: its style is inline, its charts are inline SVG, it has no script, and its content security
policy says so. Text of the article passes through jinja2's autoescape and `untrusted.visible`; addresses are links only
when plain http or https. Many reports stream through a spool file, so that memory stays constant.
"""

import base64
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import groupby
from tempfile import SpooledTemporaryFile
from typing import TYPE_CHECKING, NamedTuple

from sourcing.records import Failure, Report
from sourcing.report.article_view import ReportView, view_of
from sourcing.report.blocks import Block
from sourcing.report.formats import Format, Layout
from sourcing.report.untrusted import visible

if TYPE_CHECKING:
    from jinja2 import Environment

SPOOL = 8 * 1024 * 1024
"""Bytes of rendered articles kept in memory before they go to a temporary file."""


TIED = 60
"""Speakers whose card and passages light up together; the next ones still have their links."""


class Row(NamedTuple):
    """One line of the overview of a page with several articles."""

    prefix: str
    title: str
    score: float
    attributions: int
    named_share: float | None
    anonymous_share: float | None
    findings: int


def render(results: Iterator[Report | Failure], layout: Layout) -> Iterator[str]:
    """Yield one page: the overview (of several), each article, and the inputs that failed."""
    return _page(results, None)


def _page(results: Iterator[Report | Failure], corpus: str | None) -> Iterator[str]:
    rows: list[Row] = []
    failures: list[Failure] = []
    with SpooledTemporaryFile(SPOOL, "w+", encoding="utf-8", errors="replace", newline="") as spool:
        for number, result in enumerate(results, start=1):
            if isinstance(result, Failure):
                failures.append(result)
                continue
            view = view_of(result, f"r{number}-", corpus=corpus)
            rows.append(_row(view))
            spool.write(render_template("report.html.j2", view=view, level=1))
        spool.seek(0)
        yield render_template(
            "head.html.j2", rows=rows, failures=failures, style=base_style(), policy=policy_for(base_style())
        )
        while chunk := spool.read(1 << 16):
            yield chunk
    yield render_template("tail.html.j2")


def render_page(reports: Iterable[Report | Failure], *, corpus: str | None = None) -> str:
    """Return one self-contained HTML page for the reports; a Failure is listed with its message.

    corpus: the name of the corpus that the speakers were looked up in, for the heading.
    """
    return "".join(_page(iter(reports), corpus))


def render_fragment(report: Report) -> str:
    """Return one report as an HTML fragment that carries its style, for a notebook cell or another page.

    A report without its text shows the spans' own texts in the article's place.
    """
    view = view_of(report, f"r{report.article.sha256[:10]}-")
    return render_template("fragment.html.j2", view=view, level=3, style=base_style())


FORMAT = Format(
    name="html",
    summary="one self-contained page with the highlighted article",
    needs_text=True,
    render=render,
)


def _row(view: ReportView) -> Row:
    metrics = view.report.metrics
    return Row(
        prefix=view.prefix,
        title=view.title,
        score=view.report.score.value,
        attributions=metrics.attribution.attributions,
        named_share=metrics.sources.named_attribution_share,
        anonymous_share=metrics.anonymity.anonymous_attribution_share,
        findings=len(view.report.findings),
    )


def render_template(template: str, **context: object) -> str:
    """Fill a template of this folder; every string in it is escaped and made visible."""
    return environment().get_template(template).render(**context)


@cache
def environment() -> "Environment":
    """Return the templates' surroundings: where they are, and that every string is escaped and made visible."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from sourcing.report import figures, speakers

    environment = Environment(
        loader=PackageLoader("sourcing.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_make_visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "percent": figures.percent,
        "words": figures.component_words,
        "groupby_run": _neighbours,
    }
    environment.globals |= {"count": figures.count, "SIGN": speakers.SIGN, "NO_SIGN": speakers.NO_SIGN}
    return environment


def _neighbours(blocks: Iterable[Block]) -> Iterator[tuple[bool, list[Block]]]:
    """Paragraphs in the body, and out of it, by turns."""
    return ((skipped, list(group)) for skipped, group in groupby(blocks, key=lambda block: block.skipped))


def _make_visible(value: object) -> object:
    return visible(value) if type(value) is str else value


@cache
def base_style() -> str:
    """The style sheet, with one rule a speaker number that ties a source to its passages without a script."""
    css = resources.files("sourcing.report").joinpath("templates/style.css").read_text(encoding="utf-8")
    ties = ",\n".join(
        f'.sourcing .report:has([data-s="{number}"]:is(:hover,:focus-within,:target)) [data-s="{number}"]'
        for number in range(1, TIED + 1)
    )
    return f"{css}\n{ties} {{ background: var(--lit); }}\n"


def policy_for(style: str) -> str:
    """The content security policy of a page that holds this one style sheet, and nothing that runs or loads."""
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
