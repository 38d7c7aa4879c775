"""README.md's and the docs' promises hold."""

import re

import pytest


def test_links_lead_somewhere(root):
    for page in [root / "README.md", *sorted((root / "docs").glob("*.md"))]:
        for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
            if not target.startswith("http"):
                assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_spacy_example_runs(root):
    code = re.findall(r"```python\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    names = {}
    exec(code, names)
    assert names["doc"]._.sourcing.speakers[0].name == "Ruth Ellery"


@pytest.mark.parametrize(
    "name", ["annotator", "training", "metrics", "findings", "cli", "report", "inputs", "architecture"]
)
def test_pages_are_there(root, name):
    assert (root / "docs" / f"{name}.md").stat().st_size > 500
