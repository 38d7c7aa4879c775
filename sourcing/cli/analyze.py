"""`sourcing analyze`: articles in, reports out, in the order of the inputs and as they are done."""

import codecs
import os
import shutil
import sys
from collections.abc import Iterator
from math import isnan
from typing import get_args

import rich_click as click

from sourcing.cli.mapping import map_option, parse_mapping
from sourcing.errors import UsageError
from sourcing.records import Failure, Report, Severity
from sourcing.report import FORMATS, Layout, format_named
from sourcing.report.untrusted import one_line

SEVERITIES: tuple[Severity, ...] = get_args(Severity)
MANY = (".jsonl", ".ndjson", ".csv", ".tsv", ".parquet", ".warc")
"""What files that hold several articles end with."""
MAX_WIDTH = 120
"""Columns of text output; longer lines are hard to read."""


@click.command("analyze")
@click.argument("paths", metavar="[PATH]...", nargs=-1, type=click.Path())
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice([entry.name for entry in FORMATS]),
    default="text",
    show_default=True,
    help="How reports are written; docs/report.md describes each format.",
)
@click.option("-o", "--output", metavar="FILE", type=click.Path(), help="Write to FILE, whole or not at all.")
@click.option("--select", metavar="CODES", multiple=True, help="Only findings with these codes, separated by commas.")
@click.option("--ignore", metavar="CODES", multiple=True, help="No findings with these codes, separated by commas.")
@click.option("--fail-on", type=click.Choice(SEVERITIES), help="Exit with 1 on a finding of this severity or worse.")
@click.option("--profile", metavar="FILE", help="A TOML file with other weights for the score.")
@click.option(
    "--corpus",
    metavar="FOLDER",
    type=click.Path(),
    help="Look speakers and quotes up in this corpus (`sourcing corpus add`).",
)
@click.option("--with-text", is_flag=True, help="Keep the article's text in JSON reports of plain text, too.")
@click.option(
    "--min-confidence",
    type=click.FloatRange(0, 1),
    default=0.0,
    show_default=True,
    help="Leave out attributions the model is less sure of.",
)
@click.option("--encoding", metavar="NAME", help="Read text files in this encoding; it is found out otherwise.")
@click.option(
    "--input-format",
    metavar="NAME",
    help="Read standard input as this (csv, markdown, ...); it is looked at otherwise.",
)
@map_option
@click.option(
    "--color",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="Colours in text output; auto: on a terminal, unless NO_COLOR is set.",
)
@click.option("--no-color", is_flag=True, help="The same as --color never.")
@click.pass_context
def command(
    ctx: click.Context,
    paths: tuple[str, ...],
    format_name: str,
    output: str | None,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    fail_on: Severity | None,
    profile: str | None,
    corpus: str | None,
    with_text: bool,
    min_confidence: float,
    encoding: str | None,
    input_format: str | None,
    mapping: tuple[str, ...],
    color: str,
    no_color: bool,
) -> None:
    """Report who speaks in each article, in whose words, and how good that sourcing is.

    PATH is a text, HTML, Word, Markdown, JSON, JSON Lines, CSV, Parquet or WARC file, a folder of these, or `-` for
    standard input, which is also read when there is no PATH and something is piped in. Reports go to standard output
    in the order of the inputs, all other messages to standard error. An input that cannot be read costs one line there
    and exit code 2, never the other reports.
    """
    from sourcing import analysis, documents
    from sourcing.cli.interrupt import Interruptible
    from sourcing.cli.output import check_apart, is_terminal, open_output
    from sourcing.cli.progress import can_watch, watch

    inputs = _inputs(paths)
    known = None
    if corpus is not None:
        from sourcing.corpus import Corpus

        known = Corpus(corpus)
    _check_encoding(encoding)
    _check_number(min_confidence)
    output = None if output == "-" else output
    check_apart(output, inputs)
    chosen = format_named(format_name)
    results = analysis.analyze_all(
        documents.read(inputs, encoding=encoding, stdin_format=input_format, mapping=parse_mapping(mapping)),
        profile=profile,
        select=_codes(select),
        ignore=_codes(ignore),
        min_confidence=min_confidence,
        with_text=with_text or chosen.needs_text,
        corpus=known,
    )
    if can_watch():
        shared = output is None and is_terminal(sys.stdout)
        results = watch(results, total=documents.count_inputs(inputs), shared=shared)
    tally = Tally(fail_on)
    layout = _layout(inputs, output, "never" if no_color else color)
    with open_output(output) as write, Interruptible(results) as interruptible:
        for chunk in chosen.render(tally.count(interruptible), layout):
            write(chunk)
    if interruptible.interrupted:
        click.echo(f"sourcing: interrupted; {tally.reports} done", err=True)
        ctx.exit(130)
    if not tally.reports and not tally.failures:
        raise UsageError(f"there is no article in {', '.join(inputs)}")
    ctx.exit(tally.exit_code)


class Tally:
    """What went through: how many reports, failures and findings that count, and the exit code that follows."""

    def __init__(self, fail_on: Severity | None) -> None:
        self.reports = self.failures = self.findings = 0
        self._counted = SEVERITIES[SEVERITIES.index(fail_on) :] if fail_on else ()

    def count(self, results: Iterator[Report | Failure]) -> Iterator[Report | Failure]:
        """Yield the results, counted; a failure is also one line on standard error."""
        for result in results:
            if isinstance(result, Failure):
                self.failures += 1
                click.echo(failure_line(result), err=True)
            else:
                self.reports += 1
                self.findings += sum(finding.severity in self._counted for finding in result.findings)
            yield result

    @property
    def exit_code(self) -> int:
        """2 for a failed input, else 1 for a finding that counts, else 0."""
        return 2 if self.failures else 1 if self.findings else 0


def failure_line(failure: Failure) -> str:
    """Return the failure as a line of standard error: `sourcing: feed.jsonl:12: is not valid JSON`.

    The message names the input itself, for those who see nothing else; here it is named once.
    """
    place = failure.input
    if failure.line is not None and not place.endswith(f":{failure.line}"):
        place = f"{place}:{failure.line}"
    message = failure.message
    for name in (place, failure.input):
        if message.startswith((f"{name} ", f"{name}:")):
            message = message[len(name) :].lstrip(": ")
            break
    return one_line(f"sourcing: {place}: {message}")


def _inputs(paths: tuple[str, ...]) -> tuple[str, ...]:
    if paths:
        return paths
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("Give at least one PATH, or pipe an article in.")
    return ("-",)


def _codes(given: tuple[str, ...]) -> list[str]:
    return [code.strip().upper() for codes in given for code in codes.split(",") if code.strip()]


def _check_encoding(encoding: str | None) -> None:
    try:
        if encoding is not None:
            codecs.lookup(encoding)
    except (LookupError, ValueError) as error:
        raise click.UsageError(f"There is no encoding {encoding!r}.") from error


def _check_number(min_confidence: float) -> None:
    if isnan(min_confidence):  # click's range lets it through, and no attribution would be as sure as that
        raise click.UsageError("--min-confidence has to be a number.")


def _layout(inputs: tuple[str, ...], output: str | None, color: str) -> Layout:
    from sourcing.cli.output import is_terminal

    terminal = output is None and is_terminal(sys.stdout)
    if color == "auto":
        plain = os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
        colored = terminal and not plain
    else:
        colored = color == "always"
    columns = shutil.get_terminal_size((100, 24)).columns if output is None else 100
    several = len(inputs) > 1 or any(map(_holds_many, inputs))
    return Layout(width=min(columns, MAX_WIDTH), color=colored, array=several)


def _holds_many(path: str) -> bool:
    from sourcing.cli.output import is_folder

    named_so = path.lower().removesuffix(".gz").endswith(MANY)
    return named_so or is_folder(path)
