"""Whatever comes in: one clear message naming the input, no traceback, and every other input's report."""

import io
import json
import random
import zipfile

import pytest
from click.testing import CliRunner

from sourcing.cli import main

GOOD = "“The ferry is late again,” said Ada Quill, a harbour pilot.\n"


def zip_bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", b"<w:p>" + b" " * 200_000_000)
    return out.getvalue()


BAD = {
    "empty.txt": (b"", "empty"),
    "blank.txt": (b" \n\t\n", "empty"),
    "binary.txt": (bytes(range(256)) * 20, "binary"),
    "huge.txt": (b"A long line of words. " * 2_500_000, "too-large"),
    "no-zip.docx": (b"this is no Word file", "invalid-docx"),
    "bomb.docx": (zip_bomb(), "too-large"),
    "broken.json": (b'{"text": "no end', "invalid-json"),
    "list.json": (b"[1, 2]", "invalid-article"),
    "notext.json": (b'{"title": "x"}', "invalid-article"),
}


@pytest.mark.parametrize("name", BAD)
def test_one_message_and_the_other_report(name, tmp_path):
    content, code = BAD[name]
    (tmp_path / name).write_bytes(content)
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    run = CliRunner().invoke(main, ["analyze", "-f", "jsonl", str(tmp_path / name), str(tmp_path / "good.txt")])
    assert run.exit_code == 2
    lines = [json.loads(line) for line in run.stdout.splitlines()]
    errors = [line["error"] for line in lines if "error" in line]
    assert errors[0]["code"] == code
    assert [line["article"]["id"] for line in lines if "article" in line] == ["good"]
    assert name in run.stderr
    assert "Traceback" not in run.stderr
    assert len(run.stderr.splitlines()) == len(errors)


def test_a_bad_line_of_json_lines(tmp_path):
    lines = [json.dumps({"id": f"a{n}", "text": GOOD}) for n in range(3)]
    (tmp_path / "feed.jsonl").write_text("\n".join([lines[0], "{no json", lines[1], '{"text": 3}', lines[2]]))
    run = CliRunner().invoke(main, ["analyze", "-f", "jsonl", str(tmp_path / "feed.jsonl")])
    assert run.exit_code == 2
    records = [json.loads(line) for line in run.stdout.splitlines()]
    assert [r["article"]["id"] for r in records if "article" in r] == ["a0", "a1", "a2"]
    assert [r["error"]["line"] for r in records if "error" in r] == [2, 4]


def test_a_directory_loop(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "good.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "in" / "again").symlink_to(tmp_path, target_is_directory=True)
    run = CliRunner().invoke(main, ["analyze", "-f", "jsonl", str(tmp_path)])
    assert run.exit_code == 2
    assert "loop" in run.stderr
    assert sum('"article"' in line for line in run.stdout.splitlines()) == 1


def test_a_deeply_nested_page(tmp_path):
    (tmp_path / "deep.html").write_text("<html><body>" + "<div>" * 100_000 + f"<p>{GOOD}</p>", encoding="utf-8")
    run = CliRunner().invoke(main, ["analyze", "-f", "jsonl", str(tmp_path / "deep.html")])
    assert run.exit_code in (0, 2)
    assert "Traceback" not in run.output
    assert len(run.stdout.splitlines()) == 1


@pytest.mark.parametrize(
    ("text", "quotes", "attributions"),
    [
        ("The bridge was closed on Monday. Traffic went round by the mill. It opened again on Friday.", 0, 0),
        ("“It is done.” “It is not.” “We shall see about that in the morning.”", 3, None),
        ("?!… — ,,, ... ;;", 0, 0),
    ],
)
def test_odd_articles(text, quotes, attributions):
    from sourcing import analyze

    report = analyze(text)
    assert len(report.quotes) == quotes
    if attributions is not None:
        assert len(report.attributions) == attributions
    assert 0 <= report.score.value <= 100


def test_another_language_gives_a_warning_and_a_report():
    from sourcing import analyze

    report = analyze(
        "« Le pont sera reconstruit », a déclaré la maire devant le conseil municipal, qui a voté le budget hier soir."
    )
    assert report.article.language == "fr"
    assert any("English" in w for w in report.warnings)


def test_another_encoding(tmp_path):
    (tmp_path / "old.txt").write_bytes("“The café is open,” said Ada Quill.".encode("cp1252"))
    run = CliRunner().invoke(main, ["analyze", "-f", "json", "--with-text", str(tmp_path / "old.txt")])
    assert run.exit_code == 0
    report = json.loads(run.stdout)
    assert "café" in report["article"]["text"]
    assert report["warnings"]


def test_a_very_long_article():
    from sourcing import analyze

    words = random.Random(1).choices(
        ["the", "pier", "council", "said", "“we", "stay”", "Quill", "of", "it.\n\n"], k=200_000
    )
    report = analyze(" ".join(words), with_text=False)
    assert report.article.words > 150_000


HOSTILE = (
    "“<script>alert(1)</script>” said \x1b[31mAda\x1b[0m Quill\u202e, =cmd|' /C calc'!A0.\n\n" + "x" * 100_000 + "\n\n"
    "‘" * 500 + "’" * 500
)


@pytest.mark.parametrize("name", ["text", "json", "jsonl", "html", "markdown", "csv"])
def test_hostile_text_in_every_format(name, tmp_path):
    (tmp_path / "hostile.txt").write_text(HOSTILE, encoding="utf-8")
    run = CliRunner().invoke(main, ["analyze", "-f", name, str(tmp_path / "hostile.txt")])
    assert run.exit_code == 0
    assert "\x1b[31m" not in run.stdout
    assert "\u202e" not in run.stdout
    if name == "html":
        assert "<script>alert" not in run.stdout
