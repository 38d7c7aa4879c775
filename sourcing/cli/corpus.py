"""`sourcing corpus`: a folder of reports, what is in it, and who speaks nowhere else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import rich_click as click

from sourcing.cli.mapping import map_option, parse_mapping
from sourcing.report.untrusted import one_line

if TYPE_CHECKING:
    from sourcing.corpus import Corpus
    from sourcing.corpus.add import Added

JSON_OR_TEXT = click.option(
    "-f", "--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True,
    help="For people, or for scripts.",
)  # fmt: skip


@click.group("corpus")
def command() -> None:
    """Keep a corpus of reports, and ask it who is met elsewhere.

    A corpus is a folder of Delta Lake tables: several processes may add and read at once. docs/corpus.md says how speakers
    are told apart and what "nowhere else" means.
    """


@command.command("add")
@click.argument("corpus", type=click.Path())
@click.argument("paths", metavar="PATH...", nargs=-1, required=True, type=click.Path())
@click.option("--workers", type=click.IntRange(1), help="Processes; by default one a core.")
@click.option("--batch", type=click.IntRange(1), default=5000, show_default=True, help="Articles in one commit.")
@JSON_OR_TEXT
@click.option("--keep-text", is_flag=True, help="Keep the article texts inside the stored reports.")
@click.option("--encoding", metavar="NAME", help="Read text files in this encoding; it is found out otherwise.")
@click.option(
    "--input-format",
    metavar="NAME",
    help="Read standard input as this (csv, markdown, ...); it is looked at otherwise.",
)
@map_option
@click.pass_context
def add(
    ctx: click.Context,
    corpus: str,
    paths: tuple[str, ...],
    workers: int | None,
    batch: int,
    format_name: str,
    keep_text: bool,
    encoding: str | None,
    input_format: str | None,
    mapping: tuple[str, ...],
) -> None:
    """Add articles (every input that `analyze` takes) or JSON Lines of reports to CORPUS, which is made if need be.

    Run it again after an interruption and it goes on where it stopped: what is there as it is is left alone, and an article
    whose id is there with another text takes its place. Inputs that cannot be read are listed, and the others added.
    """
    from sourcing.corpus import Corpus

    store = Corpus(corpus, create=True)
    try:
        with _progress() as progress:
            sums = store.add(
                paths,
                workers=workers,
                batch=batch,
                keep_text=keep_text,
                stdin_format=input_format,
                encoding=encoding,
                mapping=parse_mapping(mapping) or None,
                progress=progress,
            )
    except KeyboardInterrupt:
        click.echo("sourcing: interrupted; what was committed stays, and the next run goes on from there", err=True)
        ctx.exit(130)
    _list_failures(sums.failures)
    parts = [f"{sums.added:,} added", f"{sums.updated:,} updated", f"{sums.unchanged:,} unchanged"]
    if sums.failures:
        parts.append(f"{len(sums.failures):,} could not be taken")
    click.echo(f"{corpus}: {', '.join(parts)}", err=True)
    if format_name == "json":
        counts = {"added": sums.added, "updated": sums.updated, "unchanged": sums.unchanged}
        _print_json({**counts, "failures": sums.failures})
    ctx.exit(2 if sums.failures else 0)


@command.command("info")
@click.argument("corpus", type=click.Path())
@JSON_OR_TEXT
def info(corpus: str, format_name: str) -> None:
    """Say what is in CORPUS."""
    from sourcing.corpus import Corpus
    from sourcing.report.corpus_text import info_lines

    found = Corpus(corpus).info()
    if format_name == "json":
        _print_json(found)
        return
    for line in info_lines(found):
        click.echo(line)


@command.command("list")
@click.argument("corpus", type=click.Path())
@click.option("--outlet", help="Only articles of this outlet or domain.")
@click.option("--since", metavar="DATE", help="Only articles published in or after this year, month or day.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@JSON_OR_TEXT
def list_articles(corpus: str, outlet: str | None, since: str | None, limit: int | None, format_name: str) -> None:
    """List the articles of CORPUS by id."""
    from sourcing.corpus import Corpus

    table = Corpus(corpus).articles(outlet=outlet, since=since, limit=limit)
    columns = ["id", "outlet", "domain", "published", "title", "author", "score", "url", "story"]
    for batch in table.select(columns).to_batches():
        for row in batch.to_pylist():
            if format_name == "json":
                _print_json(row)
            else:
                place = row["outlet"] or row["domain"] or "-"
                cells = (row["id"], place, row["published"] or "-", row["title"] or "-")
                click.echo("\t".join(map(one_line, cells)))


@command.command("remove")
@click.argument("corpus", type=click.Path())
@click.argument("ids", metavar="ID...", nargs=-1, required=True)
@click.pass_context
def remove(ctx: click.Context, corpus: str, ids: tuple[str, ...]) -> None:
    """Take the articles with these ids out of CORPUS."""
    from sourcing.corpus import Corpus

    gone = Corpus(corpus).remove(ids)
    missing = sorted(set(ids) - set(gone))
    for identity in missing:
        click.echo(f"sourcing: {one_line(identity)} is not in {corpus}", err=True)
    click.echo(f"{corpus}: {len(gone):,} removed", err=True)
    ctx.exit(2 if missing else 0)


@command.command("compact")
@click.argument("corpus", type=click.Path())
def compact(corpus: str) -> None:
    """Rewrite CORPUS in few, sorted files, without rows that no longer count; lookups get faster."""
    from sourcing.cli.progress import spinner
    from sourcing.corpus import Corpus

    found = Corpus(corpus)
    with spinner("compacting"):
        found.compact()
        found.derive()
    click.echo(f"{corpus}: {found.info().bytes / 1e6:,.1f} MB", err=True)


@command.command("verify")
@click.argument("corpus", type=click.Path())
@click.pass_context
def verify(ctx: click.Context, corpus: str) -> None:
    """Read all of CORPUS; print what is wrong. Exit code 2 when figures would suffer."""
    from sourcing.cli.progress import spinner
    from sourcing.corpus import Corpus

    with spinner("reading"):
        problems = Corpus(corpus).verify()
    for problem in problems:
        click.echo(one_line(f"{'wrong' if problem.harm else 'note'}: {problem.table}: {problem.message}"))
    if not problems:
        click.echo("all is well", err=True)
    ctx.exit(2 if any(problem.harm for problem in problems) else 0)


@command.command("export")
@click.argument("corpus", type=click.Path())
@click.option(
    "--what", type=click.Choice(["articles", "speakers", "quotes", "attested", "reports"]), default="articles",
    show_default=True, help="Which rows; attested: where else each named speaker is met.",
)  # fmt: skip
@click.option(
    "-f", "--format", "format_name", type=click.Choice(["jsonl", "csv", "parquet"]), default="jsonl", show_default=True,
    help="Reports are jsonl only.",
)  # fmt: skip
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    type=click.Path(),
    help="Written whole or not at all; - is standard output.",
)
def export(corpus: str, what: str, format_name: str, output: str) -> None:
    """Write the articles, speakers, quotes or reports of CORPUS as JSON Lines, CSV or Parquet."""
    from sourcing.cli.output import open_binary
    from sourcing.corpus import Corpus

    found = Corpus(corpus)
    if what == "attested":
        warn_if_stale(found)
    with open_binary(output) as target:
        found.export(what, format_name, target)


@command.command("import-people")
@click.argument("corpus", type=click.Path())
@click.argument("file", type=click.Path())
@click.option("--source", metavar="NAME", help="What the list is called; by default its file name.")
@click.pass_context
def import_people(ctx: click.Context, corpus: str, file: str, source: str | None) -> None:
    """Put known people on CORPUS's list: CSV or JSON Lines with `name`, `aliases` and `description`.

    Speakers who are on it count as attested in a way of their own, `listed`.
    """
    from sourcing.corpus import Corpus

    fresh, failures = Corpus(corpus).import_people(file, source=source)
    _list_failures(failures)
    left = f", {len(failures):,} could not be taken" if failures else ""
    click.echo(f"{corpus}: {fresh:,} names added to the list{left}", err=True)
    ctx.exit(2 if failures else 0)


@command.command("speaker")
@click.argument("corpus", type=click.Path())
@click.argument("name")
@click.option(
    "--explain", is_flag=True, help="Say of each form why it was joined, and which like names were kept apart."
)
@JSON_OR_TEXT
def speaker(corpus: str, name: str, explain: bool, format_name: str) -> None:
    """Say what CORPUS knows of the person or body called NAME, under all forms of the name."""
    from sourcing.corpus import Corpus
    from sourcing.report.corpus_text import who_lines

    found = Corpus(corpus).speaker(name)
    if format_name == "json":
        _print_json(found)
        return
    for line in who_lines(found, explain=explain):
        click.echo(line)


@command.command("unattested")
@click.argument("corpus", type=click.Path())
@click.option("--outlet", help="Only speakers in articles of this outlet or domain.")
@click.option("--since", metavar="DATE", help="Only in articles published in or after this year, month or day.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@JSON_OR_TEXT
def unattested(corpus: str, outlet: str | None, since: str | None, limit: int | None, format_name: str) -> None:
    """List the named speakers of CORPUS who are met in one story only, most suspicious first.

    Most suspicious: in articles with most such speakers, then with most quotes, then with most words.
    """
    from sourcing.cli.progress import spinner
    from sourcing.corpus import Corpus
    from sourcing.report.corpus_text import unattested_lines
    from sourcing.report.figures import count

    known = Corpus(corpus)
    warn_if_stale(known)
    with spinner("looking everybody up"):
        found = known.unattested(outlet=outlet, since=since, limit=limit)
    if format_name == "json":
        _print_json({"speakers": found})
        return
    for line in unattested_lines(found):
        click.echo(line)
    if len(found) == limit:
        click.echo(f"the first {limit:,} of the named speakers who are met nowhere else", err=True)
    else:
        named = count(len(found), "named speaker is", "named speakers are")
        click.echo(f"{named} met nowhere else", err=True)


@command.command("shares")
@click.argument("corpus", type=click.Path())
@click.option("--outlet", help="Only articles of this outlet or domain.")
@click.option("--since", metavar="DATE", help="Only articles published in or after this year, month or day.")
@click.option("--limit", type=click.IntRange(1), help="At most so many.")
@click.option(
    "-f", "--format", "format_name", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True,
    help="For people, for scripts, or for spreadsheets.",
)  # fmt: skip
def shares(corpus: str, outlet: str | None, since: str | None, limit: int | None, format_name: str) -> None:
    """List the articles of CORPUS by the share of their named speakers who are met nowhere else, most unusual first.

    Beside it stand the share that is to be expected of an article with as many speakers in this corpus, with its 95 % interval,
    and the percentile: the per cent of such articles with a smaller share. Articles without a named speaker are left out.
    """
    from sourcing.cli.output import open_binary
    from sourcing.cli.progress import spinner
    from sourcing.corpus import Corpus
    from sourcing.report.figures import count

    known = Corpus(corpus)
    warn_if_stale(known)
    with spinner("looking everybody up"):
        found = known.shares(outlet=outlet, since=since, limit=limit)
    if format_name == "json":
        _print_json({"articles": found.to_pylist()})
    elif format_name == "csv":
        from sourcing.corpus.maintain import write_csv

        with open_binary("-") as target:
            write_csv(found.to_reader(), target)
    else:
        from sourcing.report.corpus_text import shares_lines

        for line in shares_lines(found):
            click.echo(line)
        if found.num_rows == limit:
            click.echo(f"the first {limit:,} of the articles that have named speakers with a full name", err=True)
        else:
            articles = count(found.num_rows, "article has", "articles have")
            click.echo(f"{articles} named speakers with a full name", err=True)
        if not found.num_rows and known.info().stories == 1:
            click.echo("the corpus has one story only: there is no elsewhere to look in", err=True)


# ------------------------------------------------------------------------------------------------------- output


def warn_if_stale(corpus: "Corpus") -> None:
    """Say on standard error when copies count as several articles, as after an interrupted `add`."""
    if corpus.is_stale():
        click.echo(
            f"sourcing: {corpus.path}: articles are not all grouped into stories yet, so copies count as several; "
            "`sourcing corpus compact` groups them",
            err=True,
        )


def _print_json(value: Any) -> None:
    import msgspec

    click.echo(msgspec.json.encode(value).decode())


def _list_failures(failures: list[Any]) -> None:
    from sourcing.cli.analyze import failure_line

    for failure in failures:
        click.echo(failure_line(failure), err=True)


@contextmanager
def _progress() -> Iterator[Any]:
    """A bar with rate and time left on a terminal, nothing elsewhere."""
    from sourcing.cli.progress import can_watch

    if not can_watch():
        yield lambda sums: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    with bar:
        task = bar.add_task("reading", total=None)

        def show(sums: "Added") -> None:
            done = sums.added + sums.updated + sums.unchanged
            share = done / max(done, sums.seen) if sums.seen else 1.0  # what is read waits for its analysis
            rate = done / elapsed if (elapsed := bar.tasks[0].elapsed or 0.0) > 1 else 0.0
            said = f"{done:,} articles" + (f", {rate:,.0f} a second" if rate else "")
            bar.update(
                task, description=said, completed=min(sums.read * share, sums.total * 0.999), total=sums.total or None
            )

        yield show
