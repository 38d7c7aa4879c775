"""HTML, Word, Markdown, encodings and schemas."""

import io
import logging
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing import schema
from sourcing.documents import article_from_html, read
from sourcing.documents.encodings import decode
from sourcing.documents.html import begins_as_page, declared_charset
from sourcing.documents.markdown import outline
from sourcing.errors import InputError, UsageError
from sourcing.records import Article, Failure

LEAD = "The harbor council voted on Tuesday to rebuild the old bridge, ending an eleven-year quarrel."
CLOSE = "The work is to begin in May and to last for two years, the council said in a statement."
PAGE = f"""<!doctype html><html lang="en-US"><head><title>Council backs bridge | Harbor Post</title>
<meta property="og:site_name" content="Harbor Post"><meta name="author" content="Nora Vale">
<meta property="article:published_time" content="2024-03-05T10:00:00Z">
<link rel="canonical" href="https://harborpost.example/bridge"></head>
<body><nav><ul><li><a href="/">Home</a><li><a href="/w">World</a></ul></nav>
<article><h1>Council backs bridge</h1><p>{LEAD}</p><h2>A long wait</h2>
<p>&ldquo;We waited,&rdquo; said Ida <b>Brandt</b>, who runs a <a href="/x">bakery</a> near the river.</p>
<blockquote><p>The bridge is not a monument.</p>
<p>It is a road, and a road carries people who go to work.</p></blockquote>
<p>One line<br>and another one after the break of the line.</p>
<ul><li>First the pillars.</li><li>Then the lamps.</li></ul>
<p>{CLOSE}</p>
<div class="xq1"><p>2 Comments</p>
<p>gullwing</p><p>Finally somebody does something about that awful bridge.</p><p>Reply</p>
<p>Old Sailor</p><p>They will never finish it in two years, mark my words, I know them.</p><p>Reply</p></div></article>
<footer>Copyright 2024 Harbor Post. All rights reserved.</footer></body></html>"""


def code_of(call):
    try:
        call()
    except InputError as error:
        return error.code
    return None


def passages(article, extents):
    return [article.text[e.start : e.end] for e in extents]


def test_html():
    article = article_from_html(PAGE, id="bridge")
    assert (article.title, article.outlet, article.author) == ("Council backs bridge", "Harbor Post", "Nora Vale")
    assert (article.url, article.published) == ("https://harborpost.example/bridge", "2024-03-05")
    assert (article.language, article.extracted) == ("en", True)
    assert passages(article, article.headings) == ["Council backs bridge", "A long wait"]
    assert passages(article, article.block_quotes) == [
        "The bridge is not a monument.\n\nIt is a road, and a road carries people who go to work."
    ]
    assert passages(article, article.body) == [
        "Council backs bridge",
        LEAD,
        "A long wait",
        "“We waited,” said Ida Brandt, who runs a bakery near the river.",
        "The bridge is not a monument.",
        "It is a road, and a road carries people who go to work.",
        "One line",
        "and another one after the break of the line.",
        "First the pillars.",
        "Then the lamps.",
        CLOSE,
    ]


BOMBS = {
    "divs": "<html><body>" + "<div>" * 100_000 + LEAD + "</div>" * 100_000,
    "some divs": "<html><body>" + "<div>" * 10_000 + LEAD + "</div>" * 10_000,
    "bold": "<b>" * 100_000 + LEAD,
    "tables": "<table><tr><td>" * 50_000,
    "rows of tables": "<html><body>" + "<table><tr><td>x y z</td></tr></table>" * 10_000,
    "open paragraphs": "<html><body>" + "<p>a" * 30_000,
    "attributes": "<html><body><div " + " ".join(f"a{i}=1" for i in range(50_000)) + f"><p>{LEAD}</p></div>",
    "brackets": "<" * 500_000,
    "comments": "<!--" * 100_000,
    "entities": "<p>" + "&amp;" * 200_000,
    "declared entities": '<!DOCTYPE html [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><html><body><p>&b;</p></body></html>',
    "json": f'<html><head><script type="application/ld+json">{"[" * 50_000}</script></head><body><p>{LEAD}</p>',
}


@pytest.mark.parametrize("page", BOMBS.values(), ids=BOMBS)
def test_html_bombs_end_within_seconds(page):
    start = time.monotonic()
    assert code_of(lambda: article_from_html(page)) in (None, "invalid-html", "no-text")
    assert time.monotonic() - start < 15


@pytest.mark.parametrize(
    ("head", "charset"),
    [
        (b'<meta charset="windows-1251">', "windows-1251"),
        (b"<META http-equiv=Content-Type content='text/html; charset=koi8-r'>", "koi8-r"),
        (b'<?xml version="1.0" encoding="iso-8859-2"?><html>', "iso-8859-2"),
        (b'<meta charset="utf-16">', None),
        (b"<p>charset=nothing</p>", None),
    ],
)
def test_declared_charset(head, charset):
    assert declared_charset(head) == charset


@pytest.mark.parametrize(
    "data", [b"<!DOCTYPE html>", b" \n<html>", b"<?xml version='1.0'?>\n<html>", b"<!-- x --><!doctype HTML>"]
)
def test_begins_as_page(data):
    assert begins_as_page(data)


@pytest.mark.parametrize("data", [b"<p>", b"An <html> page", b"<htmlx", b"<!doctype book>", b""])
def test_does_not_begin_as_page(data):
    assert not begins_as_page(data)


def test_a_page_of_comments_is_told_apart_at_once():
    start = time.monotonic()
    assert not begins_as_page(b"<!---->" * 400 + b"x")
    assert outline("# a" + " " * 200_000 + "x")[0].blocks
    assert time.monotonic() - start < 2


def test_the_libraries_are_silent(caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with pytest.raises(InputError):
        article_from_html("<html><body><p></p></body></html>")
    assert caplog.records == []
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("data", "options", "text", "warned"),
    [
        ("“Ja” – é".encode(), {}, "“Ja” – é", False),
        ("“Ja”".encode("utf-8-sig"), {}, "“Ja”", False),
        ("“Ja”".encode("utf-16"), {}, "“Ja”", True),
        ("“Ja”".encode("utf-32"), {}, "“Ja”", True),
        ("“Ja”".encode("cp1252"), {}, "“Ja”", True),
        ("Мост".encode("cp1251"), {"declared": "windows-1251"}, "Мост", True),
        ("“Ja”".encode("cp1252"), {"declared": "iso-8859-1"}, "“Ja”", True),
        ("“Ja”".encode(), {"declared": "no-such-charset"}, "“Ja”", False),
        ("“Ja”".encode("cp1252"), {"declared": "utf-8"}, "“Ja”", True),
        ("Мост".encode("koi8-r"), {"encoding": "koi8-r"}, "Мост", False),
        ("Мост и река".encode()[:-1], {}, "Мост и рек\ufffd", True),
        (b"a\r\nb\rc\n", {}, "a\r\nb\rc\n", False),
    ],
)
def test_decode(data, options, text, warned):
    decoded, warnings = decode(data, name="a.txt", **options)
    assert (decoded, bool(warnings)) == (text, warned)


def test_the_last_resort_is_a_guess():
    text = "Η γέφυρα του λιμανιού θα ανοίξει ξανά τον Μάιο, είπε το συμβούλιο. " * 5
    data = b"\x81" + text.encode("iso-8859-7")
    assert code_of(lambda: decode(data, name="a.txt")) in (None, "encoding")


@given(st.binary())
def test_decode_gives_text_or_an_input_error(data):
    assert code_of(lambda: decode(data, name="x")[0].encode()) in (None, "binary", "encoding")


CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
    'wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
STYLES = (
    f'<?xml version="1.0"?><w:styles xmlns:w="{WORD}">'
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{name.replace(" ", "")}"><w:name w:val="{name}"/></w:style>'
        for name in ("Title", "heading 1", "Quote")
    )
    + "</w:styles>"
)


def paragraph(text, style=""):
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def docx(body, *, prolog="", parts=()):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", CONTENT_TYPES)
        archive.writestr("_rels/.rels", RELATIONS)
        archive.writestr("word/styles.xml", STYLES)
        document = f'<?xml version="1.0"?>{prolog}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
        archive.writestr("word/document.xml", document)
        for name, content in parts:
            archive.writestr(name, content)
    return data.getvalue()


def read_docx(data):
    (item,) = read("-", stdin=io.BytesIO(data), stdin_format="docx")
    return item


def test_word():
    inserted = (
        f'<w:p><w:ins w:id="1" w:author="N"><w:r><w:t>{CLOSE}</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="N"><w:r><w:delText>Gone.</w:delText></w:r></w:del></w:p>'
    )
    article = read_docx(
        docx(
            paragraph("Council backs bridge", "Title")
            + paragraph(LEAD)
            + paragraph("A long wait", "heading1")
            + paragraph("The bridge is not a monument.", "Quote")
            + paragraph("“No.”")
            + inserted
        )
    )
    assert isinstance(article, Article)
    assert passages(article, article.body) == [
        "Council backs bridge",
        LEAD,
        "A long wait",
        "The bridge is not a monument.",
        "“No.”",
        CLOSE,
    ]
    assert passages(article, article.headings) == ["Council backs bridge", "A long wait"]
    assert passages(article, article.block_quotes) == ["The bridge is not a monument."]
    assert (article.title, article.extracted) == ("Council backs bridge", True)


def plain_zip():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("a.txt", "a")
    return data.getvalue()


def lying_zip():
    data = docx(paragraph(LEAD), parts=[("word/media/a.bin", b"0" * 100_000)])
    return data.replace((100_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


ENTITY = '<!DOCTYPE w:document [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
LAUGHS = '<!DOCTYPE w:document [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 no zip", "invalid-docx"),
        (b"plain text", "invalid-docx"),
        (plain_zip(), "invalid-docx"),
        (docx(paragraph(LEAD))[:-30], "invalid-docx"),
        (docx(paragraph("&x;"), prolog=ENTITY), "invalid-docx"),
        (docx(paragraph("&b;"), prolog=LAUGHS), "invalid-docx"),
        (docx("<w:p><w:r>"), "invalid-docx"),
        (docx("<w:ins>" * 5000 + "</w:ins>" * 5000), "invalid-docx"),
        (docx(""), "no-text"),
        (docx(paragraph(" ")), "no-text"),
        (docx(paragraph(LEAD), parts=[("word/media/a.bin", b"0" * (3 << 20))]), "too-large"),
        (docx(paragraph(LEAD), parts=[("word/big.xml", b"<a>" + bytes(range(65, 91)) * 200_000)]), "too-large"),
        (docx(paragraph(LEAD), parts=[(f"a{i}", "") for i in range(5001)]), "too-large"),
        (docx(paragraph(LEAD), parts=[(f"a{i}", b"0" * (9 << 20)) for i in range(8)]), "too-large"),
        (lying_zip(), "invalid-docx"),
    ],
)
def test_bad_word_files(data, code):
    failure = read_docx(data)
    assert isinstance(failure, Failure)
    assert failure.code == code


MARKDOWN = """---
title: "Council backs bridge"
author: Nora Vale
tags: [bridge]
---
# Council backs bridge #

The council voted
on Tuesday.

> The bridge is *not*
> a monument.
>
> It is a road.

A long wait
-----------

- First the [pillars](https://harborpost.example).
- Then the lamps.

```
code is no text
```

| a | b |
|---|---|
| c | d |

<div>raw html</div>
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_markdown(tmp_path, newline):
    text = MARKDOWN.replace("\n", newline)
    (tmp_path / "bridge.md").write_bytes(text.encode())
    (article,) = read(tmp_path)
    assert article.text == text
    assert (article.id, article.title, article.author) == ("bridge", "Council backs bridge", "Nora Vale")
    found = [passage.replace(newline, "\n") for passage in passages(article, article.body)]
    assert found == [
        "Council backs bridge",
        "The council voted\non Tuesday.",
        "The bridge is *not*\n> a monument.",
        "It is a road.",
        "A long wait",
        "First the [pillars](https://harborpost.example).",
        "Then the lamps.",
    ]
    assert passages(article, article.headings) == ["Council backs bridge", "A long wait"]
    (quote,) = passages(article, article.block_quotes)
    assert quote.startswith("The bridge is")
    assert quote.endswith("It is a road.")


@pytest.mark.parametrize("text", ["---\ntitle: x\n\nNo end of it.", "--- \n", "----\ntitle: x\n----\n"])
def test_no_front_matter(text):
    assert outline(text)[1].title is None


@given(st.text(alphabet="#> -*+1.\n\r\tab`=|[]()<>\\~:"))
def test_any_markdown_gives_sound_blocks(text):
    markup, _ = outline(text)
    end = 0
    for block in markup.blocks:
        assert end <= block.start < block.end <= len(text)
        assert text[block.start : block.end].strip() == text[block.start : block.end]
        end = block.end


def test_schemas():
    assert "article" in schema.schema_names()
    assert schema.load_schema("article")["required"] == ["text"]
    with pytest.raises(UsageError, match="article"):
        schema.load_schema("nonsense")


def test_the_article_schema_is_a_schema():
    from jsonschema import Draft202012Validator

    article = schema.load_schema("article")
    Draft202012Validator.check_schema(article)
    assert all("description" in field for field in article["properties"].values())


def test_schemas_of_a_wheel_win(tmp_path, monkeypatch):
    (tmp_path / "article.json").write_text('{"wheel": true}')
    monkeypatch.setattr(schema, "PLACES", (tmp_path, *schema.PLACES))
    assert schema.load_schema("article") == {"wheel": True}


def test_a_report_is_no_article_and_the_message_says_where_it_belongs():
    from sourcing.documents import find_fault

    fault = find_fault({"article": {}, "speakers": [], "metrics": {}})
    assert fault.pointer == "/text"
    assert "a corpus takes reports as JSON Lines" in fault.explain()
    assert "report" not in find_fault({"title": "Ferry late"}).explain()
