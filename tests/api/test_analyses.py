"""/v1/analyze and its batch: the same reports as everywhere else, and clear refusals."""

import json
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from jsonschema import Draft202012Validator

import sourcing
from sourcing.schema import load_schema

LINES = "application/x-ndjson"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def test_python_command_line_and_http_give_one_report(client, articles, tmp_path):
    article = articles[0]
    file = tmp_path / "a.json"
    file.write_text(json.dumps(article), encoding="utf-8")
    command = [sys.executable, "-m", "sourcing", "analyze", str(file), "-f", "json", "--with-text"]
    printed = json.loads(subprocess.run(command, capture_output=True, check=True).stdout)
    answer = client.post("/v1/analyze", json=article)
    assert answer.status_code == 200
    assert answer.json() == printed == sourcing.analyze(article).to_dict()
    Draft202012Validator(load_schema("report")).validate(answer.json())


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("text/plain", "“Her rudder is gone,” said Ada Quill.".encode()),
        ("text/plain; charset=windows-1252", "“Her rudder is gone,” said Ada Quill.".encode("cp1252")),
        ("text/html", "<p>“Her rudder is gone,” said Ada Quill, the pilot of the harbour at Wick.</p>".encode()),
        ("text/markdown", "# Ferry\n\n“Her rudder is gone,” said Ada Quill.".encode()),
        (WORD, "“Her rudder is gone,” said Ada Quill."),
        ("application/octet-stream", b'{"text": "\\u201cHer rudder is gone,\\u201d said Ada Quill."}'),
    ],
)
def test_media_types(client, media, body, word_file):
    body = word_file(body) if media == WORD else body
    report = client.post("/v1/analyze", content=body, headers={"content-type": media}).json()
    assert [s["name"] for s in report["speakers"]] == ["Ada Quill"]
    assert report["article"]["text"]


def test_form(client, problem, word_file):
    text = "“Her rudder is gone,” said Ada Quill."
    report = client.post("/v1/analyze", files={"file": ("../Ferry draft.docx", word_file(text))}).json()
    assert report["article"]["id"] == "Ferry draft"
    assert report["speakers"][0]["name"] == "Ada Quill"
    problem(client.post("/v1/analyze", files={"file": ("many.csv", b"text\nx")}), 415, "media-type")
    problem(client.post("/v1/analyze", files={"other": ("a.txt", b"x")}), 400, "no-file")


@pytest.mark.parametrize(
    ("media", "body"),
    [
        ("multipart/form-data", b"--x\r\n"),
        ("multipart/form-data; boundary=x", b"no form\r\n"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data\r\n\r\ny\r\n--x--\r\n"),
    ],
    ids=["no boundary", "no form", "no name"],
)
def test_forms_that_cannot_be_read(client, problem, media, body):
    problem(client.post("/v1/analyze", content=body, headers={"content-type": media}), 400, "bad-form")
    problem(client.post("/v1/analyze", files={"file": ("a.txt", b"x")}, data={"f": "y" * (2 << 20)}), 413, "too-large")


def test_options(client, articles, problem):
    text = articles[1]["text"]
    plain = client.post(
        "/v1/analyze?with_text=false&ignore=SRC", content=text, headers={"content-type": "text/plain"}
    ).json()
    assert "text" not in plain["article"]
    assert plain["findings"] == []
    body = problem(client.post("/v1/analyze?select=NOPE", json={"text": "x"}), 422, "bad-option")
    assert body["errors"][0]["pointer"] == "?select"
    body = problem(client.post("/v1/analyze?select=SRC1&ignore=XYZ", json={"text": "x"}), 422, "bad-option")
    assert "'XYZ'" in body["detail"]
    assert body["errors"][0]["pointer"] == "?ignore"
    assert problem(client.post("/v1/analyze?min_confidence=2", json={"text": "x"}), 422, "bad-parameter")["errors"][0][
        "pointer"
    ] == ("?min_confidence")


def test_against_a_corpus(client, problem):
    draft = {"text": "“We bake with what we have,” said Tom Brand. “I was there,” said Nora Flint, a diver."}
    report = client.post("/v1/analyze?corpus=islands", json=draft).json()
    found = {s["name"]: s["corpus"]["status"] for s in report["speakers"]}
    assert found == {"Tom Brand": "quoted_elsewhere", "Nora Flint": "nowhere_else"}
    assert report["metrics"]["corroboration"]["nowhere_else"] == 1
    for route in ("/v1/analyze", "/v1/analyze/batch"):
        options = {"content": b"{}", "headers": {"content-type": LINES}} if "batch" in route else {"json": draft}
        for name, status, code in (("nothing", 404, "no-corpus"), ("..", 400, "bad-name")):
            said = problem(client.post(f"{route}?corpus={name}", **options), status, code)
            assert said["errors"][0]["pointer"] == "?corpus"
    problem(client.post("/v1/analyze?corpus=a/b", json=draft), 400, "bad-name")


@pytest.mark.parametrize(
    ("media", "body", "status", "code", "pointer"),
    [
        ("application/json", b'{"text": 3}', 422, "invalid-article", "/text"),
        ("application/json", b'{"title": "x"}', 422, "invalid-article", "/text"),
        ("application/json", b'{"text": "x", "outlet": ["y"]}', 422, "invalid-article", "/outlet"),
        ("application/json", b"[1]", 422, "invalid-article", ""),
        ("application/json", b'{"te', 400, "invalid-json", None),
        ("application/json", b"[" * 100_000, 400, "invalid-json", None),
        ("application/json", b'{"text": "\\ud800"}', 422, "invalid-text", "/text"),
        ("application/json", b'{"text": "x", "title": "\\udc00"}', 422, "invalid-text", "/title"),
        ("application/json", b'{"text": "x", "tags": ["\\ud800"]}', 422, "invalid-text", None),
        ("application/json", b'["\\ud800"]', 422, "invalid-text", None),
        ("application/json", b"\xef\xbb\xbf", 422, "empty", None),
        ("application/json", b'{"text": "  "}', 422, "empty", "/text"),
        ("application/json", b'{"text": "\\u200b\\n"}', 422, "empty", "/text"),
        ("application/json", b'{"text": "x", "id": "a\\nb"}', 422, "invalid-article", "/id"),
        ("application/json", b'{"text": "%b"}' % (b"word " * 20_001), 413, "too-long", "/text"),
        ("text/plain", b"   ", 400, "empty", None),
        ("text/plain", b"a\0b\0c\0" * 100, 415, "binary", None),
        ("image/png", b"x", 415, "media-type", None),
        (WORD, b"PK\x03\x04 no archive", 422, "invalid-docx", None),
        ("text/plain", b"word " * 20_001, 413, "too-long", None),
    ],
)
def test_refusals(client, media, body, status, code, pointer, problem):
    found = problem(client.post("/v1/analyze", content=body, headers={"content-type": media}), status, code)
    assert (found["errors"][0]["pointer"] if "errors" in found else None) == pointer
    assert "Traceback" not in json.dumps(found)


@pytest.mark.parametrize("route", ["/v1/analyze", "/v1/analyze/batch"])
@pytest.mark.parametrize("coding", ["gzip", "br", "identity, gzip"])
def test_a_content_encoding_is_refused(client, problem, route, coding):
    headers = {"content-type": LINES if "batch" in route else "application/json"}
    body = b'{"text": "She stayed."}\n'
    problem(client.post(route, content=body, headers={**headers, "content-encoding": coding}), 415, "content-encoding")
    assert client.post(route, content=body, headers={**headers, "content-encoding": "Identity"}).status_code == 200


def test_too_large(client, problem):
    def parts():
        for _ in range(10):
            yield b"a" * (1 << 20)

    large = {"content-type": "text/plain"}
    problem(client.post("/v1/analyze", content=b"a" * (9 << 20), headers=large), 413, "too-large")
    problem(client.post("/v1/analyze", content=parts(), headers=large), 413, "too-large")


def test_batch(client, articles):
    lines = [json.dumps(articles[0]), "", "nonsense", '{"text": 3}', json.dumps(articles[1])]
    answer = client.post(
        "/v1/analyze/batch", content="\n".join(lines), headers={"content-type": "application/x-ndjson"}
    )
    assert answer.headers["content-type"] == "application/x-ndjson"
    found = [json.loads(line) for line in answer.text.splitlines()]
    assert [f["article"]["id"] if "article" in f else (f["error"]["code"], f["error"]["line"]) for f in found] == [
        "ferry/1", ("invalid-json", 3), ("invalid-article", 4), "ferry-2",
    ]  # fmt: skip
    for record in (found[1], found[2]):
        Draft202012Validator(load_schema("error")).validate(record)
    assert "text" not in found[0]["article"]


def test_batch_answers_while_it_is_sent(client):
    """A line is answered before the last one is sent: memory does not grow with the batch."""
    url = client.base_url
    with socket.create_connection((url.host, url.port), timeout=60) as caller, caller.makefile("rb") as answer:

        def send(data):
            caller.sendall(b"%x\r\n%b\r\n" % (len(data), data))

        caller.sendall(
            f"POST /v1/analyze/batch HTTP/1.1\r\nHost: {url.host}\r\nContent-Type: {LINES}\r\n"
            "Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n".encode()
        )
        send(b'{"id": "a", "text": "He left."}\n' * 4)
        assert b" 200 " in answer.readline()
        while b'"id":"a"' not in answer.readline():
            pass
        send(b'{"id": "b", "text": "She stayed."}\n')
        caller.sendall(b"0\r\n\r\n")
        assert b'"id":"b"' in answer.read()


@pytest.mark.parametrize("media", ["application/json", "text/plain", "application/octet-stream", "text/csv"])
def test_only_lines_are_a_batch(client, problem, media):
    answer = client.post("/v1/analyze/batch", content=b'[{"text": "x"}]', headers={"content-type": media})
    problem(answer, 415, "media-type")
    assert answer.headers["accept-post"] == LINES


def test_a_line_that_is_too_long(client):
    long = b'{"text": "' + b"a" * (9 << 20) + b'"}\n{"id": "b", "text": "She stayed."}\n'
    found = [json.loads(line) for line in client.post("/v1/analyze/batch", content=long).text.splitlines()]
    assert found[0]["error"]["code"] == "too-large"
    assert found[1]["article"]["id"] == "b"


def test_too_many_at_once(client, server, articles):
    """Those beyond what may wait are told when to come again; the others are answered."""
    text = " ".join(a["text"] for a in articles) * 30
    limits = httpx.Limits(max_connections=40)
    with httpx.Client(base_url=server.url, timeout=120, limits=limits) as many, ThreadPoolExecutor(40) as pool:
        found = list(pool.map(lambda n: many.post("/v1/analyze", json={"id": str(n), "text": text}), range(40)))
    statuses = {answer.status_code for answer in found}
    assert statuses == {200, 429}
    assert all(int(a.headers["retry-after"]) >= 1 for a in found if a.status_code == 429)


def test_logs_hold_no_text(server, client):
    client.post("/v1/analyze", json={"id": "secret-id", "text": "“Sesame,” said Abra Cadabra."})
    client.post("/v1/analyze", content=b'{"text": "Sesame', headers={"content-type": "application/json"})
    client.get("/v1/corpora/islands/speakers?q=Sesame")
    written = server.log.read_text()
    assert "Sesame" not in written
    assert "Abra" not in written
    assert "secret-id" not in written
    assert all({"time", "level", "event"} <= set(line) for line in server.lines())
