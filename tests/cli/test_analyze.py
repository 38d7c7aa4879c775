import csv
import io
import json

import jsonschema
import pytest

from sourcing.cli.analyze import failure_line
from sourcing.records import Failure
from sourcing.schema import load_schema


@pytest.fixture
def articles(tmp_path):
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_text("An article.", encoding="utf-8")
    (tmp_path / "bad.txt").write_text("BAD", encoding="utf-8")
    (tmp_path / "feed.jsonl").write_text("one\n---\nBAD\n---\nthree", encoding="utf-8")
    return tmp_path


def records(result):
    shown = [json.loads(line) for line in result.stdout.splitlines()]
    for record in shown:
        name = "error" if "error" in record else "report"
        jsonschema.Draft202012Validator(load_schema(name)).validate(record)
    return shown


def test_text_is_the_default(run, articles):
    result = run("analyze", "a.txt")
    assert result.exit_code == 0
    assert result.stdout.startswith("Harbour tunnel shut")
    assert "\x1b" not in result.stdout
    assert result.stderr == ""


def test_one_input_is_an_object_and_several_an_array(run, articles):
    assert json.loads(run("analyze", "a.txt", "--format", "json").stdout)["article"]["id"] == "a1"
    both = json.loads(run("analyze", "a.txt", "b.txt", "-f", "json").stdout)
    assert [report["article"]["id"] for report in both] == ["a1", "b1"]
    (articles / "lone.jsonl").write_text("one", encoding="utf-8")
    assert len(json.loads(run("analyze", "lone.jsonl", "-f", "json").stdout)) == 1


def test_a_failure_costs_one_line_and_exit_code_2_but_no_report(run, articles):
    result = run("analyze", "a.txt", "lost.txt", "feed.jsonl", "b.txt", "--format", "jsonl")
    assert result.exit_code == 2
    kinds = ["error" if "error" in record else record["article"]["id"] for record in records(result)]
    assert kinds == ["a1", "error", "feed1", "error", "feed3", "b1"]
    assert result.stderr == "sourcing: lost.txt: there is no such file\nsourcing: feed.jsonl:2: not valid JSON\n"


@pytest.mark.parametrize("name", ["text", "csv"])
def test_tables_and_text_leave_failures_to_the_error_stream(run, articles, name):
    result = run("analyze", "lost.txt", "--format", name)
    assert result.exit_code == 2
    assert "lost" not in result.stdout
    assert "lost.txt" in result.stderr


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 0),
        (("--fail-on", "error"), 1),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "error", "--ignore", "SRC201"), 0),
        (("--fail-on", "warning", "--ignore", "SRC201,SRC101"), 0),
        (("--fail-on", "warning", "--ignore", "SRC201", "--ignore", "SRC101"), 0),
        (("--fail-on", "info", "--select", "SRC103"), 1),
        (("--fail-on", "warning", "--select", "SRC103"), 0),
    ],
)
def test_fail_on(run, articles, options, code):
    assert run("analyze", "a.txt", *options).exit_code == code


def test_a_bad_input_outweighs_findings(run, articles):
    assert run("analyze", "a.txt", "bad.txt", "--fail-on", "info").exit_code == 2


def test_the_text_is_kept_where_it_is_asked_for(run, articles):
    assert "text" not in json.loads(run("analyze", "a.txt", "-f", "json").stdout)["article"]
    assert "text" in json.loads(run("analyze", "a.txt", "-f", "json", "--with-text").stdout)["article"]
    assert 'class="text"' in run("analyze", "a.txt", "-f", "html").stdout
    assert "10:26" in run("analyze", "a.txt").stdout


def test_options_arrive(run, articles):
    result = run("analyze", "a.txt", "-f", "json", "--profile", "desk.toml", "--min-confidence", "0.5")
    assert json.loads(result.stdout)["warnings"] == ["desk.toml 0.5"]


@pytest.mark.parametrize("args", [("analyze",), ("analyze", "-"), ("analyze", "-f", "text", "-")])
def test_standard_input(run, args):
    result = run(*args, stdin="An article.")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("Harbour")


@pytest.mark.parametrize(
    ("args", "mapping"),
    [
        ((), {}),
        (("--map", "text=body"), {"text": "body"}),
        (("--map", "text=content.body, id=url", "--map", "outlet=News source"),
         {"text": "content.body", "id": "url", "outlet": "News source"}),
        (("--map", "text=a=b", "--map", "text=a=b,"), {"text": "a=b"}),
    ],
)  # fmt: skip
def test_map(run, articles, fake_stages, monkeypatch, args, mapping):
    import sourcing

    given = []
    read = fake_stages.read
    monkeypatch.setattr(sourcing.documents, "read", lambda *paths, **options: given.append(options) or read(*paths))
    assert run("analyze", "a.txt", "--input-format", "csv", *args).exit_code == 0
    assert given == [{"encoding": None, "stdin_format": "csv", "mapping": mapping}]


@pytest.mark.parametrize("value", ["body", "text=", "=body", "text=a,b", "text=a,text=b"])
def test_a_map_that_makes_no_sense(run, articles, value):
    result = run("analyze", "a.txt", "--map", value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("sourcing: --map ")


def test_a_field_or_format_there_is_none_of(start, articles):
    for args, message in [
        (("--map", "body=text"), "sourcing: an article has no field 'body'; it has: text, id, title, outlet, url, "),
        (("--input-format", "tables"), "sourcing: there is no input format 'tables'; there are: "),
    ]:
        process = start("analyze", "a.txt", *args, real=True)
        stdout, stderr = process.communicate(timeout=60)
        assert (process.returncode, stdout) == (2, b"")
        assert stderr.decode().startswith(message)


def test_files_that_hold_several_articles_give_an_array():
    from sourcing.cli.analyze import MANY, _holds_many
    from sourcing.documents import READERS

    endings = {reader.name: reader.endings for reader in READERS}
    assert {*MANY} == {ending for name in ("jsonl", "csv", "parquet", "warc") for ending in endings[name]}
    assert _holds_many("Feed.CSV.gz")
    assert not _holds_many("csv.txt")


def test_no_path_on_a_terminal_is_bad_usage(run, monkeypatch):
    from sourcing.cli import analyze

    class Terminal:
        def isatty(self):
            return True

    monkeypatch.setattr(analyze.sys, "stdin", Terminal())
    with pytest.raises(analyze.click.UsageError):
        analyze._inputs(())


@pytest.mark.parametrize(
    "args",
    [
        ("--format", "pdf", "a.txt"),
        ("--format", "[red]\x1b[31m", "a.txt"),
        ("--fail-on", "fatal", "a.txt"),
        ("--min-confidence", "2", "a.txt"),
        ("--min-confidence", "nan", "a.txt"),
        ("--encoding", "klingon", "a.txt"),
        ("--encoding", "a\0b", "a.txt"),
        ("--profile", "BOOM", "a.txt"),
        ("--output", "no/such/folder/x.json", "a.txt"),
        ("--output", ".", "a.txt"),
        ("--output", "a.txt", "a.txt"),
        ("--output", "a.txt", "."),
        ("--output", "x" * 5000, "a.txt"),
        ("--what", "a.txt"),
    ],
)
def test_bad_usage(run, articles, args):
    result = run("analyze", *args)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr
    assert "\x1b" not in result.stderr
    assert "Traceback" not in result.stderr
    assert (articles / "a.txt").read_text(encoding="utf-8") == "An article."
    assert not list(articles.glob(".sourcing*"))


def test_output_is_written_whole(run, articles):
    target = articles / "out.csv"
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    result = run("analyze", "a.txt", "b.txt", "--format", "csv", "--output", target)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "")
    assert target.stat().st_mode & 0o777 == 0o640
    rows = list(csv.reader(io.StringIO(target.read_bytes().decode(), newline="")))
    assert len(rows) == 1 + 2 * 8
    assert not list(articles.glob(".sourcing*"))


def test_output_through_a_link_and_to_a_device(run, articles):
    (articles / "link.json").symlink_to(articles / "real.json")
    assert run("analyze", "a.txt", "-f", "json", "-o", "link.json").exit_code == 0
    assert (articles / "link.json").is_symlink()
    assert json.loads((articles / "real.json").read_text(encoding="utf-8"))
    assert run("analyze", "a.txt", "-o", "/dev/null").exit_code == 0
    assert run("analyze", "a.txt", "-o", "-").stdout.startswith("Harbour")


def test_an_output_link_that_leads_nowhere(run, articles):
    (articles / "here").symlink_to("there")
    (articles / "there").symlink_to("here")
    result = run("analyze", "a.txt", "-o", "here")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("sourcing: cannot write here: ")
    assert run("analyze", "here", "-o", "b.txt").exit_code == 2


def test_a_path_too_long_for_the_system_is_one_bad_input(run, articles):
    result = run("analyze", "x" * 300, "--format", "jsonl")
    assert result.exit_code == 2
    assert [record["error"]["code"] for record in records(result)] == ["not-found"]


def test_a_usage_error_leaves_no_header_behind(run, articles):
    result = run("analyze", "a.txt", "--profile", "BOOM", "--format", "csv")
    assert (result.exit_code, result.stdout) == (2, "")


def test_codes_in_any_case_as_in_rules(run, articles):
    result = run("analyze", "a.txt", "--select", "src101", "--format", "json")
    assert {one["code"] for one in json.loads(result.stdout)["findings"]} == {"SRC101"}


def test_a_crash_leaves_the_old_output(run, articles, fake_stages, monkeypatch):
    def crash(*args, **options):
        yield from fake_stages.analyze_all(*args, **options)
        raise RuntimeError

    import sourcing

    monkeypatch.setattr(sourcing.analysis, "analyze_all", crash)
    target = articles / "out.json"
    target.write_text("old", encoding="utf-8")
    assert run("analyze", "a.txt", "-f", "json", "-o", target).exit_code == 1
    assert target.read_text(encoding="utf-8") == "old"
    assert not list(articles.glob(".sourcing*"))


def test_an_empty_folder_is_no_success(run, articles):
    (articles / "empty").mkdir()
    result = run("analyze", "empty", "--format", "json")
    assert (result.exit_code, result.stdout) == (2, "[]\n")
    assert result.stderr == "sourcing: there is no article in empty\n"
    assert run("analyze", "empty", "a.txt").exit_code == 0


@pytest.mark.parametrize(
    ("options", "environment", "colored"),
    [
        ((), {}, False),
        (("--color", "always"), {}, True),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "always", "--no-color"), {}, False),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_color(run, articles, monkeypatch, options, environment, colored):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in run("analyze", "a.txt", *options).stdout) == colored


def test_width(run, articles, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    assert max(map(len, run("analyze", "a.txt").stdout.splitlines())) <= 60


@pytest.mark.parametrize(
    ("failure", "line"),
    [
        (Failure(input="a.txt", code="binary", message="is binary"), "sourcing: a.txt: is binary"),
        (Failure(input="a.txt", code="binary", message="a.txt: is binary"), "sourcing: a.txt: is binary"),
        (Failure(input="a.txt", code="binary", message="a.txt is binary"), "sourcing: a.txt: is binary"),
        (Failure(input="f.jsonl", code="x", message="f.jsonl:3 is no JSON", line=3), "sourcing: f.jsonl:3: is no JSON"),
        (Failure(input="a", code="x", message="another thing"), "sourcing: a: another thing"),
        (Failure(input="f.jsonl", code="x", message="no", line=3), "sourcing: f.jsonl:3: no"),
        (Failure(input="f.jsonl:3", code="x", message="f.jsonl:3: no", line=3), "sourcing: f.jsonl:3: no"),
        (Failure(input="\x1b[31m\nx", code="x", message="two\nlines"), "sourcing: ␛[31m x: two lines"),
    ],
)
def test_failure_line(failure, line):
    assert failure_line(failure) == line
