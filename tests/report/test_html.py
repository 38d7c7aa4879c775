import base64
import hashlib
import re
from html.parser import HTMLParser

import msgspec
import pytest

from sourcing.records import Failure, Finding
from sourcing.report.html import render_fragment, render_page

FAILED = Failure(input="<b>.txt", code="not-found", message="<b>.txt: no such file")
VOID = {"meta", "br", "rect", "line"}


class Page(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.words, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert tag in VOID or self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)

    def all(self, name):
        return [value for key, value in self.attributes if key == name]


def without_style(page):
    return re.sub("(?s)<style>.*?</style>", "<style>…</style>", re.sub("sha256-[^'&]*", "sha256-…", page))


def test_golden(harbour, golden):
    golden("harbour.html", without_style(render_page([harbour])))


def test_the_page_loads_and_runs_nothing(harbour):
    page = Page(text := render_page([harbour, harbour]))
    assert not {"script", "link", "img", "iframe", "form", "object", "base"} & set(page.tags)
    assert not re.search(r"url\(|@import", text)
    outside = [href for href in page.all("href") if not href.startswith("#")]
    assert outside == ["https://courier.example/harbour-tunnel"] * 2
    assert not page.all("style")
    assert not page.all("src")
    assert not page.open


def test_the_policy_lets_its_own_style_in_and_nothing_else(harbour):
    page = render_page([harbour])
    style = re.search("(?s)<style>(.*?)</style>", page)[1]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = re.search('Content-Security-Policy" content="([^"]*)"', page)[1].replace("&#39;", "'")
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@pytest.mark.parametrize("rendered", [render_fragment, lambda report: render_page([report, FAILED])])
def test_hostile(hostile, rendered):
    page = Page(rendered(hostile))
    assert not {"script", "img", "red"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert all(href.startswith("#") for href in page.all("href"))
    assert "<script>alert(1)</script>" in "".join(page.words)
    assert not page.open


def test_every_link_has_its_place_and_no_id_is_twice(harbour, hostile):
    page = Page(render_page([harbour, hostile, harbour]))
    ids = page.all("id")
    assert len(ids) == len(set(ids))
    missing = {href for href in page.all("href") if href.startswith("#")} - {f"#{name}" for name in ids}
    assert not missing


def test_the_text_is_whole(harbour):
    words = "".join(Page(render_page([harbour])).words)
    for paragraph in harbour.article.text.split("\n\n"):
        bare = re.sub(r"\W", "", re.sub(r"[●■○⚑]\d+", "", paragraph))
        assert bare in re.sub(r"\W", "", re.sub(r"[●■○⚑]\d+", "", words))


def test_what_is_not_the_article_is_folded_away(harbour):
    page = render_page([harbour])
    folded = "".join(re.findall("(?s)<details.*?</details>", page))
    assert "Gullfan" in folded
    assert "By Odile Franzen" in folded
    assert "Ellingsen" not in folded
    none = msgspec.structs.replace(harbour, article=msgspec.structs.replace(harbour.article, body=()))
    assert '<details class="skipped" open>' in render_page([none])


def test_findings_without_words_still_have_a_flag(harbour):
    text = harbour.article.text
    at = (0, 0), (text.index("\n\n") + 1,) * 2, (len(text), len(text)), (0, len(text))
    findings = tuple(
        Finding(code="SRC401", severity="info", message="x", start=start, end=end, speaker=None) for start, end in at
    )
    page = Page(render_page([msgspec.structs.replace(harbour, findings=findings)]))
    assert {"#r1-m1", "#r1-m2", "#r1-m4"} <= set(page.all("href"))
    assert all(href[1:] in page.all("id") for href in page.all("href") if href.startswith("#"))


def test_without_text_the_spans_speak(without_text):
    fragment = render_fragment(without_text)
    assert "does not carry the article" in fragment
    assert "We will not send a single car" in fragment
    assert "Nobody told us anything" in fragment


def test_notebooks_show_the_fragment(harbour):
    assert harbour._repr_html_() == render_fragment(harbour)
    assert render_fragment(harbour).startswith('<div class="sourcing cell"><style>')


def test_several_articles_have_an_overview_and_failures_are_listed(harbour):
    page = render_page([harbour, FAILED, harbour])
    assert "Sourcing report of 2 articles" in page
    assert "1 input could not be read" in page
    assert "&lt;b&gt;.txt" in page
    assert "Sourcing report of" not in render_page([harbour])


def _luminance(color):
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def test_contrast_is_aa_in_light_and_dark(harbour):
    style = re.search("(?s)<style>(.*?)</style>", render_page([harbour]))[1]
    parts = [part.split("@media")[0] for part in style.split("prefers-color-scheme")[:2]]
    schemes = [dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part)) for part in parts]
    for colors in schemes:
        grounds = {"paper", "card", "lit", "named-tint", "institutional-tint", "anonymous-tint", "nobody-tint"}
        pairs = {("ink", ground) for ground in grounds}
        tones = ("named", "institutional", "anonymous", "nobody")
        plain = ("soft", "link", "error", "warning", "info", *tones)
        pairs |= {(ink, ground) for ink in plain for ground in ("paper", "card")}
        pairs |= {(ink, "lit") for ink in ("named", "institutional", "anonymous", "soft", "link")}
        pairs |= {(ink, f"{ink}-tint") for ink in tones}
        for ink, ground in pairs:
            light, dark = sorted((_luminance(colors[ink]), _luminance(colors[ground])), reverse=True)
            assert (light + 0.05) / (dark + 0.05) >= 4.5, (ink, ground, colors[ink], colors[ground])
