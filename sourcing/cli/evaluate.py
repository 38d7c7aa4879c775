"""`sourcing evaluate`: how right the annotator is on a gold standard."""

import gzip
import io
import json
import zlib
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import rich_click as click

from sourcing.errors import InputError, UsageError


@click.command(name="evaluate")
@click.option("--gold", required=True, type=click.Path(path_type=Path), help="JSON Lines of gold articles (.gz too).")
@click.option(
    "--reports", type=click.Path(path_type=Path), help="Score these reports (JSON Lines) instead of analyzing now."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
@click.option(
    "--errors",
    metavar="FILE",
    type=click.Path(),
    help="Write every mistake, in its context and by kind, to FILE: one HTML page, whole or not at all.",
)
def command(gold: Path, reports: Path | None, as_json: bool, errors: str | None) -> None:
    """Score the annotator, or reports made elsewhere, against gold attributions.

    The gold format and every figure are described in docs/annotator.md. `--errors` shows the cases behind them: attributions
    missed, false alarms, sources, classes and names that are wrong, borders and cues that differ, and quotations misjudged,
    each kind with what it costs.
    """
    from sourcing.cli.output import check_apart, open_output
    from sourcing.evaluate import evaluate
    from sourcing.report.mistakes import render_mistakes

    if errors == "-":
        raise UsageError("--errors needs a file; standard output is for the figures")
    check_apart(errors, [str(path) for path in (gold, reports) if path])
    articles = []
    for number, article in _json_lines(gold):
        if fault := _fault(article):
            raise InputError("invalid-gold", str(gold), f"{gold}: line {number}: {fault}", number)
        articles.append(article)
    with open_output(errors) if errors else nullcontext() as write:  # fails now, not after a long analysis
        if reports:
            found = {r["article"]["id"]: r for _, r in _json_lines(reports) if isinstance(r.get("article"), dict)}
        else:
            found = dict(_analyze(articles))
        figures = evaluate(articles, found)
        if write:
            write(render_mistakes(articles, found))
    if as_json:
        click.echo(json.dumps(figures, indent=1))
        return
    for key, value in figures.items():
        cells = " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
        click.echo(f"{key:24s} {cells}")


def _fault(article: dict[str, Any]) -> str | None:
    """What is wrong with a gold article, or None."""
    if not (isinstance(article.get("id"), str) and isinstance(article.get("text"), str)):
        return "id and text must be strings"
    if not isinstance(article.get("attributions"), list):
        return "attributions must be a list"
    for attribution in article["attributions"]:
        for role in ("source", "cue", "content"):
            spans = attribution.get(role) if isinstance(attribution, dict) else None
            if not isinstance(spans, list) or not all(
                isinstance(s, list) and len(s) == 2 and all(isinstance(n, int) for n in s) for s in spans
            ):
                return f"each attribution needs {role} as a list of [start, end]"
    return None


def _analyze(articles: list[dict[str, Any]]) -> Iterator[tuple[str, dict[str, Any]]]:
    from rich.console import Console
    from rich.progress import track

    from sourcing.analysis import analyze_all
    from sourcing.documents import article_from_text
    from sourcing.records import Report

    console = Console(stderr=True)
    items = (article_from_text(a["text"], id=a["id"]) for a in articles)
    results = track(
        analyze_all(items), "analyzing", total=len(articles), console=console, disable=not console.is_terminal
    )
    for result in results:
        if isinstance(result, Report):
            yield result.article.id, result.to_dict()


def _json_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield (line number, object) of a JSON Lines file, packed or not."""
    number = 0
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream: Any = gzip.GzipFile(fileobj=raw) if packed else raw
            with io.TextIOWrapper(stream, encoding="utf-8") as lines:
                for line in lines:
                    number += 1
                    if line.strip():
                        value = json.loads(line)
                        if not isinstance(value, dict):
                            raise ValueError("not a JSON object")
                        yield number, value
    except OSError as error:
        raise InputError("unreadable", str(path), f"{path}: cannot be read ({error.strerror or error})") from error
    except (ValueError, EOFError, zlib.error, RecursionError) as error:
        raise InputError("invalid-json", str(path), f"{path}: line {number}: {error}", number) from error
