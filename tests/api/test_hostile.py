"""What was once found to stop the server, or to make it say something wrong."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time

import httpx
import pytest


class Pulse:
    """Asks /healthz all the while; `worst` is the longest it took."""

    def __init__(self, url):
        self._url, self._end, self.worst = url, threading.Event(), 0.0

    def __enter__(self):
        self._thread = threading.Thread(target=self._beat)
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._end.set()
        self._thread.join()

    def _beat(self):
        with httpx.Client(base_url=self._url, timeout=60) as client:
            while not self._end.wait(0.02):
                began = time.perf_counter()
                client.get("/healthz")
                self.worst = max(self.worst, time.perf_counter() - began)


@pytest.mark.parametrize("charset", ["punycode", "idna", "undefined", "unicode_escape", "nonsense"])
def test_charsets_of_no_text(client, server, charset, problem):
    media = f"text/plain; charset={charset}"
    with Pulse(server.url) as pulse:
        problem(client.post("/v1/analyze", content=b"b" * 300_000, headers={"content-type": media}), 415, "media-type")
        form = {"content-type": f"multipart/form-data; boundary=x; charset={charset}"}
        field = b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n%s\r\n--x--\r\n' % (
            b"a-" + b"bcda9" * 60_000
        )
        assert client.post("/", content=field, headers=form).status_code in (200, 413, 422)
    assert pulse.worst < 1


def test_blank_lines_of_a_batch(client, server):
    with Pulse(server.url) as pulse:
        assert client.post("/v1/analyze/batch", content=b"\n" * (4 << 20)).content == b""
    assert pulse.worst < 1


def test_lines_of_a_batch_in_pieces(client):
    def pieces():
        yield b'{"id": "a", "te'
        yield b'xt": "He left."}'
        yield b'\n\n{"id": "b", "text": "She stayed."}\r\n{"id": '
        yield b'"c", "text": "They wrote."}'

    answer = client.post("/v1/analyze/batch", content=pieces())
    assert [json.loads(line)["article"]["id"] for line in answer.text.splitlines()] == ["a", "b", "c"]


@pytest.mark.parametrize("origin", ["http://[", "http://", "x", "http://127.0.0.1:1\\@evil"])
def test_broken_origins(client, origin, problem):
    problem(client.post("/v1/analyze", json={"text": "x"}, headers={"origin": origin}), 403, "cross-site")


def test_cookies_of_others(make_server):
    from sourcing.api.page.session import COOKIE, session_cookie

    server = make_server(SOURCING_TOKEN=" open sesame ")
    cookie = f'prefs={{"a":1}}; {COOKIE}={session_cookie("open sesame")}; x="y'
    assert server.client.get("/v1/rules", headers={"cookie": cookie}).status_code == 200
    assert server.client.get("/v1/rules", headers={"authorization": "Bearer open sesame"}).status_code == 200
    wrong = server.client.get("/v1/rules", headers={"authorization": "Bearer wrong"})
    assert "not the server's token" in wrong.json()["detail"]


def test_callers_who_hang_up(server, client):
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
        connection.sendall(
            b"POST /v1/analyze HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain\r\nContent-Length: 100\r\n\r\nShe"
        )
    until = time.monotonic() + 10
    while not any(line.get("status") == 400 for line in server.lines()[-5:]):
        assert time.monotonic() < until
        time.sleep(0.1)
    assert not any(line["event"] == "failed" for line in server.lines())


def test_a_corpus_made_anew_is_another(make_server, articles):
    from sourcing import Corpus

    server = make_server()
    folder = server.state.parent / "corpora"
    folder.mkdir(exist_ok=True)
    for number in (0, 1):
        shutil.rmtree(folder / "again", ignore_errors=True)
        file = server.state / "articles.jsonl"
        file.write_text(json.dumps(articles[number] | {"id": f"a{number}"}) + "\n", encoding="utf-8")
        Corpus(folder / "again", create=True).add([file], workers=1)
        found = server.client.get("/v1/corpora/again/articles").json()["items"]
        assert [article["id"] for article in found] == [f"a{number}"]
        names = {row["name"] for row in server.client.get("/v1/corpora/again/speakers").json()["items"]}
        assert ("Greta Stone" in names, "Ada Quill" in names) == (bool(number), not number)


def test_half_a_character_before_a_deep_nest(client):
    body = b'{"text": "\\ud83d", "x": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answer = client.post("/v1/analyze", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)


def test_the_file_of_speakers_goes(client, server):
    assert client.get("/v1/corpora/islands/speakers?q=a").status_code == 200
    for ending in ("parquet", "json"):
        (file,) = (server.state / "speakers" / "islands").glob(f"*.{ending}")
        file.unlink()
        assert client.get(f"/v1/corpora/islands/speakers?q={ending}").status_code == 200
        assert file.is_file()


def test_files_that_are_called_like_modules(tmp_path, articles):
    """A server that is started in a folder with such a file does not run it."""
    (tmp_path / "msgspec.py").write_text("raise SystemExit('ran')")
    command = [sys.executable, "-P", "-m", "sourcing", "serve", "--port", "0", "--corpus", "corpora", "--workers", "1"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=tmp_path)
    try:
        while "http://" not in (line := process.stderr.readline()):
            assert line
        with httpx.Client(base_url=line.split()[1], timeout=60) as client:
            job = client.post("/v1/corpora/new/articles", json=articles[0], headers={"prefer": "wait=30"}).json()
        assert (job["status"], job["progress"]["added"]) == ("done", 1)
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_interrupting_says_nothing_that_is_not_json(tmp_path):
    log = tmp_path / "log"
    command = [sys.executable, "-m", "sourcing", "serve", "--port", "0", "--corpus", str(tmp_path / "corpora")]
    with log.open("w") as out:
        process = subprocess.Popen(command, stderr=out, start_new_session=True)
    until = time.monotonic() + 60
    while '"started"' not in log.read_text():
        assert time.monotonic() < until
        time.sleep(0.1)
    time.sleep(1)
    os.killpg(process.pid, signal.SIGINT)
    process.wait(30)
    lines = [line for line in log.read_text().splitlines() if not line.startswith("sourcing: ")]
    assert [json.loads(line)["event"] for line in lines] == ["started", "stopped"]


def test_state_and_corpora_apart(tmp_path):
    command = [sys.executable, "-m", "sourcing", "serve", "--corpus", str(tmp_path), "--state", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (done.returncode, "another folder" in done.stderr) == (2, True)


@pytest.mark.parametrize("identity", ["a\nb", "a\u2028b", "x" * 1001, "\x7f"])
def test_ids_that_no_address_has(client, identity, problem):
    problem(client.post("/v1/analyze", json={"id": identity, "text": "x"}), 422, "invalid-article")


def test_names_of_files_make_ids_of_one_line(client):
    answer = client.post("/v1/analyze", files={"file": ("a%0d%0ab.txt", b"He left.")})
    assert answer.json()["article"]["id"] == "a b"


def test_heads_that_do_not_end(make_server):
    """A connection that never asks is closed."""
    from sourcing.api import listening

    assert listening.HEAD_SECONDS <= 30
    server = make_server()
    with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2]))) as connection:
        connection.sendall(b"GET /healthz HT")
        connection.settimeout(listening.HEAD_SECONDS + 15)
        assert connection.recv(10) == b""


def test_methods_of_ones_own_are_no_labels(client):
    client.request("BREW", "/v1/rules")
    assert "BREW" not in client.get("/metrics").text
