"""The command line over the real stages: one article, every format."""

import json
import subprocess

import jsonschema
import pytest

from sourcing.report import FORMATS
from sourcing.schema import load_schema

pytest.importorskip("sourcing.analysis")

TEXT = """Ferry to stop at Westquay again

The ferry will stop at Westquay from June, the Larkfield Port Authority said on Monday.

“We have waited four years for this,” said Mara Ellingsen, a schoolteacher in Westquay. “It is about time.”
"""


@pytest.mark.parametrize("entry", FORMATS, ids=lambda entry: entry.name)
def test_a_real_article_in_every_format(start, tmp_path, entry):
    (tmp_path / "ferry.txt").write_text(TEXT, encoding="utf-8")
    process = start("analyze", "ferry.txt", "--format", entry.name, real=True)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, err.decode()) == (0, "")
    assert "Mara Ellingsen" in out.decode()
    if entry.name.startswith("json"):
        jsonschema.Draft202012Validator(load_schema("report")).validate(json.loads(out))


def test_json_lines_in_json_lines_out(start):
    process = start("analyze", "--format", "jsonl", real=True, stdin=subprocess.PIPE)
    lines = [json.dumps({"id": "one", "text": TEXT}), "{", json.dumps({"id": "three", "text": TEXT})]
    out, err = process.communicate("\n".join(lines).encode(), timeout=120)
    first, failed, third = map(json.loads, out.splitlines())
    assert process.returncode == 2
    assert (first["article"]["id"], failed["error"]["line"], third["article"]["id"]) == ("one", 2, "three")
    assert err.decode().startswith("sourcing: <stdin>:2: ")
    assert err.decode().count("\n") == 1
