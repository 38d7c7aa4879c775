"""The shape of the code: imports go one way, and nothing heavy is loaded before it is needed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "sourcing"
SHARED = {"records", "errors", "text"}
MAY_IMPORT = {
    "records": {"report"},  # the notebook view, imported inside the method
    "errors": {"records"},
    "text": set(),
    "schema": {"errors"},
    "documents": {"schema"},
    "annotate": set(),
    "measure": set(),
    "findings": {"measure"},
    "report": {"findings", "schema", "mistakes"},
    "analysis": {"documents", "annotate", "measure", "findings"},
    "corpus": {"analysis", "documents", "measure", "report"},
    "corrections": {"measure", "findings"},
    "evaluate": set(),
    "mistakes": {"evaluate"},
    "training": {"annotate", "evaluate"},
    "cli": {"analysis", "api", "corpus", "documents", "evaluate", "findings", "report", "schema", "training"},
    "api": {"analysis", "corpus", "corrections", "documents", "findings", "measure", "report", "schema"},
    "__init__": {"analysis", "corpus"},
    "__main__": {"cli"},
}


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("sourcing."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            yield from (a.name.split(".")[1] for a in node.names if a.name.startswith("sourcing."))


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_follow_the_flow(path):
    stage = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    assert stage in MAY_IMPORT, f"say in MAY_IMPORT what {stage} may import"
    wrong = set(imports_of(path)) - MAY_IMPORT[stage] - SHARED - {stage}
    assert not wrong


def test_import_loads_nothing_heavy():
    heavy = [
        "spacy",
        "onnxruntime",
        "numpy",
        "trafilatura",
        "torch",
        "textstat",
        "rich",
        "pyarrow",
        "duckdb",
        "deltalake",
    ]
    code = f"import sys, sourcing; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_no_file_is_too_long():
    long = {p.name: n for p in PACKAGE.rglob("*.py") if (n := len(p.read_text(encoding="utf-8").splitlines())) > 480}
    assert not long
