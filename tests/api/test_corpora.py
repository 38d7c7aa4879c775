"""What a corpus answers over HTTP."""

import pytest
from jsonschema import Draft202012Validator

from sourcing import Corpus
from sourcing.schema import load_schema


def get(client, address, schema=None, **parameters):
    answer = client.get(f"/v1/corpora{address}", params=parameters)
    assert answer.status_code == 200, answer.text
    if schema:
        Draft202012Validator(load_schema(schema)).validate(answer.json())
    return answer.json()


def test_what_there_is(client):
    assert [c["name"] for c in get(client, "", "corpora")["items"]] == ["islands"]
    info = get(client, "/islands", "corpus-info")
    assert (info["articles"], info["path"]) == (2, "islands")


def test_articles_in_pages(client):
    first = get(client, "/islands/articles", "articles", limit=1)
    second = get(client, "/islands/articles", "articles", limit=1, cursor=first["next"])
    assert [a["id"] for a in first["items"] + second["items"]] == ["ferry-2", "ferry/1"]
    assert second["next"] is None
    assert [a["id"] for a in get(client, "/islands/articles", q="STAYS in")["items"]] == ["ferry/1"]
    assert [a["id"] for a in get(client, "/islands/articles", outlet="the orrin post")["items"]] == ["ferry-2"]
    assert get(client, "/islands/articles", since="2026-06")["items"] == []


@pytest.mark.parametrize(
    ("parameters", "code", "pointer"),
    [
        ({"cursor": "x"}, "bad-cursor", "?cursor"),
        ({"cursor": "é"}, "bad-cursor", "?cursor"),
        ({"cursor": "WzFd"}, "bad-cursor", "?cursor"),  # [1]
        ({"limit": 0}, "bad-parameter", "?limit"),
        ({"limit": 501}, "bad-parameter", "?limit"),
        ({"cursor": "WzkyMjMzNzIwMzY4NTQ3NzU4MDhd"}, "bad-cursor", "?cursor"),  # [2**63]
        ({"cursor": "WyJhIiwiYiJd"}, "bad-cursor", "?cursor"),  # ["a", "b"]
        ({"since": "spring"}, "bad-parameter", "?since"),
        ({"since": "2026-13"}, "bad-parameter", "?since"),
        ({"since": "２０２６"}, "bad-parameter", "?since"),
        ({"outlett": "x"}, "bad-parameter", "?outlett"),
    ],
)
def test_bad_questions(client, parameters, code, pointer, problem):
    body = problem(client.get("/v1/corpora/islands/articles", params=parameters), 422, code)
    assert body["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize(
    "address",
    ["", "/islands", "/islands/articles/ferry-2", "/islands/speakers", "/islands/speakers/0", "/islands/compare"],
)
def test_parameters_that_there_are_none_of(client, address, problem):
    body = problem(client.get(f"/v1/corpora{address}?statuss=nowhere_else"), 422, "bad-parameter")
    assert body["errors"][0]["pointer"] == "?statuss"


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [
        ("islands/articles/nothing", 404, "no-article"),
        ("islands/speakers/0", 404, "no-speaker"),
        ("nothing/compare", 404, "no-corpus"),
        (".x/articles", 400, "bad-name"),
    ],
)
def test_a_path_at_fault_has_no_pointer(client, problem, address, status, code):
    assert "errors" not in problem(client.get(f"/v1/corpora/{address}"), status, code)


def test_an_article(client, corpora, problem):
    stored = Corpus(corpora / "islands").report("ferry/1")
    for address in ("ferry/1", "ferry%2F1"):
        assert get(client, f"/islands/articles/{address}", "report") == stored.to_dict()
    problem(client.get("/v1/corpora/islands/articles/nothing"), 404, "no-article")
    problem(client.get("/v1/corpora/nothing/articles/ferry-2"), 404, "no-corpus")


def test_speakers(client):
    every = get(client, "/islands/speakers", "speakers")["items"]
    found = {s["name"]: (s["class"], s["status"], s["stories"]) for s in every}
    assert found["Tom Brand"] == ("named", "quoted_elsewhere", 2)
    assert found["Greta Stone"] == ("named", "nowhere_else", 1)
    assert found["harbour board"][:2] == ("institutional", None)
    lonely = get(client, "/islands/speakers", status="nowhere_else", **{"class": "named"})["items"]
    assert [s["name"] for s in lonely] == ["Ada Quill", "Greta Stone"]
    assert [s["name"] for s in get(client, "/islands/speakers", q="NURSE")["items"]] == ["Greta Stone"]
    assert [s["name"] for s in get(client, "/islands/speakers", outlet="The Orrin Post", q="o")["items"]] == [
        "Greta Stone", "Tom Brand",
    ]  # fmt: skip
    assert {s["name"] for s in get(client, "/islands/speakers", status="none")["items"]} == {"harbour board"}
    walked, cursor = [], None
    while True:
        page = get(client, "/islands/speakers", limit=1, **({"cursor": cursor} if cursor else {}))
        walked += [s["id"] for s in page["items"]]
        if not (cursor := page["next"]):
            break
    assert walked == [s["id"] for s in every]


def test_a_speaker(client, problem):
    brand = get(client, "/islands/speakers", q="Brand")["items"][0]
    found = get(client, f"/islands/speakers/{brand['id']}", "who-speaks")
    assert found["identity"]["forms"][0]["name"] == "Tom Brand"
    problem(client.get("/v1/corpora/islands/speakers/0123456789abcdef"), 404, "no-speaker")


def test_answers_say_whether_they_are_of_now(client):
    for address in ("speakers", "compare?minimum=2"):
        assert client.get(f"/v1/corpora/islands/{address}").headers["corpus-current"] == "true"


def test_a_file_of_speakers_that_is_damaged_is_made_anew(client, server):
    assert client.get("/v1/corpora/islands/speakers?q=c").status_code == 200
    (file,) = (server.state / "speakers" / "islands").glob("*.parquet")
    file.write_bytes(b"")
    assert client.get("/v1/corpora/islands/speakers?q=d").status_code == 500
    assert client.get("/v1/corpora/islands/speakers?q=e").status_code == 200


def test_compare(client, problem):
    found = get(client, "/islands/compare", "comparison", minimum=2)
    assert [name for name, _ in found["small_groups"]] == ["The Orrin Post", "The Wick Courier"]
    problem(client.get("/v1/corpora/islands/compare?by=colour"), 422, "bad-parameter")


@pytest.mark.parametrize(
    "address",
    ["/v1/corpora", "/v1/corpora/islands", "/v1/corpora/islands/articles", "/v1/corpora/islands/articles/ferry-2",
     "/v1/corpora/islands/speakers", "/v1/corpora/islands/compare", "/v1/rules", "/v1/schemas", "/v1/schemas/report",
     "/v1/problems/busy", "/v1/corrections", "/v1/jobs", "/openapi.json"],
)  # fmt: skip
def test_etags(client, address):
    tag = client.get(address).headers["etag"]
    again = client.get(address, headers={"if-none-match": f'"other", W/{tag}'})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(address, headers={"if-none-match": '"other"'}).status_code == 200


def test_figures(client):
    text = client.get("/metrics").text
    for name in ("sourcing_requests_total", "sourcing_request_seconds_bucket", "sourcing_worker_restarts"):
        assert name in text
    assert "ferry" not in text


def test_head(client):
    whole = client.get("/v1/rules")
    head = client.head("/v1/rules")
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["etag"] == whole.headers["etag"]
    assert head.headers["content-length"] == str(len(whole.content))
