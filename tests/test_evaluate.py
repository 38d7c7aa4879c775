import importlib.util
import json
import random
import subprocess
import sys

import pytest

from sourcing.evaluate import double_quoted, evaluate, same_name

TEXT = "“We will stay,” said Ada Quill. Critics say the plan is late. He left.\n"


def gold():
    def at(part):
        return [TEXT.index(part), TEXT.index(part) + len(part)]

    return {
        "id": "g",
        "text": TEXT,
        "attributions": [
            {"source": [at("Ada Quill")], "cue": [at("said")], "content": [at("“We will stay,”")], "type": "person",
             "canonical": "Ada Quill"},
            {"source": [at("Critics")], "cue": [at("say")], "content": [at("the plan is late")], "type": "unnamed_group",
             "canonical": "-"},
        ],
    }  # fmt: skip


def report(*, name="Ada Quill", drop=False):
    def span(part):
        return {"start": TEXT.index(part), "end": TEXT.index(part) + len(part)}

    attributions = [
        {"content": [span("“We will stay,”")], "cue": span("said"), "source": span("Ada Quill"), "speaker": "s1"},
        {"content": [span("the plan is late")], "cue": span("say"), "source": span("Critics"), "speaker": "s2"},
    ]
    return {
        "attributions": attributions[:1] if drop else attributions,
        "quotes": [{**span("“We will stay,”"), "role": "speech", "speaker": "s1"}],
        "speakers": [{"id": "s1", "name": name, "class": "named"}, {"id": "s2", "name": None, "class": "anonymous"}],
    }


def test_a_perfect_report():
    out = evaluate([gold()], {"g": report()})
    for key in ("attribution", "attribution+source", "span.cue", "span.source", "token.content", "speech"):
        assert out[key]["f1"] == 1.0
    assert out["end_to_end"] == {"share": 1.0, "of": 2}


def test_a_miss_and_a_wrong_name():
    out = evaluate([gold()], {"g": report(name="Ann Quill", drop=True)})
    assert out["attribution"] == {"p": 1.0, "r": 0.5, "f1": 0.6667, "gold": 2}
    assert out["name"] == {"share": 0.0, "of": 1}
    assert out["end_to_end"] == {"share": 0.0, "of": 2}


def test_a_missing_report_counts_as_empty():
    assert evaluate([gold()], {})["missing"] == 1


@pytest.mark.parametrize(
    ("gold_name", "found", "same"),
    [
        ("Ada Quill", "Dr. Ada M. Quill", True),
        ("Ada Quill", "Quill", False),
        ("Quill", "Ada Quill", True),
        ("Mark Brand", "Mary Brand", False),
        ("Ada Quill & Tom Brand", "Tom Brand", True),
        ("Ada Quill", None, False),
    ],
)
def test_same_name(gold_name, found, same):
    assert same_name(gold_name, found) is same


def test_double_quoted():
    text = 'He said “one two” and "three".\n“Left open here\nnext “a'
    assert [text[a:b] for a, b in double_quoted(text)] == ["“one two”", '"three"', "“Left open here"]


def test_the_same_figures_as_the_shared_scorer(shared):
    """On random reports over random gold, the reference scorer and ours print the same."""
    spec = importlib.util.spec_from_file_location("score", shared / "eval" / "score.py")
    theirs = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(theirs)
    draw = random.Random(7)
    words = '“ ” " ‘ ’ said Ada Quill Tom Brand the plan , . \n was it’s old'.split(" ")
    golds, reports = [], {}
    for n in range(40):
        text = " ".join(draw.choices(words, k=120))

        def span(text=text):
            a = draw.randrange(len(text))
            return [a, min(len(text), a + draw.randint(1, 60))]

        kinds = ["person", "outlet", "unnamed_group", "other", None]
        names = ["Ada Quill", "Tom Brand", "Quill", "-"]
        golds.append(
            {"id": str(n), "text": text, "attributions": [
                {"source": [span()] * draw.randint(0, 1), "cue": [span()], "content": [span(), span()],
                 "type": draw.choice(kinds), "canonical": draw.choice(names)} for _ in range(draw.randint(0, 5))]}
        )  # fmt: skip

        def mark(text=text):
            a, b = span(text)
            return {"start": a, "end": b}

        reports[str(n)] = {
            "article": {"id": str(n)},
            "attributions": [
                {"content": [mark()], "cue": mark(), "source": draw.choice([None, mark()]),
                 "speaker": draw.choice(["s1", "s2", None])}
                for _ in range(draw.randint(0, 6))
            ],
            "quotes": [{**mark(), "role": draw.choice(["speech", "scare"]), "speaker": "s1"} for _ in range(4)],
            "speakers": [
                {"id": "s1", "name": "Ada Quill", "class": "named"}, {"id": "s2", "name": None, "class": "anonymous"}
            ],
        }  # fmt: skip
    assert evaluate(golds, reports) == theirs.evaluate(golds, reports)


def test_the_command(tmp_path):
    gold_file, reports = tmp_path / "gold.jsonl", tmp_path / "reports.jsonl"
    gold_file.write_text(json.dumps(gold()) + "\n", encoding="utf-8")
    lines = [json.dumps({"article": {"id": "g"}, **report()}), json.dumps({"error": {"code": "empty"}})]
    reports.write_text("\n".join(lines), encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "sourcing",
        "evaluate",
        "--gold",
        str(gold_file),
        "--reports",
        str(reports),
        "--json",
    ]
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout)["end_to_end"]["share"] == 1.0


def test_the_command_analyzes_by_itself(tmp_path):
    gold_file = tmp_path / "gold.jsonl"
    gold_file.write_text(json.dumps(gold()) + "\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "sourcing", "evaluate", "--gold", str(gold_file)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "speech.speaker" in run.stdout


@pytest.mark.parametrize(
    "line", ['{"id": 1}', '{"id": "a", "text": "b", "attributions": [{"source": []}]}', "[1]", "{", "[" * 100_000]
)
def test_gold_that_is_none(tmp_path, line):
    (tmp_path / "gold.jsonl").write_text(line + "\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "sourcing", "evaluate", "--gold", str(tmp_path / "gold.jsonl")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 2
    assert "line 1" in run.stderr
    assert "Traceback" not in run.stderr
