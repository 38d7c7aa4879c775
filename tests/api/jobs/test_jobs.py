"""Jobs over HTTP and over restarts: records, paging, cancelling, processes that die."""

import json
import os
import signal
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import jsonschema
import pytest

import sourcing
from sourcing.api.job import Job, Progress
from sourcing.api.ledger import KeyReused, Ledger, Work
from sourcing.api.settings import Settings
from sourcing.errors import UsageError
from sourcing.schema import load_schema

MANY = 3000  # reports: some seconds of work


def ids(count, prefix="r"):
    return [f"{prefix}{n}" for n in range(count)]


def stored(server, corpus):
    return sorted(sourcing.Corpus(server.data / corpus).articles()["id"].to_pylist())


def test_reading_jobs(server, lines_of):
    made = [server.add("read", lines_of([f"p{n}"]))["id"] for n in range(3)]
    answer = server.client.get(f"/v1/jobs/{made[0]}")
    assert "retry-after" not in answer.headers
    again = server.client.get(f"/v1/jobs/{made[0]}", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    first = server.client.get("/v1/jobs", params={"corpus": "read", "limit": 2}).json()
    rest = server.client.get("/v1/jobs", params={"corpus": "read", "limit": 2, "cursor": first["next"]}).json()
    assert [job["id"] for job in first["items"] + rest["items"]] == made[::-1]
    assert rest["next"] is None
    for job in first["items"]:
        jsonschema.validate(job, load_schema("job"))
        assert "failures" not in job
    assert server.client.get("/v1/jobs", params={"status": "queued", "corpus": "read"}).json()["items"] == []
    cursors = ("x", "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd", "W3RydWVd")  # the others are [2**63] and [true]
    for wrong in ({"status": "lost"}, *({"cursor": cursor} for cursor in cursors), {"limit": 0}, {"stat": "done"}):
        assert server.client.get("/v1/jobs", params=wrong).status_code == 422
    assert server.client.get("/v1/jobs/none").json()["code"] == "no-job"
    finished = server.client.post(f"/v1/jobs/{made[0]}/cancel")
    assert (finished.status_code, finished.json()["code"]) == (409, "job-finished")
    assert server.client.post("/v1/jobs/none/cancel").status_code == 404


def test_cancel(server, lines_of, until):
    """A running job stops and keeps what it has added; a queued one never begins."""
    running = server.post("cancelled", lines_of(ids(MANY // 10))).json()["id"]
    queued = server.post("cancelled", lines_of(["never"])).json()["id"]
    until(lambda: server.job(running)["status"] == "running")
    answer = server.client.get(f"/v1/jobs/{running}")
    assert answer.headers["retry-after"] == "1"
    assert server.client.post(f"/v1/jobs/{queued}/cancel").json()["status"] == "cancelled"
    assert server.client.post(f"/v1/jobs/{running}/cancel").json()["status"] == "cancelled"
    assert server.client.post(f"/v1/jobs/{running}/cancel").status_code == 200
    until(lambda: not server.spooled())
    job = server.add("cancelled", lines_of(["after"]))
    assert (job["status"], job["progress"]["added"]) == ("done", 1)
    assert "never" not in stored(server, "cancelled")
    for id in (running, queued):
        assert server.job(id)["status"] == "cancelled"
        assert server.job(id)["finished"]


def test_more_failures_than_a_record_lists(server):
    job = server.add("bad", b"{\n" * 3000)
    assert (job["status"], job["progress"]["failed"], len(job["failures"])) == ("done", 3000, 1000)


@pytest.mark.parametrize("who", ["process", "worker"])
def test_a_process_that_dies_once(start_server, lines_of, until, who):
    """The one that adds, when it has committed something, or one that works for it, when it begins."""
    server = start_server(workers=2)
    id = server.post("died", lines_of(ids(MANY))).json()["id"]
    until(server.job_workers if who == "worker" else lambda: server.job(id)["progress"]["added"])
    os.kill((server.job_workers() if who == "worker" else server.job_processes())[0], signal.SIGKILL)
    job = server.finished(id)
    assert (job["status"], job["attempts"]) == ("done", 2)
    assert job["progress"]["added"] + job["progress"]["unchanged"] == MANY
    assert stored(server, "died") == sorted(ids(MANY))
    assert [p for p in sourcing.Corpus(server.data / "died").verify() if p.harm] == []
    assert server.spooled() == []


def test_a_process_that_dies_twice(start_server, lines_of, until):
    """The job fails, and the next one of its corpus is done."""
    server = start_server()
    bad = server.post("died", lines_of(ids(MANY))).json()["id"]
    good = server.post("died", lines_of(["good"])).json()["id"]
    for attempt in (1, 2):
        until(lambda: server.job(bad)["attempts"] == attempt and server.job(bad)["status"] == "running")  # noqa: B023
        until(server.job_processes)
        os.kill(server.job_processes()[0], signal.SIGKILL)
    job = server.finished(bad)
    assert (job["status"], job["attempts"]) == ("failed", 2)
    assert "died twice" in job["error"]
    jsonschema.validate(job, load_schema("job"))
    assert server.finished(good)["status"] == "done"
    assert "good" in stored(server, "died")


def test_a_corpus_that_cannot_be_written(start_server, lines_of):
    server = start_server()
    server.add("torn", lines_of(["a"]))
    (server.data / "torn" / "corpus.json").write_text('{"format": "sourcing-corpus", "version": 99}')
    job = server.finished(server.post("torn", lines_of(["b"])).json()["id"])
    assert (job["status"], job["attempts"]) == ("failed", 2)
    assert job["error"].startswith("the corpus was written by a newer version")
    assert str(server.data) not in json.dumps(job)


def test_stopping_and_starting(start_server, lines_of, until):
    """A job that was running and one that was queued are taken up; files that belong to no job go."""
    server = start_server()
    running = server.post("kept", lines_of(ids(MANY))).json()["id"]
    queued = server.post("kept", lines_of(["last"])).json()["id"]
    until(server.job_processes)
    (process,) = server.job_processes()
    server.stop()
    assert not Path(f"/proc/{process}").exists()
    assert set(server.spooled()) == {running, queued}
    (server.state / "spool" / "orphan").mkdir()
    server.start()
    assert server.finished(running)["status"] == "done"
    assert server.finished(queued)["status"] == "done"
    assert stored(server, "kept") == sorted([*ids(MANY), "last"])
    until(lambda: not server.spooled())
    log = server.log.read_text()
    assert all(json.loads(line) for line in log.splitlines())
    assert "weir" not in log


def test_a_second_server_over_the_same_folder(start_server):
    start_server()
    with pytest.raises(AssertionError, match="another server keeps its jobs"):
        start_server()


# --------------------------------------------------------------------------------------------------------- the ledger


def test_a_damaged_file(tmp_path):
    made = Ledger(Settings(folder=tmp_path, state=tmp_path))
    made.path.write_bytes(b"no database " * 1000)
    with pytest.raises(UsageError, match=r"jobs\.db cannot be read \(file is not a database\)"):
        made.open()


@pytest.fixture
def ledger(tmp_path):
    made = Ledger(Settings(folder=tmp_path, state=tmp_path / "state"))
    made.open()
    yield made
    made.close()


def submit(ledger, id, corpus="c", **options):
    return ledger.submit(
        Job(id=id, corpus=corpus, created=datetime.now(UTC)), Work(files=["a.jsonl"], size=1), **options
    )


def test_the_order_of_jobs(ledger):
    for id, corpus in (("1", "c"), ("2", "d"), ("3", "c")):
        submit(ledger, id, corpus)
    assert ledger.corpora() == ["c", "d"]
    assert [ledger.claim("c")[0].id, ledger.claim("c")[0].id, ledger.claim("c")] == ["1", "3", None]
    assert not ledger.is_awaited("c")
    ledger.requeue({"d"})
    assert ledger.claim("c")[0].attempts == 2


def test_a_cancelled_job_stays_cancelled(ledger):
    submit(ledger, "1")
    ledger.claim("c")
    ledger.cancel("1")
    ledger.report("1", Progress(added=1), [])
    assert ledger.finish("1").status == ledger.fall("1", "x").status == ledger.get("1").status == "cancelled"
    assert ledger.get("1").progress.added == 0


def test_keys(ledger):
    assert submit(ledger, "1", key="k", request="a").id == "1"
    assert submit(ledger, "2", key="k", request="a").id == "1"
    with pytest.raises(KeyReused):
        submit(ledger, "3", key="k", request="b")
    assert ledger.unfinished() == {"1"}


def test_old_jobs_and_their_keys_are_forgotten(ledger):
    for id in ("old", "new", "waiting"):
        submit(ledger, id, corpus=id, key=id, request="a")
    for id in ("old", "new"):
        ledger.claim(id)
        ledger.finish(id)
    long_ago = (datetime.now(UTC) - timedelta(days=8)).isoformat()
    with sqlite3.connect(ledger.path) as db:
        db.execute("update jobs set finished = ? where id = 'old'", [long_ago])
    db.close()
    ledger.drop_old()
    assert (ledger.get("old"), ledger.get("new").status, ledger.get("waiting").status) == (None, "done", "queued")
    assert submit(ledger, "again", corpus="old", key="old", request="b").id == "again"
