"""`sourcing serve`: how it starts, how it refuses to, and how it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest


@pytest.fixture
def refused(tmp_path):
    """Start a server that should not start; return what it says."""

    def start(*options, **environment):
        command = [sys.executable, "-m", "sourcing", "serve", "--corpus", str(tmp_path / "corpora"), *options]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=os.environ | environment)
        assert done.returncode == 2, done.stderr
        assert "Traceback" not in done.stderr
        return " ".join(done.stderr.split())

    return start


def test_refusals(refused, tmp_path):
    assert "token" in refused("--host", "0.0.0.0")
    assert "token" in refused("--host", "::")
    assert "printable" in refused(SOURCING_TOKEN=" ")
    empty = tmp_path / "token"
    empty.write_text("\n")
    assert "printable" in refused("--token-file", str(empty))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        assert "cannot listen at 127.0.0.1:" in refused("--port", str(taken.getsockname()[1]))
    (tmp_path / "file").write_text("")
    assert "cannot make the folder" in refused("--state", str(tmp_path / "file" / "state"))


def test_two_servers_do_not_share_their_jobs(refused, make_server):
    first = make_server()
    assert "another server keeps its jobs in" in refused("--port", "0", "--state", str(first.state))


def test_ends_on_request_and_takes_its_workers_along(make_server):
    server = make_server()
    children = children_of(server.process.pid)
    assert len(children) >= 3
    server.process.send_signal(signal.SIGTERM)
    server.process.wait(20)
    assert server.lines()[-1]["event"] == "stopped"
    gone(children)


def test_workers_end_when_the_server_is_killed(make_server):
    server = make_server()
    children = children_of(server.process.pid)
    server.process.kill()
    server.process.wait(20)
    gone(children)


def test_token_of_the_environment(make_server):
    server = make_server(SOURCING_TOKEN="open sesame")
    assert server.client.get("/v1/rules").status_code == 401
    assert server.client.get("/v1/rules", headers={"authorization": "Bearer open sesame"}).status_code == 200
    assert "sesame" not in server.log.read_text()
    assert "the token is short" in server.log.read_text()


def test_any_free_port(tmp_path):
    command = [
        sys.executable,
        "-m",
        "sourcing",
        "serve",
        "--port",
        "0",
        "--corpus",
        str(tmp_path / "corpora"),
        "--workers",
        "1",
    ]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    try:
        assert "not there yet" in process.stderr.readline()
        url = re.search(r"http://\S+", process.stderr.readline())[0]
        assert httpx.get(f"{url}healthz", timeout=30).status_code == 200
    finally:
        process.terminate()
        process.wait(20)
        process.stderr.close()


def children_of(pid):
    """Processes that it started, from whichever thread."""
    return [int(word) for file in Path(f"/proc/{pid}/task").glob("*/children") for word in file.read_text().split()]


def gone(pids):
    until = time.monotonic() + 20
    while any(map(is_alive, pids)):
        assert time.monotonic() < until
        time.sleep(0.1)


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False
