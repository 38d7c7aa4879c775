"""`sourcing compare`: outlets, authors, months or domains of a corpus side by side."""

import shutil
import sys
from pathlib import Path

import rich_click as click


@click.command("compare")
@click.argument("corpus", type=click.Path())
@click.option(
    "--by",
    type=click.Choice(["outlet", "author", "month", "domain"]),
    default="outlet",
    show_default=True,
    help="What makes a group; an article without an outlet counts under its domain.",
)
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(["text", "json", "csv", "html"]),
    default="text",
    show_default=True,
    help="docs/compare.md describes each.",
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Write to FILE, whole or not at all.")
@click.option("--minimum", type=click.IntRange(2), default=20, show_default=True, help="Fewest articles of a group.")
@click.option(
    "--charts", metavar="FOLDER", type=click.Path(), help="Write the charts into FOLDER, as SVG and PNG files."
)
@click.option(
    "--seed", type=int, default=1, show_default=True, help="Of the bootstrap; the same seed gives the same figures."
)
def command(
    corpus: str, by: str, format_name: str, output: str | None, minimum: int, charts: str | None, seed: int
) -> None:
    """Compare the articles of CORPUS by outlet: every figure with mean, median and 95 % bootstrap interval, and how groups differ.

    Copies of one story count as one voice in all intervals. docs/compare.md says what the numbers can and cannot show.
    """
    from sourcing.cli.corpus import warn_if_stale
    from sourcing.cli.output import is_terminal, open_output
    from sourcing.cli.progress import spinner
    from sourcing.corpus import Corpus
    from sourcing.report import Layout
    from sourcing.report.comparison import draw_charts, render
    from sourcing.report.untrusted import one_line

    found = Corpus(corpus)
    warn_if_stale(found)
    with open_output(output) as write:
        with spinner("comparing"):
            table = found.figures(by=by)
            comparison = found.compare(by=by, minimum=minimum, seed=seed, figures=table)
            columns = shutil.get_terminal_size((100, 24)).columns if output is None else 100
            layout = Layout(width=min(columns, 120), color=output is None and is_terminal(sys.stdout))
            text = render(comparison, format_name, table=table, layout=layout)
        write(text)
    if not comparison.groups:
        few = ", ".join(f"{one_line(name)} ({count})" for name, count in comparison.small_groups[:5])
        said = f"; there are {few}" if few else ""
        click.echo(f"sourcing: no {by} has {minimum} articles or more{said}. --minimum N lowers the limit", err=True)
    if charts is not None:
        folder = Path(charts)
        for path in draw_charts(comparison, table, folder):
            click.echo(str(path), err=True)
