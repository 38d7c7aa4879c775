import json

import jsonschema
import msgspec
import pytest

from sourcing.records import Failure, Report
from sourcing.report.formats import Layout
from sourcing.report.json import render
from sourcing.schema import load_schema

FAILED = Failure(input="lost.txt", code="not-found", message="lost.txt: no such file")
LONE = Layout()
ARRAY = Layout(array=True)


def check(record):
    name = "error" if "error" in record else "report"
    jsonschema.Draft202012Validator(load_schema(name)).validate(record)


def test_golden(harbour, golden):
    golden("harbour.json", "".join(render(iter([harbour]), LONE)))


@pytest.mark.parametrize("count", [0, 1, 2, 3])
def test_one_is_an_object_and_several_an_array(harbour, count):
    shown = json.loads("".join(render(iter([harbour] * count), LONE)))
    assert isinstance(shown, dict) == (count == 1)
    assert count == 1 or len(shown) == count
    assert len(json.loads("".join(render(iter([harbour] * count), ARRAY)))) == count


def test_a_failure_keeps_its_place(harbour):
    shown = json.loads("".join(render(iter([harbour, FAILED, harbour]), LONE)))
    assert shown[1] == {
        "error": {"input": "lost.txt", "code": "not-found", "message": "lost.txt: no such file", "line": None}
    }
    for record in shown:
        check(record)
    check(json.loads("".join(render(iter([FAILED]), LONE))))


def test_hostile_text_survives_the_round_trip(hostile):
    shown = "".join(render(iter([hostile]), LONE))
    assert Report.from_json(shown) == hostile
    assert json.loads(shown) == json.loads(msgspec.json.encode(hostile))


def test_a_file_name_that_is_no_utf8(harbour):
    name = "caf\udce9.txt"
    shown = "".join(render(iter([msgspec.structs.replace(FAILED, input=name)]), LONE))
    assert "caf\\udce9" in shown
    assert json.loads(shown)["error"]["input"] == name
    assert shown.encode()
