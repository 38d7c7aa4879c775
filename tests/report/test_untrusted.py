import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.report.places import Place, Places
from sourcing.report.untrusted import one_line, shorten, visible, web_address


@given(st.text(st.characters(), max_size=50))
def test_visible_keeps_every_offset_and_is_done_once(text):
    assert len(visible(text)) == len(text)
    assert visible(visible(text)) == visible(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b]0;title\x07", "␛]0;title␇"),
        ("a\x9b31mb", "a�31mb"),
        ("a\u202eb\u2066c\u2069", "a�b�c�"),
        ("a\r\nb", "a \nb"),
        ("a\rb", "a␍b"),
        ("x\x7f\x00\x08", "x␡␀␈"),
        ("tab\tline\n“quote” naïve 漢字 \u200f", "tab\tline\n“quote” naïve 漢字 \u200f"),
        ("\udce9", "�"),
        ("a\u2028b", "a\nb"),
    ],
)
def test_visible(text, shown):
    assert visible(text) == shown


def test_one_line():
    assert one_line(" a\t b\r\nc ") == "a b c"


@pytest.mark.parametrize(
    ("text", "limit", "shown"),
    [("short", 10, "short"), ("one two three", 10, "one two…"), ("unbreakable", 6, "unbre…"), ("a b", 3, "a b")],
)
def test_shorten(text, limit, shown):
    assert shorten(text, limit) == shown
    assert len(shown) <= limit


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//example.org",
        "https:",
        "http://[",
        "https://example.org/\u202e",
        "https://example.org/ x",
    ],
)
def test_no_link(url):
    assert web_address(url) is None


@pytest.mark.parametrize("url", ["https://example.org/a?b=c#d", "http://example.org"])
def test_link(url):
    assert web_address(url) == url


def test_places_know_all_line_ends():
    places = Places("a\nb\r\nc\rd")
    assert [places.of(offset) for offset in (0, 1, 2, 5, 7)] == [
        Place(1, 1),
        Place(1, 2),
        Place(2, 1),
        Place(3, 1),
        Place(4, 1),
    ]
