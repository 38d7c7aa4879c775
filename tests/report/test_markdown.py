import re

import pytest
from markdown_it import MarkdownIt

from sourcing.records import Failure
from sourcing.report.formats import Layout
from sourcing.report.markdown import escape, render, render_report

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
OURS = {"b", "/b", "i", "/i", "!-- --"}


def test_golden(harbour, golden):
    golden("harbour.md", render_report(harbour))


@pytest.mark.parametrize(
    "text",
    [
        "# heading",
        "1. list",
        "- list",
        "=== under",
        "[x](javascript:alert(1))",
        "![x](http://example.org/y.png)",
        "`code` **bold** _it_ ~~no~~ a|b $x$",
        "<script>alert(1)</script> &amp;",
        "<http://example.org>",
        "back\\slash\\",
        "> quote",
        "    code",
        "2026-03-03",
    ],
)
def test_text_stays_text(text):
    shown = MARKDOWN.render(escape(text))
    assert re.findall("<([^>]*)>", shown.replace("<!-- -->", "")) == ["p", "/p"]
    plain = shown.removeprefix("<p>").strip().removesuffix("</p>").replace("<!-- -->", "")
    for sign, entity in (("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"), ("&", "&amp;")):
        plain = plain.replace(entity, sign)
    assert plain == text.strip()


@pytest.mark.parametrize(
    ("text", "shown"), [("@bob", "@<!-- -->bob"), ("see #12", "see \\#<!-- -->12"), ("http://x", "http:<!-- -->//x")]
)
def test_no_mention_and_no_reference(text, shown):
    assert escape(text) == shown


def test_hostile(hostile):
    page = render_report(hostile)
    assert set(re.findall("<([^>]*)>", page)) <= OURS
    assert "](" not in page.replace("\\](", "")
    assert "javascript" not in page
    heads = [token for token in MARKDOWN.parse(page) if token.type == "heading_open"]
    assert len(heads) == 5


def test_a_failure_is_listed():
    failed = Failure(input="*lost*.txt", code="not-found", message="*lost*.txt: no such file")
    assert "".join(render(iter([failed]), Layout())) == (
        "## \\*lost\\*.txt\n\nNot analyzed: \\*lost\\*.txt: no such file\n"
    )
