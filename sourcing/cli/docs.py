"""docs/cli.md, written from the commands themselves: `python -m sourcing.cli.docs > docs/cli.md`."""

import re
from collections.abc import Iterator

import rich_click as click

from sourcing.cli import EXIT_CODES, main


def cli_markdown() -> str:
    """Return the reference of all commands as Markdown."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# Command line"
    yield ""
    yield "<!-- Generated: python -m sourcing.cli.docs > docs/cli.md -->"
    yield ""
    yield f"{main.help}"
    yield ""
    with click.Context(main, info_name="sourcing", **main.context_settings) as ctx:
        yield from _parameters(main, ctx)
        yield from _commands(main, ctx, "##")
    yield "## Exit codes"
    yield ""
    yield "| code | meaning |"
    yield "| ---: | --- |"
    for code, meaning in EXIT_CODES.items():
        yield f"| {code} | {meaning} |"


def _commands(group: click.Group, ctx: click.Context, mark: str) -> Iterator[str]:
    for name in group.list_commands(ctx):
        command = group.get_command(ctx, name)
        assert command is not None, name
        with click.Context(command, info_name=name, parent=ctx) as sub:
            yield f"{mark} {sub.command_path}"
            yield ""
            yield "```"
            yield " ".join([sub.command_path, *command.collect_usage_pieces(sub)])
            yield "```"
            yield ""
            yield _unwrapped(command.help or "")
            yield ""
            yield from _parameters(command, sub)
            if isinstance(command, click.Group):
                yield from _commands(command, sub, mark + "#")


def _parameters(command: click.Command, ctx: click.Context) -> Iterator[str]:
    found = [record for param in command.get_params(ctx) if (record := param.get_help_record(ctx))]
    records = [(names, meaning) for names, meaning in found if meaning]
    if not records:
        return
    yield "| option | meaning |"
    yield "| --- | --- |"
    for names, meaning in records:
        yield f"| `{_cell(names)}` | {_cell(meaning)} |"
    yield ""


def _cell(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().replace("|", "\\|")


def _unwrapped(text: str) -> str:
    return "\n\n".join(_cell(paragraph) for paragraph in text.split("\n\n"))


if __name__ == "__main__":
    print(cli_markdown(), end="")
