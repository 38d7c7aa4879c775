import json

from sourcing.records import Failure, Report
from sourcing.report.formats import Layout
from sourcing.report.jsonl import render

FAILED = Failure(input="feed.jsonl", code="invalid-json", message="feed.jsonl:2: no JSON", line=2)


def test_golden(harbour, golden):
    golden("harbour.jsonl", "".join(render(iter([harbour, FAILED]), Layout())))


def test_a_line_a_result(harbour, hostile):
    lines = list(render(iter([harbour, FAILED, hostile]), Layout(array=True)))
    assert [line.count("\n") for line in lines] == [1, 1, 1]
    assert [line.splitlines() for line in lines] == [[line.rstrip("\n")] for line in lines]
    assert Report.from_json(lines[0]) == harbour
    assert json.loads(lines[1])["error"]["line"] == 2
    assert Report.from_json(lines[2]) == hostile
