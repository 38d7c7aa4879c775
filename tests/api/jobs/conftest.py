"""A real server in a process of its own, that can be killed and started again over the same folders."""

import json
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

SERVE = """
import json
import sys
from pathlib import Path

import uvicorn

from sourcing.api.app import create_app
from sourcing.api.logs import start_logging
from sourcing.api.settings import Settings

if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    settings = Settings(**{**given, "folder": Path(given["folder"]), "state": Path(given["state"])})
    start_logging()
    uvicorn.run(create_app(settings), port=settings.port, log_level="warning", log_config=None)
"""
ARTICLE = {
    "id": "weir-1",
    "outlet": "The Sallow Gazette",
    "text": "The weir at Sallow Mill will be rebuilt, the river board said.\n\n"
    "“It has leaked since my father kept it,” said Edda Thorne, the miller. “Nobody listened.”",
}


class Server:
    """settings: of the server, besides its folders."""

    def __init__(self, root, **settings):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.data, self.state, self.log = root / "data", root / "state", root / "log.jsonl"
        self._settings = {"folder": str(self.data), "state": str(self.state), "port": port, **settings}
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60)
        self.process = None

    def start(self):
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-c", SERVE, json.dumps(self._settings)], stderr=log)
        wait_for(self._answers)
        return self

    def _answers(self):
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.client.get("/healthz").status_code == 200
        except httpx.TransportError:
            return False

    def kill(self, how=signal.SIGKILL):
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None

    def stop(self):
        self.kill(signal.SIGTERM)

    def job_processes(self):
        """The processes that add for this server."""
        return children_of(self.process.pid, b"sourcing.api.job_process")

    def job_workers(self):
        """The processes that work for these."""
        return [pid for process in self.job_processes() for pid in children_of(process, b"spawn_main")]

    def post(self, corpus, content, kind="application/x-ndjson", **headers):
        return self.client.post(
            f"/v1/corpora/{corpus}/articles",
            content=content,
            headers={"content-type": kind, **{name.replace("_", "-"): value for name, value in headers.items()}},
        )

    def add(self, corpus, content, **options):
        """Post and wait for the end; the finished job."""
        answer = self.post(corpus, content, **options)
        assert answer.status_code == 202, answer.text
        return self.finished(answer.json()["id"])

    def job(self, id):
        return self.client.get(f"/v1/jobs/{id}").json()

    def finished(self, id, timeout=60):
        wait_for(lambda: self.job(id)["status"] not in ("queued", "running"), timeout)
        return self.job(id)

    def spooled(self):
        return sorted(path.name for path in (self.state / "spool").iterdir())


def children_of(parent, word):
    """The processes of a process that have a word in their command."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                command = (entry / "cmdline").read_bytes()
                above = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            if word in command and above == parent:
                found.append(int(entry.name))
    return found


def wait_for(condition, timeout=60):
    end = time.monotonic() + timeout
    while not condition():
        assert time.monotonic() < end, "it did not come to pass in time"
        time.sleep(0.02)


@pytest.fixture(scope="session")
def until():
    """Wait until a function says so."""
    return wait_for


@pytest.fixture(scope="session")
def article():
    return ARTICLE


@pytest.fixture(scope="session")
def lines_of():
    """Ready reports as JSON Lines: one for each of these ids."""
    import sourcing

    report = sourcing.analyze(ARTICLE).to_dict()

    def make(ids):
        made = ({**report, "article": {**report["article"], "id": id}} for id in ids)
        return "".join(json.dumps(one) + "\n" for one in made).encode()

    return make


@pytest.fixture
def start_server(tmp_path):
    """Start a server over folders of this test; it is ended with the test."""
    servers = []

    def start(**settings):
        servers.append(Server(tmp_path, **settings))
        return servers[-1].start()

    yield start
    for server in servers:
        server.kill()
        server.client.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for the tests that do not harm it."""
    made = Server(tmp_path_factory.mktemp("server"), max_upload=3_000_000, max_body=1_000_000).start()
    yield made
    made.kill()
    made.client.close()
