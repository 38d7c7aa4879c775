"""POST and DELETE of articles: what is taken, what is refused, and what a request that is sent twice does."""

import io
import json
import socket
import threading
import zipfile

import jsonschema
import pytest

import sourcing
from sourcing.api.spool import file_name
from sourcing.schema import load_schema

PLAIN = "“The bridge holds,” said Ludo Brandt, who keeps the toll.\n"


def articles(server, corpus):
    return {row["id"]: row for row in sourcing.Corpus(server.data / corpus).articles().to_pylist()}


def problem(answer, status, code, pointer=None):
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["code"] == code
    assert pointer is None or body["errors"][0]["pointer"] == pointer
    return body


def test_an_article_is_a_job(server, article):
    answer = server.post("one", json.dumps(article), "application/json")
    assert answer.status_code == 202
    job = answer.json()
    jsonschema.validate(job, load_schema("job"))
    assert answer.headers["location"] == f"/v1/jobs/{job['id']}"
    assert (job["status"], job["article"], job["progress"]["bytes_total"] > 0) == ("queued", "weir-1", True)
    job = server.finished(job["id"])
    jsonschema.validate(job, load_schema("job"))
    assert (job["status"], job["progress"]["added"], job["failures"]) == ("done", 1, [])
    assert articles(server, "one")["weir-1"]["outlet"] == "The Sallow Gazette"
    assert not sourcing.Corpus(server.data / "one").is_stale()
    assert job["id"] not in server.spooled()


def test_prefer_wait(server, article):
    answer = server.post("waited", json.dumps(article), "application/json", prefer="respond-async, wait=25")
    assert answer.status_code == 200
    assert answer.headers["preference-applied"] == "wait=25"
    assert answer.json()["status"] == "done"


def test_articles_and_bad_lines(server, article, lines_of):
    lines = [json.dumps({**article, "id": f"n{n}"}) for n in range(3)]
    lines[1:1] = ["{", json.dumps({"id": "x", "text": ["SECRET WORDS"]}), ""]
    job = server.add("lines", "\n".join(lines))
    assert job["progress"]["added"] == 3
    assert job["progress"]["failed"] == 2
    assert [(f["input"], f["line"], f["code"]) for f in job["failures"]] == [
        ("articles.jsonl", 2, "invalid-json"),
        ("articles.jsonl", 3, "invalid-article"),
    ]
    assert job["failures"][1]["message"].startswith("articles.jsonl:3 is no article: /text")
    assert "SECRET" not in json.dumps(job)
    jsonschema.validate(job, load_schema("job"))
    job = server.add("lines", lines_of(["r1", "r2"]) + b'{"article": 1}\n')
    assert (job["progress"]["added"], job["failures"][0]["line"]) == (2, 3)
    assert set(articles(server, "lines")) == {"n0", "n1", "n2", "r1", "r2"}


def test_an_array(server, article):
    body = [article, {"id": "no text"}, {**article, "id": "second"}]
    job = server.add("array", json.dumps(body), kind="application/json")
    assert job["article"] is None
    assert (job["progress"]["added"], [f["input"] for f in job["failures"]]) == (2, ["article.json#2"])


def test_bodies_without_ids_do_not_replace_each_other(server):
    sent = [server.post("plain", PLAIN + "x" * n, "text/plain; charset=utf-8").json()["id"] for n in (0, 1, 0)]
    jobs = [server.finished(id) for id in sent]
    assert [job["progress"]["added"] for job in jobs] == [1, 1, 0]
    assert jobs[2]["progress"]["unchanged"] == 1
    assert jobs[0]["article"] == jobs[2]["article"] != jobs[1]["article"]
    assert set(articles(server, "plain")) == {job["article"] for job in jobs}


def word(text):
    """A Word document of one paragraph."""
    out = io.BytesIO()
    space = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    with zipfile.ZipFile(out, "w") as file:
        file.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        file.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        file.writestr(
            "word/document.xml",
            f"<w:document {space}><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
        )
    return out.getvalue()


def test_every_kind_of_body(server, article):
    html = f"<html><body><article><h1>Toll</h1><p>{PLAIN * 4}</p></article></body></html>"
    kinds = {
        "text/html": html,
        "text/markdown": f"# Toll\n\n{PLAIN}",
        "text/csv": f'id,text\ncsv-1,"{PLAIN.strip()}"\n',
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": word(PLAIN.strip()),
    }
    latin = PLAIN.replace("“", '"').replace("”", '"').replace("Ludo", "Ludö").encode("latin-1")
    kinds["text/plain; charset=ISO-8859-1"] = latin
    jobs = [server.post("kinds", body, kind).json() for kind, body in kinds.items()]
    for kind, job in zip(kinds, jobs, strict=True):
        job = server.finished(job["id"])
        assert (job["progress"]["added"], job["failures"]) == (1, []), kind
    corpus = sourcing.Corpus(server.data / "kinds")
    assert corpus.report(jobs[-1]["article"]).speakers[0].name == "Ludö Brandt"
    assert not corpus.is_stale()


def send_form(server, corpus, *files):
    return server.client.post(f"/v1/corpora/{corpus}/articles", files=[("file", file) for file in files])


def test_files_of_a_form(server, article, lines_of):
    answer = send_form(
        server, "form", ("draft.v2.txt", PLAIN.encode()), ("..\\..//Übersicht.docx", word(PLAIN)),
        ("feed.ndjson", lines_of(["f1", "f2"])), ("json.py.csv", b"body\nSECRET WORDS\n"),
    )  # fmt: skip
    job = server.finished(answer.json()["id"])
    assert set(articles(server, "form")) == {"draft.v2", "Übersicht", "f1", "f2"}
    assert [(f["input"], f["code"]) for f in job["failures"]] == [("json.py.csv", "no-column")]
    assert "SECRET" not in json.dumps(job)
    assert articles(server, "form")["draft.v2"]["origin"] == "draft.v2.txt"


@pytest.mark.parametrize(
    ("files", "status", "code"),
    [
        ([("file", ("evil.py", b"x"))], 415, "media-type"),
        ([("file", (".txt", b"x"))], 415, "media-type"),
        ([("draft", ("draft.txt", b"x"))], 422, "unknown-part"),
        ([("file", ("a.txt", b"x")), ("file", ("b/a.txt", b"y"))], 422, "same-name"),
        ([("file", ("big.txt", b"x" * 3_000_001))], 413, "too-large"),
    ],
)
def test_forms_that_are_refused(server, files, status, code):
    problem(server.client.post("/v1/corpora/refused/articles", files=files), status, code)
    assert server.spooled() == []
    assert not (server.data / "refused").exists()


@pytest.mark.parametrize("cut", [10, 60, 150, -5])
def test_a_form_that_is_cut_off(server, cut):
    form = (
        b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n\r\n' + b"y" * 200 + b"\r\n--x--\r\n"
    )
    problem(server.post("refused", form[:cut], "multipart/form-data; boundary=x"), 400, "bad-form")
    assert server.spooled() == []


@pytest.mark.parametrize(
    ("body", "kind", "status", "code", "pointer"),
    [
        ("{}", "application/json", 422, "invalid-article", "/text"),
        ('{"text": 7}', "application/json", 422, "invalid-article", "/text"),
        ('{"text": "a", "outlet": []}', "application/json", 422, "invalid-article", "/outlet"),
        ('{"text": " \\n"}', "application/json", 422, "empty", "/text"),
        ('{"text": "a", "id": "a\\nb"}', "application/json", 422, "invalid-article", "/id"),
        (json.dumps({"text": "a", "id": "a" * 1001}), "application/json", 422, "invalid-article", "/id"),
        ("[]", "application/json", 422, "invalid-article", ""),
        ('"x"', "application/json", 422, "invalid-article", ""),
        ("{", "application/json", 400, "invalid-json", None),
        (b'{"text": "\xff"}', "application/json", 400, "encoding", None),
        ('{"text": "\\ud800"}', "application/json", 422, "invalid-text", "/text"),
        ('{"text": "a", "title": "\\ud800"}', "application/json", 422, "invalid-text", "/title"),
        (b"a\0b", "application/json", 415, "binary", None),
        ("", "text/plain", 400, "empty", None),
        ("x", "application/pdf", 415, "media-type", None),
        ("x", "text/plain; charset=nonsense", 415, "media-type", None),
        ("x", "text/plain; charset=zlib", 415, "media-type", None),
        ("x" * 1_000_001, "text/plain", 413, "too-large", None),
        ("x" * 3_000_001, "application/x-ndjson", 413, "too-large", None),
    ],
)
def test_what_is_refused_at_once(server, body, kind, status, code, pointer):
    problem(server.post("refused", body, kind), status, code, pointer)
    assert server.spooled() == []
    assert not (server.data / "refused").exists()


def test_a_body_of_unknown_length_is_counted(server):
    chunks = (b'{"text": "words"}\n' * 1000 for _ in range(200))
    problem(server.post("refused", chunks), 413, "too-large")
    assert server.spooled() == []


def test_a_caller_who_hangs_up(server, until):
    """Half of an upload leaves nothing behind."""
    before = server.client.get("/v1/jobs").json()
    with socket.create_connection((server.client.base_url.host, server.client.base_url.port)) as caller:
        caller.sendall(
            b"POST /v1/corpora/refused/articles HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n"
            b"Content-Length: 100000\r\n\r\n" + b"x" * 50_000
        )
        until(server.spooled)
    until(lambda: not server.spooled())
    assert server.client.get("/v1/jobs").json() == before


@pytest.mark.parametrize("name", ["..", "a%2F..%2F..", ".hidden", "%2Fetc", "x" * 65])
def test_names_that_lead_elsewhere(server, name):
    answer = server.post(name, PLAIN, "text/plain")
    assert answer.status_code in (400, 404, 405)
    assert server.spooled() == []


def test_folders_that_are_no_corpus(server, lines_of):
    """One that a killed job had begun to make is made; what is somebody's own is left alone."""
    (server.data / "begun").mkdir(parents=True)
    (server.data / "begun" / ".lock").touch()
    assert server.add("begun", lines_of(["a"]))["status"] == "done"
    (server.data / "thesis").mkdir()
    (server.data / "thesis" / "chapter.txt").write_text("mine")
    problem(server.post("thesis", lines_of(["a"])), 404, "no-corpus")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("draft.txt", "draft.txt"),
        ("../../etc/feed.jsonl.gz", "feed.jsonl.gz"),
        ("-rf .TXT", "rf .TXT"),
        ("a\n\u202eb\0.md", "ab.md"),
        ("x" * 300 + ".txt", "x" * 150 + ".txt"),
        ("ü" * 100 + ".txt", "ü" * 75 + ".txt"),
    ],
)
def test_names_of_files(given, kept):
    assert file_name(given) == kept


def test_a_content_encoding_is_refused(server):
    problem(server.post("refused", PLAIN, "text/plain", content_encoding="gzip"), 415, "content-encoding")


def test_idempotency(server, lines_of):
    first = server.post("twice", lines_of(["a"]), idempotency_key="k-1").json()
    again = server.post("twice", lines_of(["a"]), idempotency_key="k-1")
    assert (again.status_code, again.json()["id"]) == (202, first["id"])
    problem(server.post("twice", lines_of(["b"]), idempotency_key="k-1"), 422, "idempotency-key-reused")
    problem(server.post("other", lines_of(["a"]), idempotency_key="k-1"), 422, "idempotency-key-reused")
    problem(server.post("twice", lines_of(["a"]), idempotency_key="ä".encode()), 400, "bad-idempotency-key")
    server.finished(first["id"])
    after = server.post("twice", lines_of(["a"]), idempotency_key="k-1", prefer="wait=5")
    assert (after.status_code, after.json()["id"]) == (200, first["id"])
    assert set(articles(server, "twice")) == {"a"}
    assert server.spooled() == []


def test_one_key_from_many_at_once(server, lines_of):
    answers = []
    body = lines_of(f"m{n}" for n in range(20))
    threads = [
        threading.Thread(target=lambda: answers.append(server.post("at-once", body, idempotency_key="k-many")))
        for _ in range(12)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {answer.status_code for answer in answers} == {202}
    (id,) = {answer.json()["id"] for answer in answers}
    assert server.finished(id)["progress"]["added"] == 20
    assert server.spooled() == []


def test_remove(server, lines_of):
    server.add("removed", lines_of(["a/b c", "d"]))
    path = "/v1/corpora/removed/articles/a%2Fb%20c"
    assert server.client.delete(path).status_code == 204
    assert "errors" not in problem(server.client.delete(path), 404, "no-article")
    problem(server.client.delete(path + "?force=1"), 422, "bad-parameter", "?force")
    problem(server.client.delete("/v1/corpora/nowhere/articles/a"), 404, "no-corpus")
    assert set(articles(server, "removed")) == {"d"}
