"""Who may come in, what is sent along, and whether everybody can use it."""

import httpx
import pytest
from playwright.sync_api import expect

from sourcing.api.page.session import COOKIE, is_session, session_cookie
from sourcing.api.questions import id_of


def test_signing_in_and_out(open_page, guarded):
    page = open_page("/", base=guarded.url, quiet=False)
    assert page.url.endswith("/login")
    page.fill("#token", "wrong")
    page.keyboard.press("Enter")
    expect(page.locator("#problem")).to_contain_text("not the server’s token")
    page.fill("#token", guarded.token)
    page.keyboard.press("Enter")
    expect(page.locator("#draft")).to_be_visible()
    page.wait_for_load_state()  # the scripts too, which take the keys
    (cookie,) = page.context.cookies()
    assert (cookie["name"], cookie["httpOnly"], cookie["sameSite"]) == (COOKIE, True, "Strict")
    assert guarded.token not in cookie["value"]
    page.fill("#text", "“The ferry is late again,” said Ada Quill.")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".card", has_text="Ada Quill")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    assert page.url.endswith("/login")
    assert page.context.cookies() == []


def test_pages_and_posts_are_closed_without_the_cookie(guarded):
    assert httpx.get(f"{guarded.url}/", headers={"Accept": "text/html"}).headers["location"] == "/login"
    for path in ("/", "/export", "/corrections"):
        assert httpx.post(guarded.url + path, data={"text": "x"}).status_code == 401
    assert httpx.get(f"{guarded.url}/corpus/town").status_code == 401
    forged = {"Cookie": f"{COOKIE}={session_cookie('another')}"}
    assert httpx.get(f"{guarded.url}/corpus", headers=forged).status_code == 401
    right = {"Cookie": f"{COOKIE}={session_cookie(guarded.token)}"}
    assert httpx.get(f"{guarded.url}/corpus", headers=right).status_code == 200


def test_no_token_no_login(server):
    assert httpx.get(f"{server.url}/login").headers["location"] == "/"


@pytest.mark.parametrize("value", ["", "é", "\udcff", "0" * 64])
def test_other_values_are_no_session(value):
    assert not is_session("token", value)


def test_pages_of_other_sites_cannot_post(server):
    for path in ("/", "/export", "/corrections", "/logout"):
        answer = httpx.post(server.url + path, data={"text": "x"}, headers={"Origin": "https://example.org"})
        assert answer.status_code == 403


def test_assets_are_asked_for_once(server):
    for name in ("page.css", "report.css", "page.js", "icon.svg"):
        first = httpx.get(f"{server.url}/static/{name}")
        assert first.status_code == 200
        again = httpx.get(f"{server.url}/static/{name}", headers={"If-None-Match": first.headers["etag"]})
        assert again.status_code == 304
        assert not again.content
    for name in ("none.js", "..%2fapp.py", "__init__.py"):
        assert httpx.get(f"{server.url}/static/{name}").status_code == 404


AXE = pytest.importorskip("axe_playwright_python.sync_playwright")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("place", ["desk", "report", "dialog", "corpus", "corpora", "speaker", "article", "login"])
def test_no_serious_barrier(open_page, guarded, sample, place, scheme):
    paths = {
        "corpus": "/corpus/town",
        "corpora": "/corpus",
        "speaker": f"/corpus/town/speakers/{id_of('Tomas Berg', 'named')}",
        "article": "/corpus/few/articles/post/1",
        "login": "/login",
    }
    base = {"base": guarded.url} if place == "login" else {}
    page = open_page(paths.get(place, "/"), color_scheme=scheme, reduced_motion="reduce", **base)
    if place in ("report", "dialog"):
        page.fill("#text", sample)
        page.select_option("#corpus", "town")
        page.click("#draft button.main")
        page.locator("#result .report").wait_for()
    if place == "dialog":
        page.locator(".text button.fix").first.click()
        page.locator("dialog").wait_for()
    found = AXE.Axe().run(page).response["violations"]
    serious = [
        (item["id"], [node["html"][:200] for node in item["nodes"]][:3])
        for item in found
        if item["impact"] in ("serious", "critical")
    ]
    assert serious == []
