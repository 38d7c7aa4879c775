"""The pictures of docs/page.md: SCREENSHOTS=1 pytest tests/page/test_screenshots.py makes them anew."""

import os

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.skipif(not os.environ.get("SCREENSHOTS"), reason="only when asked for")
LIMIT = 300_000  # bytes of a picture


@pytest.fixture
def keep(root):
    def keep_one(page, name):
        page.mouse.move(2, 2)
        page.wait_for_timeout(1600)  # until nothing flashes
        path = root / "docs" / "images" / f"page-{name}.png"
        page.screenshot(path=path)
        assert path.stat().st_size < LIMIT

    return keep_one


def test_report(check, sample, keep):
    page = check(sample, corpus="town", wide=1120, high=1240, reduced_motion="reduce")
    keep(page, "report")


def test_narrow(check, sample, keep):
    page = check(sample, corpus="town", wide=360, high=760, reduced_motion="reduce")
    page.locator("h3.caption", has_text="Article").scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, 640)")
    keep(page, "narrow")


def test_correction_in_the_dark(check, sample, keep):
    page = check(sample, color_scheme="dark", high=1000, reduced_motion="reduce")
    page.locator(".card", has_text="minutes").get_by_role("button").click()
    page.check("dialog input[value=organization]")
    page.locator("dialog").get_by_role("button", name="Keep").click()
    expect(page.locator(".edits li")).to_have_count(1)
    page.locator(".text button.fix").nth(3).click()
    page.locator("dialog").wait_for()
    keep(page, "correction")
