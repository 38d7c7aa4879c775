"""README.md's and the docs' promises hold."""

import re

import pytest

import sourcing


def test_links_lead_somewhere(root):
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_no_page_has_a_gap_to_fill(root):
    for page in (root / "docs").glob("*.md"):
        gaps = [c for c in re.findall(r"<!--(.*?)-->", page.read_text(encoding="utf-8")) if "Generated" not in c]
        assert gaps == [], page.name


def test_spacy_example_runs(root):
    code = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)[2]
    names = {}
    exec(code, names)
    assert names["doc"]._.sourcing.speakers[0].name == "Ruth Ellery"


def test_corpus_example_runs(root, tmp_path, monkeypatch):
    code = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    monkeypatch.chdir(tmp_path)
    report = sourcing.analyze("“The pier will be rebuilt,” Mayor Ruth Ellery said.")
    (tmp_path / "reports.jsonl").write_text(report.to_json() + "\n")
    names = {"sourcing": sourcing, "draft": "“It is late,” said Ruth Ellery."}
    exec(code, names)
    assert [who.name for who in names["corpus"].unattested()] == ["Ruth Ellery"]


@pytest.mark.parametrize(
    "name",
    ["annotator", "compare", "corpus", "training", "metrics", "findings", "cli", "report", "inputs", "architecture"],
)
def test_pages_are_there(root, name):
    assert (root / "docs" / f"{name}.md").stat().st_size > 500
