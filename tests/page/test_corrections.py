"""An editor's word on top of the model's."""

import json

import httpx
import pytest
from playwright.sync_api import expect

import sourcing


def open_passage(page, words):
    """The form of the passage with these words."""
    page.locator(".run", has_text=words).last.locator("xpath=following-sibling::button[1]").click()
    dialog = page.locator("dialog[open]")
    dialog.wait_for()  # the form comes from the server: a key pressed before would be the page's
    return dialog


def edits(page):
    return page.locator(".edits li")


def test_a_wrong_speaker_is_put_right_and_stays(check, fresh):
    text = fresh()
    page = check(text)
    dialog = open_passage(page, "the work would take two years")
    assert "Ruth Ellery" in dialog.inner_text()
    page.select_option("#correct-speaker", label="● Samuel Adeyemi, person")
    page.fill("#correct-note", "He said so at noon")
    page.fill("#correct-editor", "LM")
    dialog.get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(1)
    expect(dialog).to_have_count(0)
    said = edits(page).inner_text()
    assert "Ruth Ellery" in said
    assert "Samuel Adeyemi" in said
    assert "LM: He said so at noon" in said
    # in the text too: what the model said is struck through
    note = page.locator(".text .edited")
    assert note.locator("s").inner_text().endswith("Ruth Ellery")
    assert note.locator("ins").inner_text().endswith("Samuel Adeyemi")
    assert page.evaluate("document.activeElement.className") == "pin fix"

    page.reload()
    check(text, page=page)
    assert edits(page).inner_text() == said
    edits(page).get_by_role("button", name="Undo").click()
    expect(edits(page)).to_have_count(0)
    check(text, page=page)
    expect(page.locator(".text .edited")).to_have_count(0)


def test_somebody_new_speaks(check, fresh):
    page = check(fresh())
    dialog = open_passage(page, "the work would take two years")
    page.fill("#correct-name", "Lena Marsh")
    page.select_option("#correct-newtype", "person")
    dialog.get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(1)
    assert (
        "Lena Marsh" in page.locator(".card .name").all_inner_texts()[-1]
        or page.locator(".card", has_text="Lena Marsh").count()
    )


def test_a_wrong_class_and_not_a_quote(check, fresh):
    page = check(fresh())
    page.locator(".card", has_text="minutes").get_by_role("button").click()
    page.check("dialog input[value=organization]")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(1)
    assert "minutes, organization" in edits(page).inner_text()

    open_passage(page, "the project a")
    page.check("dialog input[value=not_a_quote]")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(2)
    assert "not a quote" in page.locator(".edits").inner_text()
    assert page.locator(".text .struck").count() >= 1


def test_a_dialog_closes_with_escape_and_keeps_nothing(check, fresh):
    page = check(fresh())
    open_passage(page, "the work would take two years")
    page.keyboard.press("Escape")
    expect(page.locator("dialog")).to_have_count(0)
    expect(edits(page)).to_have_count(0)


def test_a_second_click_opens_no_second_dialog(check, fresh):
    page = check(fresh())
    passage = page.locator(".run", has_text="the work would take two years").last
    passage.locator("xpath=following-sibling::button[1]").dblclick()
    page.locator("dialog[open]").wait_for()
    page.wait_for_load_state("networkidle")
    expect(page.locator("dialog")).to_have_count(1)


def test_nothing_is_kept_that_nobody_chose(check, fresh):
    page = check(fresh(), quiet=False)
    dialog = open_passage(page, "the work would take two years")
    expect(dialog.locator("input:checked")).to_have_count(0)
    assert dialog.locator("#correct-speaker").input_value() == ""
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog.locator("[role=alert]")).to_have_text("Choose what is wrong.")
    dialog.get_by_label("Somebody else says this").check()
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog.locator("[role=alert]")).to_have_text("Choose who says this.")
    dialog.get_by_role("link", name="Leave").click()
    expect(edits(page)).to_have_count(0)
    page.locator(".card").first.get_by_role("button").click()
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(page.locator("dialog [role=alert]")).to_contain_text("what the model says already")


def test_a_finger_hits_the_control(check, sample):
    page = check(sample, wide=360, high=760)
    hit = """button => {
        button.scrollIntoView({ block: "center", behavior: "instant" });
        const box = button.getBoundingClientRect();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        return [[-11, 0], [11, 0], [0, -11], [0, 11]].every(([a, b]) => document.elementFromPoint(x + a, y + b) === button);
    }"""
    assert page.locator(".text button.fix").nth(4).evaluate(hit)


def test_what_follows_a_correction_is_said_in_plain_words(check, fresh):
    page = check(fresh())
    open_passage(page, "the work would take two years")
    page.check("dialog input[value=not_a_quote]")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(1)
    assert "SRC1" not in page.locator(".edits").inner_text()
    assert "SRC104" in page.locator(".edits [title]").first.get_attribute("title")
    expect(page.locator(".masthead .alert")).to_have_count(0)


def test_what_makes_no_sense_is_said_in_the_dialog(check, fresh):
    page = check(fresh(), quiet=False)
    dialog = open_passage(page, "the work would take two years")
    page.select_option("#correct-speaker", "new")
    page.select_option("#correct-newtype", "person")
    dialog.get_by_role("button", name="Keep").click()
    expect(dialog.locator("[role=alert]")).to_contain_text("needs a name")
    expect(edits(page)).to_have_count(0)


def test_hostile_names_are_only_text(check, fresh):
    page = check(fresh())
    open_passage(page, "the work would take two years")
    page.fill("#correct-name", "<img src=x onerror=alert(1)> “Quill”")
    page.select_option("#correct-newtype", "person")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(1)
    assert "<img src=x" in edits(page).inner_text()
    expect(page.locator("#result img")).to_have_count(0)


def test_corrections_leave_as_gold(check, fresh, server):
    text = fresh()
    page = check(text)
    open_passage(page, "the work would take two years")
    page.select_option("#correct-speaker", label="● Amrit Sandhu, person")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(1)
    with page.expect_download() as download:
        page.get_by_role("link", name="Corrections").click()
    lines = [json.loads(line) for line in download.value.path().read_text(encoding="utf-8").splitlines()]
    gold = next(line for line in lines if line["text"] == text)
    assert "Amrit Sandhu" in [item["canonical"] for item in gold["attributions"]]
    # the model's own report is as it was
    with page.expect_download() as download:
        page.get_by_role("button", name="JSON", exact=True).click()
    assert json.loads(download.value.path().read_text(encoding="utf-8"))["warnings"] == []


def test_without_scripts_a_plain_form_does_it(open_page, fresh):
    text = fresh()
    page = open_page(java_script_enabled=False)
    page.fill("#text", text)
    page.click("#draft button.main")
    page.locator(".text button.fix").first.click()
    assert page.locator("h1").inner_text() == "What is wrong with this passage?"
    page.check("input[value=not_a_quote]")
    page.get_by_role("button", name="Keep").click()
    expect(edits(page)).to_have_count(1)
    assert page.input_value("#text") == text
    edits(page).get_by_role("button").click()
    expect(edits(page)).to_have_count(0)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"about": "a99"}, "unknown-target"),
        ({"about": "a1", "kind": "speaker", "speaker": "s99"}, "The report has no such speaker."),
        ({"about": "a1", "keep": "yes"}, "Choose what is wrong."),
        ({"about": "a1", "kind": "speaker", "speaker": ""}, "Choose who says this."),
        ({"about": "a1", "kind": "speaker", "speaker": "new", "name": "Lena Marsh"}, "Choose what they are."),
        ({"about": "a1", "kind": "speaker", "speaker": "s1"}, "what the model says already"),
        ({"about": "s1", "kind": "type", "type": "king"}, "Choose what they are."),
        ({"about": "s1", "kind": "type", "type": "person", "name": "Ada Quill"}, "what the model says already"),
        ({"about": "s1", "kind": "type", "type": "person"}, "what the model says already"),
        ({"undo": "c99"}, "unknown-correction"),
    ],
)
def test_corrections_that_make_no_sense(server, fields, code):
    report = sourcing.analyze("“The ferry is late again,” said Ada Quill, a harbour pilot.").to_json()
    answer = httpx.post(f"{server.url}/corrections", data={"report": report, **fields})
    assert answer.status_code == 422
    assert code in answer.text
