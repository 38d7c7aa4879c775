"""`sourcing evaluate`: how right the annotator is on a gold standard."""

import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import rich_click as click

from sourcing.errors import InputError


@click.command(name="evaluate")
@click.option("--gold", required=True, type=click.Path(path_type=Path), help="JSON Lines of gold articles (.gz too).")
@click.option(
    "--reports", type=click.Path(path_type=Path), help="Score these reports (JSON Lines) instead of analyzing now."
)
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def command(gold: Path, reports: Path | None, as_json: bool) -> None:
    """Score the annotator, or reports made elsewhere, against gold attributions.

    The gold format and every figure are described in docs/annotator.md.
    """
    from sourcing.evaluate import evaluate

    articles = list(_json_lines(gold))
    for number, article in enumerate(articles, 1):
        if not all(k in article for k in ("id", "text", "attributions")):
            raise InputError("invalid-gold", str(gold), f"{gold}: line {number} lacks id, text or attributions", number)
    found = {r["article"]["id"]: r for r in _json_lines(reports)} if reports else dict(_analyze(articles))
    figures = evaluate(articles, found)
    if as_json:
        click.echo(json.dumps(figures, indent=1))
        return
    for key, value in figures.items():
        cells = " ".join(f"{k}={v}" for k, v in value.items()) if isinstance(value, dict) else str(value)
        click.echo(f"{key:24s} {cells}")


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


def _json_lines(path: Path) -> Iterator[dict[str, Any]]:
    number = 0
    try:
        with path.open("rb") as raw:
            packed = raw.read(2) == b"\x1f\x8b"
            raw.seek(0)
            stream: Any = gzip.GzipFile(fileobj=raw) if packed else raw
            for line in io.TextIOWrapper(stream, encoding="utf-8"):
                number += 1
                if line.strip():
                    value = json.loads(line)
                    if not isinstance(value, dict):
                        raise ValueError("not a JSON object")
                    yield value
    except OSError as error:
        raise InputError("unreadable", str(path), f"{path}: cannot be read ({error.strerror or error})") from error
    except (ValueError, EOFError) as error:
        raise InputError("invalid-json", str(path), f"{path}: line {number}: {error}", number) from error
