"""Every code is in one table, which the server and docs/api.md answer from; and each is used."""

import ast
import re
from pathlib import Path

import pytest

pytest.importorskip("fastapi")

from sourcing.api.app import CODES
from sourcing.api.problems import KINDS, Problem, explain
from sourcing.api.service import STATUS

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "sourcing"
OF_FILES = {"not-found", "unreadable", "not-a-file", "directory-loop"}
"""Codes of reading that only files on a disk have."""


def calls(folder, *names):
    """Calls of these classes in the modules of a folder."""
    for file in sorted(folder.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                yield node


def raised():
    """(code, status) of every problem whose code is written where it is raised; status None where that is worked out."""
    for call in calls(SOURCE / "api", "Problem"):
        status, code = call.args[:2]
        if isinstance(code, ast.Constant):
            yield code.value, status.value if isinstance(status, ast.Constant) else None
    for call in calls(SOURCE / "corrections", "CorrectionError"):
        yield call.args[0].value, 422
    for call in calls(SOURCE / "api", "Refusal"):
        code = call.keywords[0].value
        if isinstance(code, ast.Constant):
            yield code.value, STATUS.get(code.value, 422)
    for status, code in CODES.items():
        yield code, status
    yield from (("refused", 400), ("bad-question", 422))


def of_articles():
    """(code, status) of articles that cannot be read."""
    table = (ROOT / "docs" / "inputs.md").read_text(encoding="utf-8").partition("## Error codes")[2]
    codes = {*re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE), "internal"} - OF_FILES
    assert len(codes) > 10
    return {(code, STATUS.get(code, 422)) for code in codes}


def test_every_code_is_in_the_table_and_used():
    used = {*raised(), *of_articles()}
    assert {code for code, _ in used} == set(KINDS)
    for code, status in used:
        assert status is None or status in KINDS[code].statuses, (code, status)
    for code, kind in KINDS.items():
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", code)
        unused = set(kind.statuses) - {status for other, status in used if other == code}
        assert not unused, f"{code} is never answered with {unused}"
        Problem(kind.statuses[0], code, kind.said).body()  # the status has a name


def test_the_docs_have_the_table():
    page = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
    rows = [f"| `{code}` | {', '.join(map(str, kind.statuses))} | {kind.said} |" for code, kind in KINDS.items()]
    written = page.partition("| code | status | |\n| --- | --- | --- |\n")[2].partition("\n\n")[0]
    assert written == "\n".join(rows), "put these rows into docs/api.md:\n" + "\n".join(rows)
    assert "`/v1/problems/{code}`" in page


def test_a_problem_leads_to_its_explanation(client, problem):
    said = problem(client.get("/v1/jobs/none"), 404, "no-job")
    answer = client.get(said["type"])
    assert (answer.text, answer.headers["content-type"]) == (explain("no-job") + "\n", "text/plain; charset=utf-8")
    assert "errors" not in said
    problem(client.get("/v1/problems/nonsense"), 404, "no-problem")
