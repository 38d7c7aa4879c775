"""A corpus on a page."""

import json
import re
import shutil
import time

import httpx
import pytest
from playwright.sync_api import expect
from starlette.testclient import TestClient

from sourcing import Corpus
from sourcing.api.app import create_app
from sourcing.api.questions import id_of
from sourcing.api.settings import Settings

SPEAKER = f"/corpus/town/speakers/{id_of('Tomas Berg', 'named')}"


def test_outlets_stand_side_by_side(open_page):
    page = open_page("/corpus/town")
    table = page.locator("#outlets table")
    assert "Westmere Courier" in table.inner_text()
    assert "Inland Post" in table.inner_text()
    row = table.locator("tr", has_text="Anonymous word share")
    assert " to " in row.inner_text()
    expect(page.locator("#outlets svg").first).to_be_visible()
    assert page.locator("#outlets svg").count() >= 6


def test_who_is_found_nowhere_else(open_page):
    page = open_page("/corpus/town")
    people = page.locator("#lonely table").first.inner_text()
    assert "Milo Strand" in people
    assert "a retired pilot" in people
    page.locator("#lonely tbody td a").first.click()
    expect(page.locator("article.report")).to_be_visible()


def test_speakers_are_searched_and_filtered_as_one_types(open_page):
    page = open_page("/corpus/town")
    speakers = page.locator("#speakers-list tbody tr")
    assert speakers.count() > 5
    page.fill("#q", "adeyemi")
    expect(speakers).to_have_count(1)
    assert "Samuel Adeyemi" in speakers.inner_text()
    assert "q=adeyemi" in page.url
    page.fill("#q", "")
    page.select_option("#status", "nowhere_else")
    expect(speakers.first.locator(".badge.nowhere_else")).to_be_visible()
    expect(page.locator("#speakers-list .badge.quoted_elsewhere")).to_have_count(0)
    page.reload()
    assert page.input_value("#status") == "nowhere_else"
    page.select_option("#class", "institutional")
    expect(page.locator("#speakers-list")).to_contain_text("Nobody like that")


def test_tables_have_pages_without_scripts_too(open_page):
    page = open_page("/corpus/town", java_script_enabled=False)
    seen = set()
    while True:
        seen |= set(page.locator("#speakers-list th[scope=row]").all_inner_texts())
        following = page.locator("#speakers-list a[rel=next]")
        if not following.count():
            break
        with page.expect_navigation():
            following.click()
    assert len(seen) > 20
    page.goto(page.url.split("?")[0] + "?q=milo#speakers")
    assert page.locator("#speakers-list tbody tr").count() >= 1
    page.goto(page.url.split("?")[0] + "?articles=courier/1#articles")
    expect(page.locator("#articles-list tbody tr")).to_have_count(5)


def test_an_article_without_its_text_shows_its_attributions(open_page):
    page = open_page("/corpus/town/articles/courier/0")
    assert "Port Ellery argues" in page.locator("h1").inner_text()
    assert page.locator(".saying").count() >= 3
    expect(page.get_by_role("button", name="Incorrect?")).to_have_count(0)


def test_an_article_with_its_text_can_be_corrected_in_place(open_page):
    page = open_page("/corpus/few/articles/post/1")
    page.locator(".text button.fix").first.click()
    page.check("dialog input[value=not_a_quote]")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(page.locator(".edits li")).to_have_count(1)
    page.reload()
    expect(page.locator(".edits li")).to_have_count(1)
    page.locator(".edits button").click()
    expect(page.locator(".edits li")).to_have_count(0)


def test_an_article_without_its_text_shows_corrections_made_to_its_text(open_page, check, corpora):
    article = json.loads((corpora / "town.jsonl").read_text(encoding="utf-8").splitlines()[3])
    page = check(article["text"])
    page.locator(".text button.fix").last.click()
    page.check("dialog input[value=not_a_quote]")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(page.locator(".edits li")).to_have_count(1)
    page.goto(page.url.split("#")[0] + "corpus/town/articles/post/3")
    expect(page.locator(".edits li")).to_have_count(1)
    assert "a retired pilot" in page.locator(".text").inner_text()


def test_an_article_says_who_is_found_nowhere_else(open_page):
    page = open_page("/corpus/town/articles/post/3")
    assert "Oskar Pryce" in page.locator(".alarm").inner_text()
    assert "nowhere else" in page.locator(".card", has_text="Oskar Pryce").inner_text()
    assert "quoted elsewhere" in page.locator(".card", has_text="Tomas Berg").inner_text()


def test_a_speaker_has_a_page(open_page):
    page = open_page("/corpus/town?q=berg#speakers")
    page.locator("#speakers-list tbody th a").click()
    assert page.locator("h1").inner_text() == "Tomas Berg"
    assert "The names are the same word by word." in page.locator("main").inner_text()
    page.locator(".examples a").first.click()
    expect(page.locator("article.report")).to_contain_text("Tomas Berg")


def test_a_difference_says_from_whom(open_page):
    page = open_page("/corpus/town")
    marks = page.locator("#outlets .differs")
    assert marks.first.get_attribute("title") == "differs from Westmere Courier"
    assert "differs from Westmere Courier" in marks.first.text_content()


def test_a_small_corpus_says_so(open_page):
    page = open_page("/corpus/few")
    assert "too few for figures with an interval" in page.locator("#outlets").inner_text()
    expect(page.get_by_role("link", name="Compare from 5")).to_have_count(0)
    expect(page.locator("#articles-list tbody tr")).to_have_count(5)


def test_a_corpus_without_outlets_offers_no_comparison(open_page):
    page = open_page("/corpus/bare")
    assert "No article has an outlet or an address" in page.locator("#outlets").inner_text()
    page.goto(page.url + "/articles/note")
    expect(page.locator(".alarm, .badge")).to_have_count(0)  # nobody can be met elsewhere


def test_parts_that_take_long_come_by_themselves(open_page, server):
    note = '<p data-waiting role="status">Being worked out</p>'
    whole = httpx.get(f"{server.url}/corpus/town").text
    list_of_speakers = re.search(r'<div id="speakers-list">.*?(?=</section>)', whole, re.DOTALL).group()
    early = whole.replace(list_of_speakers, f'<div id="speakers-list">{note}</div>')
    visits = []

    def answer(route):
        visits.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body=early) if len(visits) < 3 else route.continue_()

    page = open_page("/corpus/few")
    page.route("**/corpus/town", answer)
    page.goto(f"{server.url}/corpus/town")
    expect(page.locator("[data-waiting]")).to_have_count(1)
    page.evaluate("document.getElementById('q').value = 'berg'")  # as somebody who is about to type more
    expect(page.locator("#speakers-list tbody tr").first).to_be_visible()
    expect(page.locator("[data-waiting]")).to_have_count(0)
    assert page.input_value("#q") == "berg"
    assert len(visits) == 3


def test_what_will_not_come_is_said(open_page, server):
    page = open_page("/corpus/few", quiet=False)
    body = httpx.get(f"{server.url}/corpus/few").text
    early = re.sub(r'(<div id="speakers-list">)', r'\1<p data-waiting role="status">Being worked out</p>', body)
    answers = [(200, early), (404, '<p role="alert">There is no corpus called few.</p>')]
    page.route(
        "**/corpus/few",
        lambda route: route.fulfill(
            status=answers[0][0], content_type="text/html", body=(answers.pop(0) if answers[1:] else answers[0])[1]
        ),
    )
    page.goto(f"{server.url}/corpus/few")
    expect(page.locator("#speakers-list > .alert")).to_have_text("There is no corpus called few.")
    expect(page.locator("[data-waiting]")).to_have_count(0)


def test_filters_leave_each_other_alone(open_page):
    page = open_page("/corpus/town?minimum=5")
    page.fill("#q", "berg")
    page.fill("#search", "courier/1")  # before the first has its answer
    expect(page.locator("#articles-list tbody tr")).to_have_count(5)
    expect(page.locator("#speakers-list tbody tr")).to_have_count(1)
    expect(page.locator("[aria-busy=true]")).to_have_count(0)
    for part in ("minimum=5", "q=berg", "articles=courier"):
        assert part in page.url
    page.reload()
    expect(page.locator("#articles-list tbody tr")).to_have_count(5)
    expect(page.locator("#speakers-list tbody tr")).to_have_count(1)
    page.fill("#q", "")
    expect(page.locator("#speakers-list tbody tr").nth(5)).to_be_visible()
    assert "q=" not in page.url


def test_filters_leave_each_other_alone_without_scripts(open_page):
    page = open_page("/corpus/town?minimum=5&articles=courier/1", java_script_enabled=False)
    page.fill("#q", "berg")
    page.locator("form[data-list=speakers-list] button").click()
    expect(page.locator("#speakers-list tbody tr")).to_have_count(1)
    expect(page.locator("#articles-list tbody tr")).to_have_count(5)
    assert "minimum=5" in page.url
    page.fill("#search", "post/1")
    page.locator("form[data-list=articles-list] button").click()
    expect(page.locator("#articles-list tbody th").first).to_contain_text("post/1")
    expect(page.locator("#speakers-list tbody tr")).to_have_count(1)
    assert "minimum=5" in page.url


def test_a_filter_that_fails_says_so_where_one_looks(open_page):
    page = open_page("/corpus/town", quiet=False)
    page.route("**/corpus/town?*", lambda route: route.abort())
    page.fill("#q", "berg")
    expect(page.locator("#speakers-list > .alert")).to_contain_text(
        "The server cannot be reached. This is the list of before."
    )
    page.unroute("**/corpus/town?*")
    page.fill("#q", "berg ")
    page.fill("#q", "berg")
    expect(page.locator("#speakers-list tbody tr")).to_have_count(1)
    expect(page.locator("#speakers-list > .alert")).to_have_count(0)


def test_what_takes_long_does_not_hold_the_page_up(corpora, tmp_path, monkeypatch):
    monkeypatch.setattr("sourcing.api.page.corpus.PATIENCE", 0.0)
    with TestClient(create_app(Settings(folder=corpora, state=tmp_path)), base_url="http://localhost") as client:
        client.headers["accept"] = "text/html"
        first = client.get("/corpus/few")
        assert first.text.count("data-waiting") == 3
        assert '<noscript><meta http-equiv="refresh"' in first.text
        assert "post/1" in first.text  # the articles are there
        speaker = client.get(SPEAKER)
        assert speaker.status_code == 503
        assert '<meta http-equiv="refresh" content="5">' in speaker.text
        page = whole(client, "/corpus/few")
    assert "too few for figures" in page
    assert "Oskar Pryce" in page


def test_after_a_change_the_parts_before_it_are_there(corpora, tmp_path, monkeypatch):
    shutil.copytree(corpora / "few", tmp_path / "corpora" / "few")
    settings = Settings(folder=tmp_path / "corpora", state=tmp_path / "state")
    with TestClient(create_app(settings), base_url="http://localhost") as client:
        client.headers["accept"] = "text/html"
        page = whole(client, "/corpus/few")
        assert "Tomas Berg" in page
        (tmp_path / "note.txt").write_text("“The pier is shut,” said Ada Quill, a harbour pilot.", encoding="utf-8")
        Corpus(tmp_path / "corpora" / "few").add([tmp_path / "note.txt"], workers=1)
        monkeypatch.setattr("sourcing.api.page.corpus.PATIENCE", 0.0)
        page = client.get("/corpus/few").text
        assert page.count("of the corpus before its last change") == 3
        assert "Tomas Berg" in page
        assert "Ada Quill" not in page
        page = whole(client, "/corpus/few")
        assert "before its last change" not in page
        assert "Ada Quill" in page


def whole(client, path):
    """A page when all its parts are there."""
    until = time.monotonic() + 60
    while "data-waiting" in (page := client.get(path).text):
        assert time.monotonic() < until
        time.sleep(0.2)
    return page


def test_a_server_without_corpora_says_how_to_make_one(tmp_path):
    client = TestClient(create_app(Settings(folder=tmp_path, state=tmp_path)), base_url="http://localhost")
    assert "sourcing corpus add corpora/news" in client.get("/corpus").text


def test_the_list_of_corpora(open_page):
    page = open_page("/corpus")
    assert page.locator("main li a").all_inner_texts() == ["bare", "few", "town"]
    assert "44 articles · 2 outlets · 2026-01 to 2026-09" in page.locator("main li").last.inner_text()


def test_nothing_is_wider_than_a_telephone(open_page):
    for path in ("/corpus/town", "/corpus/few/articles/post/1", "/corpus", SPEAKER):
        assert open_page(path, wide=360).evaluate("document.documentElement.scrollWidth") == 360


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/corpus/none", 404),
        ("/corpus/..%2f..%2fetc", 404),
        ("/corpus/-x", 400),
        ("/corpus/town/articles/none", 404),
        ("/corpus/town/speakers/none", 404),
    ],
)
def test_what_is_not_there_is_a_page_for_people_and_a_problem_for_scripts(server, path, status):
    page = httpx.get(server.url + path, headers={"Accept": "text/html"})
    assert page.status_code == status
    assert httpx.get(server.url + path).headers["content-type"] == "application/problem+json"


def test_a_cursor_that_is_none_says_so_and_the_rest_is_there(server):
    answer = httpx.get(f"{server.url}/corpus/few?cursor=nonsense", headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert "The cursor is none that this list gave." in answer.text
    assert "post/1" in answer.text
