"""Corrections over HTTP, and what is kept of them: nothing acknowledged is lost, nothing is kept twice, nothing is ever changed."""

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import jsonschema
import msgspec
import pytest
from fastapi import FastAPI
from msgspec.structs import replace
from starlette.responses import JSONResponse

from sourcing.api import kept
from sourcing.api.corrections import router
from sourcing.api.openapi import describe
from sourcing.api.problems import MEDIA_TYPE, Problem
from sourcing.corrections import NotAQuote, Retract, WrongSpeaker
from sourcing.evaluate import evaluate
from sourcing.records import Report
from sourcing.schema import load_schema
from sourcing.text import sha256_of

GOLDEN = Path(__file__).parents[1] / "report" / "golden" / "harbour.json"
SCHEMA = load_schema("correction")


@pytest.fixture(scope="module")
def report():
    return Report.from_json(GOLDEN.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def sha256(report):
    return report.article.sha256


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


@pytest.fixture
def call(state):
    """Send a request to an app with the corrections' routes."""
    import asyncio
    from types import SimpleNamespace

    app = FastAPI(exception_handlers={Problem: answer_problem})
    app.state.service = SimpleNamespace(settings=SimpleNamespace(state=state))
    app.include_router(router)

    def send(method, path, **options):
        async def sent():
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
                return await client.request(method, path, **options)

        return asyncio.run(sent())

    return send


async def answer_problem(request, error):
    return JSONResponse(error.body(), error.status, headers=error.headers, media_type=MEDIA_TYPE)


@pytest.fixture
def post(call, sha256):
    def send(correction, report=None, *, sha256=sha256, headers=None):
        body = {"correction": correction} | ({"report": report.to_dict()} if report else {})
        return call("POST", f"/v1/articles/{sha256}/corrections", json=body, headers=headers)

    return send


def other(report, text):
    """A report of another text, without a word in it."""
    article = replace(report.article, text=text, sha256=sha256_of(text), id=text, body=())
    return replace(report, article=article, quotes=(), attributions=(), speakers=(), people=(), findings=())


def body_of(answer, status):
    assert answer.status_code == status, answer.text
    return answer.json()


def check(plain, name):
    """Hold an answer against a part of the corrections' schema."""
    validator = jsonschema.Draft202012Validator(SCHEMA)
    validator.evolve(schema={"$ref": f"{SCHEMA['$id']}#/$defs/{name}"}).validate(plain)


def pointer(answer, status):
    assert answer.headers["content-type"] == MEDIA_TYPE
    return body_of(answer, status)["errors"][0]["pointer"]


STRIKE = {"kind": "not_a_quote", "target": "a1"}


# -------------------------------------------------------------------------------------------------------- routes


def test_correct_read_back_apply_and_export(call, post, report, sha256):
    new = {"kind": "speaker", "target": "a1", "speaker": {"name": "<script>alert(1)</script>", "type": "person"}}
    first = post(new | {"editor": "Ulf", "note": "she said so", "id": "c99", "time": "never"}, report)
    made = body_of(first, 201)
    jsonschema.validate(made, SCHEMA)
    assert first.headers["location"] == f"/v1/articles/{sha256}/corrections"
    assert (made["id"], made["editor"], made["time"][-1]) == ("c1", "Ulf", "Z")
    assert body_of(post({"kind": "type", "speaker": "s2", "type": "unnamed_person"}), 201)["id"] == "c2"
    assert body_of(post({"kind": "retract", "correction": "c2"}, report), 201)["id"] == "c3"

    listed = call("GET", f"/v1/articles/{sha256}/corrections")
    plain = body_of(listed, 200)
    check(plain, "corrections")
    assert plain["corrections"][0] == made
    assert [c["id"] for c in plain["corrections"]] == ["c1", "c2", "c3"]
    assert plain["count"] == 3
    (change,) = plain["changes"]
    assert (change["target"], change["corrected"]["name"]) == ("a1", "<script>alert(1)</script>")
    assert change["model"]["speaker"] == report.attributions[0].speaker
    assert "text" not in plain

    corrected = Report.from_json(call("GET", f"/v1/articles/{sha256}/corrected").content)
    jsonschema.validate(corrected.to_dict(), load_schema("report"))
    names = {s.id: s.name for s in corrected.speakers}
    assert names[corrected.attributions[0].speaker] == "<script>alert(1)</script>"

    export = call("GET", "/v1/corrections/export")
    assert export.headers["content-type"].startswith("application/x-ndjson")
    (gold,) = map(json.loads, export.text.splitlines())
    assert evaluate([gold], {gold["id"]: corrected.to_dict()})["attribution+source"]["f1"] == 1.0


def test_etags_follow_the_number_of_corrections(call, post, report, sha256):
    post(STRIKE, report)
    for path in ("corrections", "corrected"):
        first = call("GET", f"/v1/articles/{sha256}/{path}")
        same = call("GET", f"/v1/articles/{sha256}/{path}", headers={"If-None-Match": first.headers["etag"]})
        assert (same.status_code, same.content) == (304, b"")
    listed = call("GET", "/v1/corrections")
    same = call("GET", "/v1/corrections", headers={"If-None-Match": listed.headers["etag"]})
    assert (same.status_code, same.content) == (304, b"")
    post({"kind": "retract", "correction": "c1"})
    assert call("GET", "/v1/corrections").headers["etag"] != listed.headers["etag"]
    again = call("GET", f"/v1/articles/{sha256}/corrected", headers={"If-None-Match": first.headers["etag"]})
    assert Report.from_json(again.content) == report


def test_an_article_never_corrected(call, sha256, state):
    for path in (f"articles/{sha256}/corrections", f"articles/{sha256}/corrected"):
        assert body_of(call("GET", f"/v1/{path}"), 404)["code"] == "not-corrected"
    assert body_of(call("GET", "/v1/corrections"), 200) == {"items": [], "next": None}
    assert call("GET", "/v1/corrections/export").content == b""
    assert not state.exists(), "reading makes no file"


def test_an_article_all_of_whose_corrections_are_taken_back_is_no_gold(call, post, report):
    post(STRIKE, report)
    post({"kind": "retract", "correction": "c1"})
    assert call("GET", "/v1/corrections/export").content == b""
    assert body_of(call("GET", "/v1/corrections"), 200)["items"][0]["count"] == 2


def test_pages_of_articles(call, state, report):
    texts = [f"Text {n}." for n in range(5)]
    for text in texts:
        made = other(report, text)
        with pytest.raises(Problem):  # nothing in it to correct; and nothing is kept of it
            kept.add(state, sha256_of(text), NotAQuote(target="a1"), made, None)
    assert body_of(call("GET", "/v1/corrections"), 200)["items"] == []
    for text in texts:
        spoken = replace(
            other(report, text),
            quotes=(replace(report.quotes[0], start=0, end=4, text="Text", attribution=None, speaker=None),),
        )
        kept.add(state, sha256_of(text), WrongSpeaker(target="q1", speaker=None), spoken, None)
    found, cursor = [], None
    while True:
        page = body_of(
            call("GET", "/v1/corrections", params={"limit": 2} | ({"cursor": cursor} if cursor else {})), 200
        )
        check(page, "articles")
        found += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == texts


@pytest.mark.parametrize(
    "cursor", ["x", "é", "W10", "WzFd0", "WyJhIl0", "WzFlOTld", "W3RydWVd", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"]
)
def test_a_cursor_that_no_page_gave(call, post, report, cursor):
    post(STRIKE, report)
    assert pointer(call("GET", "/v1/corrections", params={"cursor": cursor}), 422) == "?cursor"


def test_every_pointer_of_the_description_leads_somewhere():
    app = FastAPI()
    app.include_router(router)
    described = describe(app)

    def pointers(part):
        if isinstance(part, dict):
            yield from [part["$ref"]] if isinstance(part.get("$ref"), str) else []
            for value in part.values():
                yield from pointers(value)
        elif isinstance(part, list):
            for value in part:
                yield from pointers(value)

    found = set(pointers(described["paths"]))
    assert "#/components/schemas/Correction/$defs/corrections" in found
    for pointer in found:
        place = described
        for step in pointer.removeprefix("#/").split("/"):
            place = place[step]


# ------------------------------------------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("body", "status", "at"),
    [
        (b"", 400, None),
        (b"{", 400, None),
        (b'{"correction": NaN}', 400, None),
        (b"\xff\xfe", 400, None),
        (b'{"correction": {"kind": "not_a_quote", "target": "\\ud800"}}', 400, None),
        (b'{"correction": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", (400, 422), None),
        (b'{"more": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", (400, 422), None),
        (b"[]", 422, ""),
        (b"{}", 422, "/correction"),
        (b'{"correction": 1}', 422, "/correction"),
        (b'{"correction": {}}', 422, "/correction/kind"),
        (b'{"correction": {"kind": "praise"}}', 422, "/correction/kind"),
        (b'{"correction": {"kind": "not_a_quote"}}', 422, "/correction/target"),
        (b'{"correction": {"kind": "not_a_quote", "target": 1}}', 422, "/correction/target"),
        (b'{"correction": {"kind": "not_a_quote", "target": "a1", "x/y": 1}}', 422, "/correction/x~1y"),
        (b'{"correction": {"kind": "speaker", "target": "a1", "speaker": {"type": "king"}}}', 422, "/correction/speaker/type"),
        (b'{"correction": {"kind": "not_a_quote", "target": "a1"}}', 422, "/report"),
        (b'{"correction": {"kind": "not_a_quote", "target": "a1"}, "report": {}}', 422, None),
        (b'{"correction": {"kind": "not_a_quote", "target": "a1"}, "report": {"quotes": [{"id": 1}]}}', 422, "/report/quotes/0/id"),
    ],
    ids=range(19),
)  # fmt: skip
def test_bodies_that_are_none(call, sha256, body, status, at):
    headers = {"Content-Type": "application/json; charset=utf-8"}
    answer = call("POST", f"/v1/articles/{sha256}/corrections", content=body, headers=headers)
    assert answer.status_code in (status if isinstance(status, tuple) else (status,)), answer.text
    assert len(answer.content) < 2000
    if at is not None:
        assert pointer(answer, answer.status_code) == at


def test_only_json_is_taken(call, sha256):
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = call("POST", f"/v1/articles/{sha256}/corrections", content=b"{}", headers={"Content-Type": kind})
        assert body_of(answer, 415)["code"] == "media-type"


@pytest.mark.parametrize(
    ("correction", "at"),
    [
        ({"kind": "not_a_quote", "target": "a999"}, "/correction/target"),
        ({"kind": "speaker", "target": "a1", "speaker": "s999"}, "/correction/speaker"),
        ({"kind": "speaker", "target": "a1", "speaker": {"name": "x" * 1_000_000, "type": "person"}}, "/correction/speaker/name"),
        ({"kind": "speaker", "target": "a1", "speaker": {"name": "a\u202eb", "type": "person"}}, "/correction/speaker/name"),
        ({"kind": "not_a_quote", "target": "x" * 1_000_000}, "/correction/target"),
        ({"kind": "retract", "correction": "c1"}, "/correction/correction"),
        ({"kind": "not_a_quote", "target": "a1", "note": "a\u0000b"}, "/correction/note"),
    ],
    ids=range(7),
)  # fmt: skip
def test_corrections_that_make_no_sense(call, post, report, correction, at):
    answer = post(correction, report)
    assert pointer(answer, 422) == at
    assert len(answer.content) < 1000
    assert body_of(call("GET", "/v1/corrections"), 200)["items"] == [], "nothing is kept of them, the report neither"


def test_reports_that_do_not_fit(post, report, sha256):
    beyond = replace(report, quotes=(replace(report.quotes[0], end=10**9), *report.quotes[1:]))
    assert pointer(post(STRIKE, beyond), 422) == "/report/quotes/0"
    bare = replace(report, article=replace(report.article, text=msgspec.UNSET))
    assert pointer(post(STRIKE, bare), 422) == "/report/article/text"
    assert pointer(post(STRIKE, report, sha256="0" * 64), 422) == "/report/article/text"
    assert post(STRIKE, report, sha256="X").status_code == 422
    assert post(STRIKE, report).status_code == 201
    assert pointer(post(STRIKE, other(report, "Another text.")), 422) == "/report/article/text"
    annotated_otherwise = replace(report, attributions=report.attributions[:-1], quotes=())
    answer = post(STRIKE, annotated_otherwise)
    assert (pointer(answer, 409), answer.json()["code"]) == ("/report", "other-report")
    another_day = replace(report, speakers=tuple(replace(s, confidence=0.5) for s in report.speakers))
    assert post(STRIKE, another_day).status_code == 201


# ------------------------------------------------------------------------------------------------ idempotency keys


def test_the_same_key_gets_the_same_answer(call, post, report, sha256):
    key = {"Idempotency-Key": "k-1"}
    first, second = post(STRIKE, report, headers=key), post(STRIKE, report, headers=key)
    assert (first.status_code, first.content, first.headers["location"]) == (
        second.status_code, second.content, second.headers["location"],
    )  # fmt: skip
    assert body_of(call("GET", f"/v1/articles/{sha256}/corrections"), 200)["count"] == 1
    answer = post({"kind": "not_a_quote", "target": "a2"}, headers=key)
    assert body_of(answer, 422)["code"] == "idempotency-key-reused"
    assert body_of(post(STRIKE, report, sha256="0" * 64, headers=key), 422)["code"] == "idempotency-key-reused"
    assert body_of(post(STRIKE), 201)["id"] == "c2"


def test_a_key_of_a_refused_request_is_free(post, report):
    key = {"Idempotency-Key": "k-1"}
    assert post({"kind": "not_a_quote", "target": "a999"}, report, headers=key).status_code == 422
    assert post(STRIKE, report, headers=key).status_code == 201


@pytest.mark.parametrize("key", ["", "a b", "é".encode(), "x" * 256])
def test_a_key_that_is_none(post, report, key):
    assert body_of(post(STRIKE, report, headers={"Idempotency-Key": key}), 400)["code"] == "bad-idempotency-key"


# ---------------------------------------------------------------------------------------------------------- kept


def test_the_file_is_only_ever_added_to(state, report, sha256):
    kept.add(state, sha256, NotAQuote(target="a1"), report, kept.Key("k", "r"))
    with sqlite3.connect(state / kept.FILE) as db:
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        for table in ("articles", "corrections", "keys"):
            for change in (f"DELETE FROM {table}", f"UPDATE {table} SET rowid = 9", f"UPDATE {table} SET number = 9"):
                with pytest.raises(sqlite3.Error):
                    db.execute(change)
    db.close()


def test_a_busy_store_is_a_problem_to_try_again(state, report, sha256, monkeypatch):
    kept.add(state, sha256, NotAQuote(target="a1"), report, None)
    monkeypatch.setattr(kept, "PATIENCE", 0.05)
    holder = sqlite3.connect(state / kept.FILE, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Problem) as caught:
        kept.add(state, sha256, NotAQuote(target="a2"), None, None)
    assert (caught.value.status, caught.value.headers) == (503, {"Retry-After": "2"})
    assert kept.count(state, sha256) == 1, "readers do not wait"
    holder.close()


WRITER = """
import sys
from pathlib import Path
from sourcing.api import kept
from sourcing.corrections import NotAQuote
from sourcing.records import Report
report = Report.from_json(Path(sys.argv[2]).read_text(encoding="utf-8"))
for _ in range(int(sys.argv[3])):
    print(kept.add(Path(sys.argv[1]), report.article.sha256, NotAQuote(target="a1"), report, None).id, flush=True)
"""


def writer_of(state, number):
    """A process that keeps `number` corrections and prints each one's id when it is acknowledged."""
    command = [sys.executable, "-c", WRITER, str(state), str(GOLDEN), str(number)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def test_a_first_writer_waits_for_another(state, report, sha256):
    """SQLite itself does not wait where the kind of journal is changed."""
    state.mkdir()
    other = sqlite3.connect(state / kept.FILE, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    later = threading.Timer(0.3, other.rollback)
    later.start()
    assert kept.add(state, sha256, NotAQuote(target="a1"), report, None).id == "c1"
    later.join()
    other.close()


def test_a_damaged_file(call, post, report, sha256, state):
    state.mkdir()
    (state / kept.FILE).write_bytes(b"no database " * 1000)
    asked = [post(STRIKE, report), call("GET", f"/v1/articles/{sha256}/corrections")]
    asked += [call("GET", "/v1/corrections"), call("GET", "/v1/corrections/export")]
    for answer in asked:
        assert body_of(answer, 500)["code"] == "store-damaged"
        assert str(state) not in answer.text


def test_several_processes_write_at_once(state, report, sha256):
    """The first of them make the file, too."""
    writers = [writer_of(state, 10) for _ in range(4)]
    said = [writer.communicate(timeout=60)[0].split() for writer in writers]
    assert sorted((i for ids in said for i in ids), key=lambda i: int(i[1:])) == [f"c{n}" for n in range(1, 41)]
    article = kept.read(state, sha256)
    assert [c.id for c in article.corrections] == [f"c{n}" for n in range(1, 41)]
    assert article.report == report


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(state, sha256):
    for _ in range(3):
        with writer_of(state, 1_000_000) as writer:
            said = [writer.stdout.readline().strip() for _ in range(5)]
            time.sleep(0.05)
            os.kill(writer.pid, signal.SIGKILL)
            said += writer.stdout.read().split()
        numbers = [int(identity[1:]) for identity in said if identity]
        assert kept.count(state, sha256) >= numbers[-1]
    ids = [c.id for c in kept.read(state, sha256).corrections]
    assert ids == [f"c{n}" for n in range(1, len(ids) + 1)]
    assert kept.add(state, sha256, Retract(correction="c1"), None, None).id == f"c{len(ids) + 1}"


def test_an_article_has_only_so_many(state, report, sha256, monkeypatch):
    monkeypatch.setattr(kept, "MOST", 2)
    for _ in range(2):
        kept.add(state, sha256, NotAQuote(target="a1"), report, None)
    with pytest.raises(Problem) as refused:
        kept.add(state, sha256, NotAQuote(target="a1"), report, None)
    assert (refused.value.status, refused.value.code) == (409, "too-many-corrections")
