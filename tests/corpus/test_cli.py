"""`sourcing corpus` and `sourcing compare`, as a user and as a script meet them."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from sourcing.cli import main

STORIES = [
    ("echo", "The Tidewell Echo", "“The gate will not move before we know what broke it,” said Olga Marsh, the harbour engineer."),
    ("post", "The Fenmouth Post", "Ferries stay. Olga Marsh said the gate was old. “I saw it all,” said Gerda Holm, a teacher."),
    ("star", "=cmd()", "\x1b[31mRed\x1b[0m “We were never asked about any of this,” said Victor Amory."),
]  # fmt: skip


@pytest.fixture
def run():
    return lambda *arguments: CliRunner().invoke(main, arguments)


@pytest.fixture(scope="module")
def stories(tmp_path_factory):
    path = tmp_path_factory.mktemp("in") / "stories.jsonl"
    lines = [json.dumps({"id": i, "outlet": o, "published": "2026-03-01", "text": t}) for i, o, t in STORIES]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture
def corpus(run, stories, tmp_path):
    result = run("corpus", "add", str(tmp_path / "c"), str(stories), "--workers", "1")
    assert result.exit_code == 0, result.stderr
    assert result.stdout == ""
    assert "3 added, 0 updated, 0 unchanged" in result.stderr
    return str(tmp_path / "c")


def test_add_again(run, corpus, stories):
    assert "0 added, 0 updated, 3 unchanged" in run("corpus", "add", corpus, str(stories)).stderr


def test_add_lists_what_it_could_not_take(run, corpus, tmp_path):
    (tmp_path / "bad.jsonl").write_text('{"text": "She left, he said."}\n{\n')
    result = run("corpus", "add", corpus, str(tmp_path / "bad.jsonl"), str(tmp_path / "nothing.txt"))
    assert result.exit_code == 2
    assert "bad.jsonl:2" in result.stderr
    assert "nothing.txt" in result.stderr
    assert "1 added" in result.stderr
    assert "2 could not be taken" in result.stderr


def test_info(run, corpus):
    text = run("corpus", "info", corpus)
    assert text.exit_code == 0
    assert "2026-03 to 2026-03" in text.stdout
    assert json.loads(run("corpus", "info", corpus, "-f", "json").stdout)["articles"] == 3


def test_list(run, corpus):
    text = run("corpus", "list", corpus)
    assert [line.split("\t")[0] for line in text.stdout.splitlines()] == ["echo", "post", "star"]
    rows = [
        json.loads(line) for line in run("corpus", "list", corpus, "-f", "json", "--limit", "1").stdout.splitlines()
    ]
    assert [row["id"] for row in rows] == ["echo"]


def test_unattested(run, corpus):
    found = json.loads(run("corpus", "unattested", corpus, "--format", "json").stdout)["speakers"]
    assert {one["name"] for one in found} == {"Gerda Holm", "Victor Amory"}
    assert {"name", "class", "articles", "outlets", "quotes"} <= set(found[0])
    text = run("corpus", "unattested", corpus)
    assert "Gerda Holm" in text.stdout
    assert "2 named speakers are met nowhere else" in text.stderr
    first = run("corpus", "unattested", corpus, "--limit", "1")
    assert "the first 1 of the named speakers who are met nowhere else" in first.stderr
    assert run("corpus", "unattested", corpus, "--since", "x").exit_code == 2


def test_shares(run, corpus):
    found = json.loads(run("corpus", "shares", corpus, "-f", "json").stdout)["articles"]
    assert [(row["id"], row["named"], row["nowhere_else"]) for row in found] == [
        ("star", 1, 1),
        ("post", 2, 1),
        ("echo", 1, 0),
    ]
    assert found[0]["low"] <= found[0]["expected"] <= found[0]["high"]
    text = run("corpus", "shares", corpus)
    heading, star, *_ = text.stdout.splitlines()
    assert heading.split() == ["nowhere", "else", "expected", "percentile", "id", "outlet", "title"]
    assert star.startswith("100%, 1 of 1    25% (")
    assert star.index("star") == heading.index(" id") + 1
    assert star.index("=cmd()") == heading.index("outlet")
    assert "3 articles" in text.stderr
    table = run("corpus", "shares", corpus, "-f", "csv", "--limit", "1").stdout.splitlines()
    assert len(table) == 2
    assert table[1].startswith("star,'=cmd(),2026-03-01,")  # no formula for a spreadsheet
    none = run("corpus", "shares", corpus, "--outlet", "nobody's")
    assert (none.exit_code, none.stdout) == (0, "")
    assert run("corpus", "shares", corpus, "--since", "x").exit_code == 2


def test_speaker(run, corpus):
    text = run("corpus", "speaker", corpus, "O. Marsh", "--explain")
    assert "Olga Marsh" in text.stdout
    assert "initial" in text.stdout
    assert json.loads(run("corpus", "speaker", corpus, "Olga Marsh", "-f", "json").stdout)["articles"] == 2
    assert "nowhere" in run("corpus", "speaker", corpus, "Nobody Atall").stdout


def test_remove_verify_compact(run, corpus):
    result = run("corpus", "remove", corpus, "star", "no-such")
    assert result.exit_code == 2
    assert "no-such is not in" in result.stderr
    verified = run("corpus", "verify", corpus)
    assert verified.exit_code == 0
    assert "note: speakers" in verified.stdout
    assert run("corpus", "compact", corpus).exit_code == 0
    assert "all is well" in run("corpus", "verify", corpus).stderr


def test_export(run, corpus, tmp_path):
    out = tmp_path / "out.csv"
    assert run("corpus", "export", corpus, "-f", "csv", "-o", str(out)).exit_code == 0
    assert ",'=cmd()," in out.read_text(encoding="utf-8")  # no formula for a spreadsheet
    assert run("corpus", "export", corpus, "--what", "reports", "-o", "-").stdout.count("\n") == 3
    assert run("corpus", "export", corpus, "--what", "attested", "-o", "-").stdout.count("\n") == 4
    assert run("corpus", "export", corpus, "-o", str(tmp_path / "no" / "way")).exit_code == 2


def test_import_people(run, corpus, tmp_path):
    (tmp_path / "people.csv").write_text("name\nGerda Holm\n")
    assert "1 names added" in run("corpus", "import-people", corpus, str(tmp_path / "people.csv")).stderr
    found = json.loads(run("corpus", "unattested", corpus, "--format", "json").stdout)["speakers"]
    assert [one["name"] for one in found] == ["Victor Amory"]
    (tmp_path / "nom.csv").write_text("nom\nX Y\n")
    wrong = run("corpus", "import-people", corpus, str(tmp_path / "nom.csv"))
    assert wrong.exit_code == 2
    assert "no column `name`" in wrong.stderr


def test_a_draft(run, corpus, tmp_path):
    (tmp_path / "draft.txt").write_text(
        "“It will never open again,” said Olga Marsh. “So they say,” said Ida Stranger."
    )
    report = json.loads(run("analyze", str(tmp_path / "draft.txt"), "--corpus", corpus, "-f", "json").stdout)
    assert [s["corpus"]["status"] for s in report["speakers"]] == ["quoted_elsewhere", "nowhere_else"]
    assert "SRC501" in [f["code"] for f in report["findings"]]
    text = run("analyze", str(tmp_path / "draft.txt"), "--corpus", corpus).stdout
    assert "nowhere else" in text
    assert run("analyze", str(tmp_path / "draft.txt"), "--corpus", str(tmp_path / "none")).exit_code == 2


@pytest.mark.parametrize("form", ["text", "json", "csv", "html"])
def test_compare(run, corpus, form):
    result = run("compare", corpus, "--minimum", "2", "--format", form)
    assert result.exit_code == 0, result.stderr
    assert result.stdout
    assert "\x1b[31m" not in result.stdout


def test_a_damaged_folder_is_one_line(run, corpus):
    def fails(*arguments, because):
        result = run("corpus", *arguments)
        assert result.exit_code == 2, result.exception
        assert because in result.stderr
        assert result.stderr.count("\n") == 1

    files = list(Path(corpus, "speakers").glob("*.parquet"))
    assert files
    for file in files:
        file.unlink()
    fails("unattested", corpus, because="files of the table speakers cannot be read")
    lock = Path(corpus, ".lock")
    lock.unlink(missing_ok=True)
    lock.mkdir()
    fails("remove", corpus, "echo", because="cannot lock the corpus")
    Path(corpus, "corpus.json").write_text("[" * 100_000, encoding="utf-8")
    fails("info", corpus, because="its corpus.json cannot be read")


def test_no_corpus(run, tmp_path):
    for command in (["corpus", "info"], ["corpus", "unattested"], ["corpus", "shares"], ["compare"]):
        result = run(*command, str(tmp_path / "none"))
        assert result.exit_code == 2
        assert "is no corpus" in result.stderr
