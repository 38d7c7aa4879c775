"""A draft goes in, its report comes out, in a real browser."""

import io
import json
import zipfile

import httpx
import pytest
from playwright.sync_api import expect

NAMED = ["Ruth Ellery", "Samuel Adeyemi", "Amrit Sandhu"]
HOSTILE = """<script>document.title = "owned"</script> rules the town

“<img src=x onerror='document.title=`owned`'> is my name,” said Mayor Ada "onmouseover=alert(1) Quill </textarea></form>.

“\u202eThe pier is closed\u202c,” said \u2066Tomas Berg\u2069, who keeps the \x07 bell. “{{ 7 * 7 }} {% raw %}”
"""


def docx(paragraphs):
    data = io.BytesIO()
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in paragraphs)
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" '
            'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type='
            '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
            "</Relationships>",
        )
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>'
            f"{body}</w:body></w:document>",
        )
    return data.getvalue()


def drop(page, name, data):
    """Drop a file on the form, as a hand would."""
    files = page.evaluate_handle(
        """([name, bytes]) => {
            const transfer = new DataTransfer();
            transfer.items.add(new File([new Uint8Array(bytes)], name));
            return transfer;
        }""",
        [name, list(data)],
    )
    for event in ("dragenter", "dragover", "drop"):
        page.dispatch_event("#text", event, {"dataTransfer": files})


def names(page):
    return page.locator(".card.named .name span:nth-child(2)").all_inner_texts()


def test_a_pasted_draft_shows_who_speaks(check, sample):
    page = check(sample)
    assert names(page) == NAMED
    speech = page.locator(".text .content.named.quote").first
    assert speech.inner_text().startswith("“We will not be the council")
    assert page.locator(".text .source.institutional").first.inner_text() == "minutes released on Wednesday"
    assert "chosen for the headline" in page.locator(".text .content.anonymous.quote").first.inner_text()
    # a second sign beside colour
    styles = {
        kind: page.locator(f".text .content.{kind}").first.evaluate("e => getComputedStyle(e).textDecorationStyle")
        for kind in ("named", "institutional", "anonymous")
    }
    assert styles == {"named": "solid", "institutional": "double", "anonymous": "dashed"}
    assert page.locator(".text .pin.named").first.inner_text().startswith("●")
    expect(page.locator(".component svg")).to_have_count(9)
    assert page.input_value("#text") == sample  # the draft stays in the box
    assert page.evaluate("document.activeElement.tagName") == "H2"
    assert page.locator("#said").inner_text().startswith("The report is ready: score ")


@pytest.mark.parametrize("kind", ["docx", "html", "md", "txt", "json"])
def test_a_dropped_file_is_read(open_page, sample, kind):
    paragraphs = [part for part in sample.split("\n\n") if part]
    data = {
        "docx": docx(paragraphs),
        "html": f"<html><body><article>{''.join(f'<p>{p}</p>' for p in paragraphs)}</article></body></html>".encode(),
        "md": sample.encode(),
        "txt": sample.encode(),
        "json": json.dumps({"text": sample}).encode(),
    }[kind]
    page = open_page()
    drop(page, f"draft.{kind}", data)
    page.locator("#result .report").wait_for()
    assert set(NAMED) <= set(names(page))


def test_a_file_that_is_chosen_gives_way_to_typing(open_page, sample):
    page = open_page()
    page.set_input_files("#file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"Nobody speaks here at all."})
    page.fill("#text", sample)
    page.click("#draft button.main")
    page.locator("#result .report").wait_for()
    assert names(page) == NAMED


def test_title_and_outlet_can_be_given(check, open_page):
    page = open_page()
    page.fill("#title", "Ferry late again")
    page.fill("#outlet", "Harbour Courier")
    check("“It is late,” said Ada Quill.", page=page)
    assert page.locator("h2.title").inner_text() == "Ferry late again"
    assert page.locator(".masthead .soft").inner_text().startswith("Harbour Courier")


def test_findings_lead_to_their_place(check, sample):
    page = check(sample)
    page.locator(".finding a.words").first.click()
    place = page.locator(".run:has(> .anchor:target)")
    assert place.inner_text().endswith("Critics")
    expect(place).to_be_in_viewport()
    expect(place).to_be_focused()
    assert page.locator(".finding.now").count() >= 1
    page.keyboard.press("F8")
    second = page.evaluate("location.hash")
    page.keyboard.press("Shift+F8")
    assert page.evaluate("location.hash") != second
    page.click("[data-step='1']")
    assert page.evaluate("location.hash") == second
    assert "SRC" in page.locator("#said").inner_text()


def test_cards_and_passages_light_each_other_up(check, sample):
    page = check(sample)

    def lit(locator):
        return locator.evaluate("e => getComputedStyle(e).backgroundColor")

    card, passage = page.locator(".card").first, page.locator(".text [data-s='1'].content:not(.quote)").first
    before = lit(passage)
    card.hover()
    assert lit(passage) != before
    page.mouse.move(2, 2)
    assert lit(passage) == before
    card.locator("a").first.focus()
    assert lit(passage) != before
    dark = lit(page.locator(".card").nth(1))
    page.locator(".text a.pin[data-s='2']").first.focus()
    assert lit(page.locator(".card").nth(1)) != dark
    expect(page.locator(".card").nth(1)).to_be_in_viewport()


def test_highlights_can_be_filtered_by_class(check, sample):
    page = check(sample)
    named = page.locator(".text .content.named").first
    assert named.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"
    page.uncheck("[data-show=named]")
    assert named.evaluate("e => getComputedStyle(e).textDecorationLine") == "none"
    anonymous = page.locator(".text .content.anonymous").first
    assert anonymous.evaluate("e => getComputedStyle(e).textDecorationLine") == "underline"


def test_nowhere_else_is_marked_with_the_reason(check, sample):
    page = check(sample, corpus="town")
    assert "Amrit Sandhu" in page.locator(".alarm").inner_text()
    said = page.locator(".alarm").inner_text()
    assert "found nowhere else in the corpus town" in said
    assert "33% of this article’s named speakers (1 of 3)" in said
    assert "95 % interval" in said
    lonely = page.locator(".card", has_text="Amrit Sandhu")
    assert "nowhere else" in lonely.inner_text()
    assert "no other story of the corpus quotes or names them" in lonely.inner_text()
    known = page.locator(".card", has_text="Samuel Adeyemi").inner_text()
    assert "quoted elsewhere" in known
    assert "outlet" in known


def test_errors_are_said_and_the_draft_stays(open_page):
    page = open_page(quiet=False)
    page.click("#draft button.main")
    expect(page.locator("#problem")).to_have_text("Paste a text, or choose a file.")
    page.fill("#text", "Hola. El alcalde dijo que no. " * 20)
    drop(page, "draft.exe", b"MZ")
    expect(page.locator("#problem")).to_contain_text("has to end in")
    drop(page, "draft.pdf", b"%PDF-1.7")
    expect(page.locator("#problem")).to_have_text(
        "draft.pdf is a PDF file: save its text, or the draft as .docx, and give that."
    )
    drop(page, "feed.jsonl.gz", b"{}")
    expect(page.locator("#problem")).to_contain_text("holds many articles: add it to a corpus")
    assert page.locator("#problem").get_attribute("role") == "alert"
    assert page.input_value("#text").startswith("Hola")


def test_what_is_too_large_is_not_sent(open_page):
    page = open_page()
    page.route("**/", lambda route: route.abort())
    page.evaluate("text.value = 'ö'.repeat(5_000_000)")
    page.click("#draft button.main")
    expect(page.locator("#problem")).to_have_text("This is too large: at most 8 MiB are taken.")


@pytest.mark.parametrize("letters", [8_500_000, 8_300_000, 900_000])
def test_a_long_text_that_is_refused_is_not_sent_back(server, letters):
    answer = httpx.post(
        f"{server.url}/", files={"text": (None, "so " * (letters // 3))}, headers={"Accept": "text/html"}, timeout=60
    )
    assert answer.status_code == 413
    assert len(answer.content) < 20_000


def test_after_an_error_the_old_report_says_that_it_is_old(check, sample):
    page = check(sample, quiet=False)
    page.fill("#text", " ")
    page.click("#draft button.main")
    expect(page.locator("#result.stale")).to_contain_text("the report of the draft before")
    check(sample, page=page)
    expect(page.locator("#result.stale")).to_have_count(0)


def test_another_draft_begins_without_headline_and_outlet(check, open_page):
    page = open_page()
    page.fill("#title", "Ferry late again")
    page.fill("#outlet", "Harbour Courier")
    check("“It is late,” said Ada Quill.", page=page)
    paste = """() => document.getElementById("text").dispatchEvent(
        new ClipboardEvent("paste", { clipboardData: new DataTransfer() })
    )"""
    page.evaluate(paste)  # somewhere in the text
    assert page.input_value("#title") == "Ferry late again"
    page.focus("#text")
    page.keyboard.press("Control+A")
    page.evaluate(paste)
    assert (page.input_value("#title"), page.input_value("#outlet")) == ("", "")
    page.fill("#outlet", "Harbour Courier")
    check("“It is late,” said Ada Quill.", page=page)
    drop(page, "another.txt", b"\xe2\x80\x9cIt is late,\xe2\x80\x9d said Tomas Berg.")
    expect(page.locator(".card", has_text="Tomas Berg")).to_be_visible()
    assert page.input_value("#outlet") == ""


def test_an_article_that_is_pasted_as_json_is_read_as_one(check, sample):
    page = check(json.dumps({"id": "j1", "title": "Pier", "outlet": "Harbour Courier", "text": sample}))
    assert page.locator("h2.title").inner_text() == "Pier"
    assert set(NAMED) <= set(names(page))
    page = check("{ this is prose, “and late,” said Ada Quill. }")
    assert names(page) == ["Ada Quill"]


def test_a_text_without_a_title_is_an_untitled_draft(check):
    page = check("“It is late,” said Ada Quill.")
    assert page.locator("h2.title").inner_text() == "Untitled draft"


def test_cards_have_all_words_of_a_source(check, sample):
    page = check(sample)
    card = page.locator(".card", has_text="Ruth Ellery").first
    said = card.locator(".said a")
    assert (
        said.all_inner_texts()[1] == "the work would take two years and that the first phase could begin in the autumn"
    )
    said.nth(1).click()
    expect(page.locator(".run:has(> .anchor:target)")).to_contain_text("the work would take two years")
    long = " ".join(f"number {n}" for n in range(60))
    page = check(f"“It is late: {long},” said Ada Quill.\n\n" + "“It is late again,” Quill said.\n\n" * 7)
    card = page.locator(".card", has_text="Ada Quill")
    assert card.locator(".said a").first.inner_text().endswith("…")
    card.get_by_text("all of it").click()
    assert "number 59" in card.inner_text()
    card.locator("summary", has_text="more").click()
    expect(card.locator(".said a:visible")).to_have_count(8)


def test_speech_of_nobody_has_its_sign(check):
    page = check(
        "The ferry was late on Monday.\n\n“We have waited for three hours and nobody tells us anything.”\n\nIt is old."
    )
    sign = page.locator(".text .pin.nobody")
    expect(sign).to_have_text("?")
    assert "nobody in sight" in page.locator(".legend").inner_text()
    assert "nobody in sight" in page.locator(".tools").inner_text()
    page.uncheck("[data-show=nobody]")
    expect(sign).to_be_hidden()


def test_a_score_says_on_how_much_it_rests(check, sample):
    page = check(sample)
    assert page.locator(".score").inner_text().count("rests on 8 of 9 components") == 1
    expect(page.locator(".score.doubtful")).to_have_count(0)
    page = check("The ferry was late again on Monday. It is old and slow, and it smells of fish.")
    expect(page.locator(".score.doubtful .rests")).to_have_count(1)
    page = check("El alcalde Pedro Ruiz dijo ayer que el puerto no se cerrará este año por las obras del muelle. " * 4)
    expect(page.locator(".score.doubtful")).to_have_count(1)


def test_a_share_has_no_middle_of_other_articles(check, sample):
    page = check(sample, corpus="town")
    part = page.locator(".component", has_text="Corroboration")
    expect(part.locator("line.middle")).to_have_count(0)
    expect(part.locator(".why")).to_contain_text("the share itself counts")
    expect(page.locator(".component", has_text="Diversity").locator("line.middle")).to_have_count(1)


def test_escape_stops_the_reading(open_page, sample):
    page = open_page(quiet=False)
    page.route("**/", lambda route: None)  # an answer that never comes
    page.fill("#text", sample)
    page.keyboard.press("Control+Enter")
    expect(page.locator("progress.busy")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#problem")).to_contain_text("The draft is still in the box")
    expect(page.locator("progress.busy")).to_be_hidden()
    assert page.input_value("#text") == sample


def test_it_works_without_scripts(open_page, sample):
    page = open_page(java_script_enabled=False)
    page.fill("#text", sample)
    page.click("#draft button.main")
    page.locator("#result .report").wait_for()
    assert names(page) == NAMED
    assert page.input_value("#text") == sample
    page.locator(".finding a.words").first.click()
    expect(page.locator(".run:has(> .anchor:target)")).to_have_count(1)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_is_wider_than_a_telephone(check, sample, open_page, scheme):
    page = open_page(wide=360, high=740, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    check(sample, corpus="town", page=page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (paper == "rgb(20, 21, 24)") == (scheme == "dark")


def test_hostile_text_is_only_text(check):
    page = check(HOSTILE, wide=360)
    assert page.title().startswith("<script>")
    expect(page.locator("#result script, #result img, #result [onerror], #result [onmouseover]")).to_have_count(0)
    shown = page.locator("#result .report").inner_text()
    assert "\u202e" not in shown
    assert "\u2066" not in shown
    assert "{{ 7 * 7 }} {% raw %}" in shown
    expect(page.locator("form#draft")).to_have_count(1)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_hostile_fields_are_only_text(open_page):
    fields = dict.fromkeys(("id", "title", "outlet", "author"), "<script>alert(1)</script>\u202e")
    article = {
        "text": "“It is late,” said Ada Quill.",
        "url": "javascript:alert(1)",
        "published": "2026-01-01",
        **fields,
    }
    page = open_page()
    drop(page, '<img src=x onerror="alert(1)">.json', json.dumps(article).encode())
    page.locator("#result .report").wait_for()
    expect(page.locator("#result script, #result img, #result a[href^=javascript]")).to_have_count(0)
    assert "\u202e" not in page.locator("#result").inner_text()


def test_a_word_of_a_megabyte(check):
    page = check(f"“{'w' * 1_000_000},” said Ada Quill.", wide=360)
    assert "Ada Quill" in names(page)
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_three_thousand_quotes(check):
    page = check("".join(f"“We saw wave number {n} come in,” said Ada Quill.\n\n" for n in range(3000)))
    assert page.locator(".text button.fix").count() >= 2900


def test_a_page_is_never_stored_and_says_so(server):
    answer = httpx.post(f"{server.url}/", data={"text": "“No,” said Ada Quill."}, headers={"Accept": "text/html"})
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    assert "'unsafe" not in answer.headers["content-security-policy"]
    assert " style=" not in answer.text
    assert "<style" not in answer.text
    assert "onclick" not in answer.text


@pytest.mark.parametrize(
    ("fields", "status"), [({}, 422), ({"text": "x", "corpus": "../x"}, 400), ({"text": "x", "corpus": "none"}, 404)]
)
def test_what_makes_no_sense_is_refused_on_a_page(server, fields, status):
    answer = httpx.post(f"{server.url}/", data=fields)
    assert answer.status_code == status
    assert 'role="alert"' in answer.text
