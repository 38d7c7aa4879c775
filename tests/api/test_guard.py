"""Who may call, from where, and what every answer carries."""

import pytest
from starlette.testclient import TestClient

from sourcing.api.app import create_app
from sourcing.api.settings import Settings
from sourcing.errors import UsageError

TOKEN = "correct horse"


@pytest.fixture
def app(tmp_path):
    """Make an application that is not started: the guard needs no workers."""

    def make(**given):
        settings = Settings(folder=tmp_path / "corpora", state=tmp_path / "state", **given)
        return TestClient(create_app(settings), base_url="http://127.0.0.1:8000", raise_server_exceptions=False)

    return make


def test_no_token_no_strangers(tmp_path):
    for host in ("0.0.0.0", "::", "192.0.2.1", "desk.example"):
        with pytest.raises(UsageError, match="token"):
            create_app(Settings(folder=tmp_path, state=tmp_path / "s", host=host))


@pytest.mark.parametrize(
    ("given", "status"),
    [
        (None, 401),
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("Bearer wrong", 401),
        ("Bearer ", 401),
        (f"Basic {TOKEN}", 401),
        (TOKEN, 401),
        ("Bearer \xe9", 401),
    ],
)
def test_token(app, given, status):
    client = app(host="0.0.0.0", token=TOKEN)
    headers = [] if given is None else [("authorization", given.encode("latin-1"))]
    answer = client.get("/v1/rules", headers=headers)
    assert answer.status_code == status
    if status == 401:
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert answer.json()["code"] == "no-token"
    assert client.get("/healthz").status_code == 200
    for address in ("/metrics", "/openapi.json", "/docs", "/v1/corpora", "/nothing", "/healthzz"):
        assert client.get(address).status_code == 401, address


def test_page_asks_for_the_token(app):
    client = app(host="0.0.0.0", token=TOKEN)
    answer = client.get("/", headers={"accept": "text/html"}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/login")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8000", 200),
        ("localhost", 200),
        ("[::1]:8000", 200),
        ("desk.example:8000", 200),
        ("evil.example", 421),
        ("127.0.0.1.evil.example", 421),
        ("", 421),
        ("[", 421),
    ],
)
def test_names(app, host, status):
    assert app(hosts=("desk.example",)).get("/v1/rules", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"origin": "http://127.0.0.1:8000"}, 415),
        ({"origin": "http://127.0.0.1:8000", "sec-fetch-site": "same-origin"}, 415),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://127.0.0.1:9000"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
    ],
)
def test_pages_of_other_sites_cannot_send(app, headers, status):
    answer = app().post("/v1/analyze", content=b"x", headers={"content-type": "image/png", **headers})
    assert answer.status_code == status


def test_headers(app):
    client = app()
    for address in ("/v1/rules", "/nothing", "/v1/corpora/x/articles"):
        answer = client.get(address, headers={"x-request-id": "abc-1"})
        assert answer.headers["content-security-policy"].startswith(
            "default-src 'none'; script-src 'self'; style-src 'self';"
        )
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["x-frame-options"] == "DENY"
        assert answer.headers["x-request-id"] == "abc-1"
    assert client.get("/healthz", headers={"x-request-id": "a b\tc"}).headers["x-request-id"] != "a b\tc"


def test_unforeseen_failures_say_nothing(app, monkeypatch, capsys):
    client = app()

    def fail():
        raise ValueError("what an article says")

    monkeypatch.setattr(client.app.state.service, "corpora", fail)
    answer = client.get("/v1/corpora")
    assert answer.status_code == 500
    assert answer.json()["code"] == "internal"
    assert "article says" not in answer.text + "".join(capsys.readouterr())


@pytest.mark.parametrize("name", ["..", ".hidden", "a%2Fb", "%2e%2e", "a" * 65, "a%00b", "é", "a b"])
def test_names_of_corpora_stay_inside(app, name, tmp_path):
    (tmp_path / "corpus.json").write_text("{}")
    client = app()
    for answer in (client.get(f"/v1/corpora/{name}"), client.get(f"/v1/corpora/{name}/articles")):
        assert answer.status_code in (400, 404)
        assert str(tmp_path) not in answer.text


def test_browsers_get_pages(app):
    client = app()
    for address, status in (("/nothing", 404), ("/corpus/nothing", 404), ("/corpus/a%20b", 400)):
        answer = client.get(address, headers={"accept": "text/html,*/*"})
        assert answer.status_code == status
        assert answer.headers["content-type"].startswith("text/html")
        assert "<h1" in answer.text
    assert client.get("/v1/nothing", headers={"accept": "text/html"}).json()["code"] == "not-found"
    large = client.post("/", files={"file": ("a.txt", b"a" * (9 << 20))}, headers={"accept": "text/html"})
    assert (large.status_code, "<h1" in large.text) == (413, True)
