import re

import msgspec
import pytest

from sourcing.report.formats import Layout
from sourcing.report.text import MAX_PASSAGES, render, render_report

ESCAPES = re.compile("\x1b\\[[0-9;]*m")


@pytest.mark.parametrize("width", [100, 60])
def test_golden(harbour, golden, width):
    golden(f"harbour.{width}.txt", render_report(harbour, Layout(width=width)))


@pytest.mark.parametrize("width", [40, 60, 80, 88, 100, 120])
def test_no_line_is_wider_than_the_terminal(harbour, hostile, width):
    for report in (harbour, hostile):
        assert max(map(len, render_report(report, Layout(width=width)).splitlines())) <= width


def test_color_adds_escapes_and_nothing_else(harbour):
    plain = render_report(harbour, Layout())
    colored = render_report(harbour, Layout(color=True))
    assert "\x1b" not in plain
    stripped = ESCAPES.sub("", colored)
    assert "\x1b" not in stripped
    assert [line.rstrip() for line in stripped.splitlines()] == plain.splitlines()


def test_the_environment_does_not_decide(harbour, monkeypatch):
    plain = render_report(harbour, Layout())
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "30")
    assert render_report(harbour, Layout()) == plain


def test_classes_have_signs(harbour):
    shown = render_report(harbour, Layout())
    assert "●  Mara Ellingsen" in shown
    assert "■  Northern Ledger" in shown
    assert "○  Critics" in shown
    assert "?  nobody in sight → “Nobody told us anything.”" in shown


def test_findings_are_lines_of_a_linter(harbour):
    assert "16:88  SRC201  error    Speech without a speaker." in render_report(harbour, Layout())


def test_markup_is_text(hostile):
    assert "[red]x[/red]" in render_report(hostile, Layout(width=400))


def test_without_text_offsets_stand_for_places(without_text):
    shown = render_report(without_text, Layout())
    assert "@274" in shown or "@2" in shown
    assert "“Nobody told us anything.”" in shown


def test_many_passages_are_cut(harbour):
    quotes = [quote for quote in harbour.quotes if quote.role == "unattributed"] * (MAX_PASSAGES + 5)
    shown = render_report(msgspec.structs.replace(harbour, quotes=tuple(quotes), attributions=()), Layout())
    assert "… and 5 more passages; --format html shows them all" in shown


def test_reports_are_apart(harbour):
    one, two = render(iter([harbour, harbour]), Layout())
    assert two == "\n\n" + one
