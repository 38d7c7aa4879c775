"""A real server over a small corpus of invented articles, started once."""

import io
import json
import os
import socket
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

pytest.importorskip("fastapi")
import httpx
from jsonschema import Draft202012Validator

ARTICLES = [
    {
        "id": "ferry/1",
        "outlet": "The Wick Courier",
        "published": "2026-05-02",
        "title": "Ferry stays in port",
        "text": "The ferry to Orrin will stay in port until June, the harbour board said.\n\n"
        "“Her rudder is gone,” said Ada Quill, the harbour pilot. “Nobody sails without one.”\n\n"
        "Tom Brand, a baker, said he had not had flour for a week.",
    },
    {
        "id": "ferry-2",
        "outlet": "The Orrin Post",
        "published": "2026-05-03",
        "text": "Islanders wait for flour. “We bake with what we have,” said Tom Brand, the baker at Orrin.\n\n"
        "“I saw the rudder drift past my window,” said Greta Stone, a retired nurse.",
    },
]
PATIENCE = 120
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class Server:
    """A server in a process of its own. url: where; client: to it; log: what it wrote."""

    def __init__(self, folder, state, log, *options, **environment):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url, self.state, self.log = f"http://127.0.0.1:{port}", state, log
        command = [sys.executable, "-m", "sourcing", "serve", "--port", str(port), "--corpus", folder, "--state", state]
        kept = {name: value for name, value in os.environ.items() if name != "SOURCING_TOKEN"}
        with log.open("ab") as out:
            self.process = subprocess.Popen([*command, *options], stderr=out, stdout=out, env=kept | environment)
        self.client = httpx.Client(base_url=self.url, timeout=60)
        until = time.monotonic() + PATIENCE
        while not self._is_ready():
            assert self.process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.1)

    def _is_ready(self):
        try:
            return self.client.get("/readyz").status_code == 200
        except httpx.TransportError:
            return False

    def lines(self):
        """The log's lines."""
        return [json.loads(line) for line in self.log.read_text().splitlines() if line.startswith("{")]

    def end(self):
        self.client.close()
        self.process.terminate()
        self.process.wait(20)


@pytest.fixture(scope="session")
def articles():
    return ARTICLES


@pytest.fixture(scope="session")
def corpora(tmp_path_factory):
    """A folder with the corpus `islands`."""
    from sourcing import Corpus

    folder = tmp_path_factory.mktemp("corpora")
    file = folder / "articles.jsonl"
    file.write_text("".join(json.dumps(a) + "\n" for a in ARTICLES), encoding="utf-8")
    Corpus(folder / "islands", create=True).add([file], workers=1)
    return folder


@pytest.fixture(scope="session")
def server(corpora, tmp_path_factory):
    """A server with short limits over `corpora`."""
    state = tmp_path_factory.mktemp("state")
    started = Server(
        corpora,
        state,
        state / "log",
        "--workers",
        "2",
        "--max-seconds",
        "30",
        "--max-words",
        "20000",
        "--max-waiting",
        "8",
    )
    yield started
    started.end()


@pytest.fixture
def make_server(tmp_path):
    """Start servers with one worker over folders of their own; they are ended with the test."""
    started = []

    def make(*options, **environment):
        root = tmp_path / f"server-{len(started)}"
        root.mkdir()
        started.append(
            Server(root / "corpora", root / "state", root / "log", "--workers", "1", *options, **environment)
        )
        return started[-1]

    yield make
    for server in started:
        server.end()


@pytest.fixture
def client(server):
    return server.client


@pytest.fixture(scope="session")
def sample():
    return (Path(__file__).parents[2] / "docs" / "samples" / "harbour.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def word_file():
    """Make a Word document with these paragraphs."""

    def make(text):
        out = io.BytesIO()
        body = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in text.split("\n\n"))
        with zipfile.ZipFile(out, "w") as archive:
            archive.writestr(
                "[Content_Types].xml",
                '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
                '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
                f'<Override PartName="/word/document.xml" ContentType="{WORD}.main+xml"/></Types>',
            )
            archive.writestr(
                "_rels/.rels",
                '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                '<Relationship Id="r1" Target="word/document.xml" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
                'relationships/officeDocument"/></Relationships>',
            )
            archive.writestr(
                "word/document.xml",
                '<?xml version="1.0"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
                f"<w:body>{body}</w:body></w:document>",
            )
        return out.getvalue()

    return make


@pytest.fixture(scope="session")
def problem():
    """Check that an answer is a problem, and return its body."""
    from sourcing.schema import load_schema

    validator = Draft202012Validator(load_schema("problem"))

    def check(answer, status, code):
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
        validator.validate(answer.json())
        assert answer.json()["code"] == code
        return answer.json()

    return check
