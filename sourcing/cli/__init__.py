"""The command line: one command a file, loaded when it is called, so that `sourcing --help` needs no model.

A new command is one file with a `command` and one line in COMMANDS. Exit codes are the same for all of them
(EXIT_CODES); whatever is not a result goes to standard error.
"""

import os
import sys
from importlib import import_module

import rich_click as click

from sourcing.errors import SourcingError

COMMANDS = (
    "analyze",
    "corpus",
    "compare",
    "serve",
    "rules",
    "schema",
    "train",
    "evaluate",
)

EXIT_CODES = {
    0: "done",
    1: "done, with findings at or over `--fail-on`",
    2: "bad usage, an input that could not be read (the other inputs' reports are all written), or a full disk",
    130: "interrupted with Ctrl-C (what was done is kept, and well-formed)",
    141: "the reader of the output went away, as with `| head`",
}


class Commands(click.RichGroup):
    """Finds a command in the file of its name, and turns what can go wrong into one line and an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of COMMANDS."""
        return [*COMMANDS]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command called `cmd_name`; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"sourcing.cli.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> object:
        """Run the command."""
        try:
            result = super().invoke(ctx)
            if sys.stdout is not None:
                sys.stdout.flush()
        except SourcingError as error:
            from sourcing.report.untrusted import one_line

            click.echo(f"sourcing: {one_line(str(error))}", err=True)
            ctx.exit(2)
        except KeyboardInterrupt:
            ctx.exit(130)
        except BrokenPipeError:
            _forget_stdout()
            ctx.exit(141)
        except OSError as error:  # a full disk; a traceback's exit code would be that of findings
            _forget_stdout()
            click.echo(f"sourcing: {error.strerror or error}", err=True)
            ctx.exit(2)
        except Exception as error:
            if not type(error).__module__.startswith(("duckdb", "_duckdb", "pyarrow")):
                raise
            said = " ".join(str(error).split())[:200]
            click.echo(
                f"sourcing: the corpus cannot be read ({said}); `sourcing corpus verify` says what is wrong", err=True
            )
            ctx.exit(2)
        return result


@click.command(cls=Commands, name="sourcing", context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(None, "-V", "--version", package_name="sourcing", message="sourcing %(version)s")
def main() -> None:
    """Who speaks in a news article, in whose words, and how good that sourcing is."""


def _forget_stdout() -> None:
    """Send what is still buffered nowhere, or Python would complain of the broken pipe once more as it exits."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):  # no real stream, as in tests
        return
