"""`sourcing serve`: the HTTP API and the desk's page."""

import os
import socket
from pathlib import Path

import rich_click as click

from sourcing.errors import UsageError

TOKEN = "SOURCING_TOKEN"
SHORT = 16  # characters of a token that may be guessed: nothing slows down who tries many
BACKLOG = 128  # connections that wait to be taken
KEPT_OPEN = 75  # seconds that an idle connection is kept: longer than Retry-After sends a caller away for


@click.command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True, help="0: any that is free.")
@click.option(
    "--corpus",
    "folder",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="A corpus, or a folder with corpora in it; by default the user's own folder of application data.",
)
@click.option(
    "--state",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where jobs and corrections are kept; by default .serve in the folder of the corpora.",
)
@click.option(
    "--token-file",
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help=f"Callers have to show the token in FILE; {TOKEN} in the environment does the same. Demanded unless the host is "
    "loopback.",
)
@click.option("--workers", type=click.IntRange(1), help="Annotating processes; by default one a core.")
@click.option(
    "--max-seconds",
    metavar="N",
    type=click.FloatRange(0.1),
    default=60.0,
    show_default=True,
    help="The longest that one analysis, or one question to a corpus, may take.",
)
@click.option(
    "--max-words",
    metavar="N",
    type=click.IntRange(1),
    default=100_000,
    show_default=True,
    help="The longest article that is taken.",
)
@click.option(
    "--max-waiting",
    metavar="N",
    type=click.IntRange(0),
    default=16,
    show_default=True,
    help="Analyses that may wait for a worker; further ones are answered 429.",
)
@click.option(
    "--max-upload",
    metavar="MIB",
    type=click.IntRange(1),
    default=1024,
    show_default=True,
    help="The most that a batch, or articles for a corpus, may have.",
)
@click.option(
    "--allow-host", "hosts", multiple=True, metavar="NAME", help="Another name that browsers may call the server by."
)  # fmt: skip
def command(
    host: str,
    port: int,
    folder: Path | None,
    state: Path | None,
    token_file: Path | None,
    workers: int | None,
    max_seconds: float,
    max_words: int,
    max_waiting: int,
    max_upload: int,
    hosts: tuple[str, ...],
) -> None:
    """Serve the JSON API (/v1, described at /docs) and the desk's page (/).

    Safe by default: it listens to this machine only, and any other host demands a token. docs/api.md has the API, docs/page.md
    the page. Needs the extra: pip install 'sourcing[serve]'.
    """
    try:
        import uvicorn

        from sourcing.api.app import create_app
        from sourcing.api.listening import Impatient, allow_many_files
        from sourcing.api.settings import MIB, Settings
    except ModuleNotFoundError as error:
        raise UsageError(f"{error.name} is not installed: pip install 'sourcing[serve]'") from None
    from sourcing.api.logs import start_logging

    folder = folder or Path(click.get_app_dir("sourcing"))
    if not folder.exists():
        click.echo(f"sourcing: {folder} is not there yet: it is made, and has no corpus", err=True)
    if state is not None and state.resolve() == folder.resolve():
        raise UsageError("--state has to be another folder than --corpus: names of corpora are free there")
    settings = Settings(
        host=host,
        port=port,
        folder=folder,
        state=state or folder / ".serve",
        token=_token(token_file),
        workers=workers or os.cpu_count() or 1,
        max_seconds=max_seconds,
        max_words=max_words,
        max_waiting=max_waiting,
        max_upload=max_upload * MIB,
        hosts=hosts,
    )
    if settings.token and len(settings.token) < SHORT:
        click.echo("sourcing: the token is short and may be guessed; `openssl rand -hex 16` makes a good one", err=True)
    app = create_app(settings)
    _make(settings.state)
    listening = _listen(host, port)
    start_logging()
    allow_many_files()
    config = uvicorn.Config(
        app, http=Impatient, log_config=None, access_log=False, server_header=False, timeout_keep_alive=KEPT_OPEN,
        backlog=BACKLOG,
    )  # fmt: skip
    server = uvicorn.Server(config)
    address = f"[{host}]" if ":" in host else host
    click.echo(f"sourcing: http://{address}:{listening.getsockname()[1]}/ (Ctrl+C ends it)", err=True)
    try:
        server.run(sockets=[listening])
    except SystemExit:
        raise UsageError(str(getattr(app.state, "trouble", "the server did not start"))) from None


def _make(folder: Path) -> None:
    """Make the folder for what is kept; drafts that were corrected are nobody else's business."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise UsageError(f"cannot make the folder {folder}: {error.strerror}") from None


def _listen(host: str, port: int) -> socket.socket:
    """A socket at the address; raises UsageError for one that is taken or not this machine's."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        made = socket.socket(family, kind, protocol)
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind(address)
        made.listen()  # those who come before it is ready wait
    except OSError as error:
        raise UsageError(f"cannot listen at {host}:{port}: {error.strerror}") from None
    return made


def _token(file: Path | None) -> str | None:
    """The token of the file or the environment; raises UsageError for one that is empty or no header can carry."""
    given = os.environ.get(TOKEN) if file is None else file.read_text(encoding="utf-8", errors="replace")
    if given is None:
        return None
    token = given.strip()
    if not token.isascii() or not token.isprintable() or not token:
        raise UsageError("the token has to be of printable ASCII characters")
    return token
