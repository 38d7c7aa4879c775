"""The terminal: what a fact-check desk reads in a minute, and what a log file keeps without a colour.

Score first, then the figures, who speaks, what they say, and what a rule found, each with line and column. Classes have
a sign as well as a colour; severities are words. Without colour the output is plain text.
"""

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sourcing.records import Failure, Report
from sourcing.report.figures import component_words, count, key_figures
from sourcing.report.formats import Format, Layout
from sourcing.report.places import Places, place_of
from sourcing.report.quoted import paraphrases, quoted_passages
from sourcing.report.speakers import (
    NO_SIGN,
    NOBODY,
    SIGN,
    by_weight,
    elsewhere_words,
    first_offset,
    identification,
    label,
    type_words,
)
from sourcing.report.untrusted import one_line

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

MAX_PASSAGES = 60
"""Passages shown in full; a desk reads no more in a terminal, and the HTML page has them all."""

# Named colours follow the reader's own terminal theme, light or dark.
CLASS_STYLE = {"named": "green", "institutional": "cyan", "anonymous": "magenta"}
SEVERITY_STYLE = {"error": "bold red", "warning": "yellow", "info": "blue"}
BAR = 20


def render(results: Iterator[Report | Failure], layout: Layout) -> Iterator[str]:
    """Yield one block a report; failures are left to the caller, who has an error stream."""
    first = True
    for result in results:
        if isinstance(result, Report):
            yield ("" if first else "\n\n") + render_report(result, layout)
            first = False


def console_for(stream: io.StringIO, layout: Layout, *, least: int) -> "Console":
    """Return a console that writes into `stream`, at least so many columns wide; the layout decides, not the environment."""
    from rich.console import Console

    return Console(
        file=stream,
        width=max(layout.width, least),
        force_terminal=layout.color,
        color_system="standard" if layout.color else None,
        no_color=not layout.color,
        legacy_windows=False,
        markup=False,
        emoji=False,
        highlight=False,
        _environ={},
    )


def render_report(report: Report, layout: Layout) -> str:
    """Return one report as text `layout.width` columns wide, ending in a line feed."""
    stream = io.StringIO()
    console = console_for(stream, layout, least=40)
    text = report.article.text
    places = Places(text) if isinstance(text, str) else None
    _header(console, report)
    _score(console, report)
    _figures(console, report)
    _sources(console, report, places)
    _passages(console, report, places)
    _findings(console, report, places)
    return "\n".join(line.rstrip() for line in stream.getvalue().split("\n"))


FORMAT = Format(
    name="text",
    summary="for reading in a terminal; plain text in a pipe",
    needs_text=True,
    render=render,
)


def _header(console: "Console", report: Report) -> None:
    article = report.article
    title = one_line(article.title) if article.title else ""
    _line(console, (title or one_line(article.id), "bold"))
    facts = [article.outlet, article.published, article.id if title else None, article.language]
    facts += [count(article.words, "word"), count(article.sentences, "sentence")]
    _line(console, (" · ".join(one_line(fact) for fact in facts if fact), "dim"))
    for warning in report.warnings:
        _line(console, ("warning: ", "yellow"), one_line(warning))


def _score(console: "Console", report: Report) -> None:
    from rich.text import Text

    score = report.score
    console.print()
    _line(
        console,
        ("Score ", "bold"),
        (f"{score.value:.0f}", "bold"),
        " of 100 ",
        (f"  profile {one_line(score.profile)}, bars are percentiles of the reference articles", "dim"),
    )
    explained = console.width >= 80
    rows = _grid("", "right", "", "right", *([""] if explained else []))
    rows.columns[2].no_wrap = True
    for component in score.components:
        left_out = component.percentile is None
        value = "–" if left_out else f"{component.percentile:.0f}"
        rows.add_row(
            component_words(one_line(component.name)),
            value,
            _bar(component.percentile),
            "" if left_out else f"×{component.weight:.2f}",
            *([Text(one_line(component.explanation), style="dim")] if explained else []),
        )
    console.print(rows)


def _bar(percentile: float | None) -> "Text":
    from rich.text import Text

    filled = 0 if percentile is None else round(min(max(percentile, 0.0), 100.0) / 100 * BAR)
    return Text.assemble(("━" * filled, "bold"), ("·" * (BAR - filled), "dim"))


def _figures(console: "Console", report: Report) -> None:
    from rich.text import Text

    _heading(console, "Key figures")
    figures = key_figures(report)
    columns = 2 if console.width >= 96 else 1
    half = -(-len(figures) // columns)
    table = _grid(*["", "right", ""] * columns)
    for row in range(half):
        cells: list[RenderableType] = []
        for figure in figures[row::half]:
            cells += [figure.label, Text(figure.value, style="bold"), Text(figure.note, style="dim")]
        table.add_row(*cells)
    console.print(table)


def _sources(console: "Console", report: Report, places: Places | None) -> None:
    from rich.text import Text

    classes = [
        f"{SIGN[kind]} {amount} {kind}"
        for kind in SIGN
        if (amount := sum(speaker.class_ == kind for speaker in report.speakers))
    ]
    _heading(console, "Sources", ", ".join(classes) or "nobody speaks in this article")
    if not report.speakers:
        return
    wide = console.width >= 88
    table = _grid("", "", *([""] if wide else []), "right", "right", "right", "right", expand=True)
    table.columns[1].ratio = 1
    heads = ["", "who", *(["type"] if wide else []), "attr.", "quotes", "words", "first at"]
    table.add_row(*(Text(head, style="dim") for head in heads))
    for speaker in by_weight(report):
        style = CLASS_STYLE[speaker.class_]
        who = Text(label(speaker), style=style if speaker.name else f"{style} italic")
        known = identification(speaker)
        status = f"corpus: {words}" if (words := elsewhere_words(speaker)) else ""
        for extra in filter(None, (known, status)):
            who.append(f"\n{extra}", style="not italic dim")
        offset = first_offset(report, speaker)
        table.add_row(
            Text(SIGN[speaker.class_], style=style),
            who,
            *([type_words(speaker)] if wide else []),
            str(speaker.attributions),
            str(speaker.quotes),
            str(speaker.words),
            "–" if offset is None else place_of(places, offset),
        )
    console.print(table)


def _passages(console: "Console", report: Report, places: Places | None) -> None:
    from rich.text import Text

    passages, left_out = quoted_passages(report), paraphrases(report)
    _heading(console, "Quoted", f"and {count(left_out, 'paraphrase')} not shown" if left_out else "")
    if not passages:
        _line(console, ("no speech in quotation marks", "dim"))
        return
    table = _grid("right", "", "")
    table.columns[0].style, table.columns[0].no_wrap = "dim", True
    for passage in passages[:MAX_PASSAGES]:
        speaker = passage.speaker
        style = CLASS_STYLE[speaker.class_] if speaker else "bold red"
        styles = {"said": style, "frame": "underline", "between": "dim"}
        words = Text.assemble(
            (label(speaker) if speaker else NOBODY, f"{style} bold"),
            (" → ", "dim"),
            *((part, styles[kind]) for part, kind in passage.parts),
        )
        sign = SIGN[speaker.class_] if speaker else NO_SIGN
        table.add_row(place_of(places, passage.start), Text(sign, style=style), words)
    console.print(table)
    if len(passages) > MAX_PASSAGES:
        rest = count(len(passages) - MAX_PASSAGES, "more passage")
        _line(console, (f"… and {rest}; --format html shows them all", "dim"))


def _findings(console: "Console", report: Report, places: Places | None) -> None:
    from rich.text import Text

    amounts = [
        count(amount, severity) if severity != "info" else f"{amount} info"
        for severity in SEVERITY_STYLE
        if (amount := sum(finding.severity == severity for finding in report.findings))
    ]
    _heading(console, "Findings", ", ".join(amounts) or "none")
    if not report.findings:
        return
    table = _grid("right", "", "", "")
    for finding in report.findings:
        table.add_row(
            Text(place_of(places, finding.start), style="dim"),
            Text(one_line(finding.code), style="bold"),
            Text(finding.severity, style=SEVERITY_STYLE[finding.severity]),
            one_line(finding.message),
        )
    for column in table.columns[:3]:
        column.no_wrap = True
    console.print(table)


def _heading(console: "Console", title: str, note: str = "") -> None:
    console.print()
    _line(console, (title, "bold"), (f"  {note}" if note else "", "dim"))


def _line(console: "Console", *parts: str | tuple[str, str]) -> None:
    """Print styled parts as one paragraph."""
    from rich.text import Text

    console.print(Text.assemble(*parts))


def _grid(*justify: str, expand: bool = False) -> "Table":
    from rich.table import Table

    table = Table.grid(padding=(0, 2, 0, 0), expand=expand)
    for side in justify:
        table.add_column(justify="right" if side == "right" else "left", overflow="fold")
    return table
