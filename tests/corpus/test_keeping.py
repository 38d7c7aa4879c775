"""Keeping a corpus: emptied, damaged, in odd places, and added to from scripts and pipes."""

import io
import json
import shutil
import subprocess
import sys

import pytest
from click.testing import CliRunner

import sourcing
from sourcing.cli import main
from sourcing.corpus.add import _taken
from sourcing.corpus.store import Store
from sourcing.errors import UsageError

TABLE = "body,outlet\nAda Quill said it was late.,The Tidewell Echo\nTom Brand said it was early.,The Fenmouth Post\n"
MAPPED = {"text": "body"}


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def run(*arguments, input=None):
    return CliRunner().invoke(main, [str(argument) for argument in arguments], input=input)


def ids(corpus):
    return corpus.articles()["id"].to_pylist()


# ------------------------------------------------------------------------------------------------ emptied, and lost


def test_the_last_article_may_go(corpus):
    assert set(corpus.remove(ids(corpus))) == {"echo-1", "post-1", "ledger-1", "star-1"}
    assert not [problem for problem in corpus.verify() if problem.harm]
    corpus.compact()
    for table in ("articles", "speakers", "quotes", "reports"):
        assert corpus._store.connect(table).execute(f"select count(*) from {table}").fetchall() == [(0,)], table
    assert corpus.verify() == []
    corpus.compact()  # once more, as nobody would mind
    assert corpus.info().articles == 0


def test_the_last_article_may_go_by_commands(corpus):
    assert run("corpus", "remove", corpus.path, *ids(corpus)).exit_code == 0
    assert run("corpus", "verify", corpus.path).exit_code == 0
    assert run("corpus", "compact", corpus.path).exit_code == 0
    verified = run("corpus", "verify", corpus.path)
    assert (verified.exit_code, verified.stdout, verified.stderr) == (0, "", "all is well\n")


@pytest.mark.parametrize("lost", ["articles", "articles/_delta_log"])
def test_a_lost_table_of_articles_is_told_from_an_emptied_one(corpus, lost):
    shutil.rmtree(corpus.path / lost)
    assert [p.table for p in corpus.verify() if p.harm] == ["articles"]
    with pytest.raises(UsageError, match="damaged"):
        corpus.compact()
    assert corpus._store.connect("reports").execute("select count(*) from reports").fetchall() == [(4,)]


@pytest.mark.parametrize(
    ("table", "remedy"),
    [
        ("speakers", "corpus export --what reports"),
        ("quotes", "corpus export --what reports"),
        ("baseline", "corpus compact"),
    ],
)
def test_a_table_that_is_gone_is_missed(corpus, table, remedy):
    assert corpus.verify() == []
    shutil.rmtree(corpus.path / table)
    (problem,) = corpus.verify()
    assert (problem.table, problem.harm) == (table, True)
    assert remedy in problem.message


def test_the_remedies_help(corpus, tmp_path):
    shutil.rmtree(corpus.path / "quotes")
    shutil.rmtree(corpus.path / "baseline")
    assert run("corpus", "compact", corpus.path).exit_code == 0
    assert [p.table for p in corpus.verify()] == ["quotes"]
    exported = tmp_path / "out.jsonl"
    assert run("corpus", "export", corpus.path, "--what", "reports", "-o", exported).exit_code == 0
    anew = sourcing.Corpus(tmp_path / "anew", create=True)
    anew.add([exported])
    assert anew.verify() == []
    assert anew.info().quotes > 0


def test_articles_without_quotes_miss_nothing(tmp_path, write_lines):
    short = [
        {"id": "a", "text": "“Too late,” said Ada Quill, a pilot."},  # of too few words to be looked for
        {"id": "b", "text": "Tom Brand said that the ferry would leave before the others did."},
        {"id": "c", "text": "The ferry left."},
    ]
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    assert corpus.verify() == []
    assert corpus.add([write_lines("in.jsonl", short)], workers=1).added == 3
    assert corpus.info().quotes == 0
    assert corpus.verify() == []


# ---------------------------------------------------------------------------------------------------- standard input


def test_a_table_on_standard_input(tmp_path):
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    sums = corpus.add(["-"], stdin=io.BytesIO(TABLE.encode()), stdin_format="csv", mapping=MAPPED, workers=1)
    assert (sums.added, sums.failures) == (2, [])
    assert corpus.articles()["outlet"].to_pylist() == ["The Tidewell Echo", "The Fenmouth Post"]


def test_a_table_on_standard_input_of_the_command(tmp_path):
    options = ("--input-format", "csv", "--map", "text=body", "--workers", "1")
    result = run("corpus", "add", tmp_path / "c", "-", *options, input=TABLE.replace(",", "\t"))
    assert result.exit_code == 0, result.stderr
    assert "2 added" in result.stderr


def test_a_mapping_is_not_passed_over(tmp_path):
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    for given in ({}, {"stdin_format": "text"}):
        (failure,) = corpus.add(["-"], stdin=io.BytesIO(TABLE.encode()), mapping=MAPPED, **given).failures
        assert (failure.input, failure.code) == ("<stdin>", "no-column")
        assert "stdin_format" in failure.message
    result = run("corpus", "add", corpus.path, "-", "--map", "text=body", input=TABLE)
    assert result.exit_code == 2
    assert "--input-format" in result.stderr
    assert "0 added" in result.stderr
    rows = lines({"id": "x", "body": "“It is late,” said Ada Quill."}, {"id": "y", "body": "Tom Brand left."})
    for data in (rows, json.dumps([json.loads(row) for row in rows.splitlines()])):
        sums = corpus.add(["-"], stdin=io.BytesIO(data.encode()), mapping=MAPPED, workers=1)
        assert (sums.added + sums.unchanged, sums.failures) == (2, [])


def test_a_format_there_is_none_of(tmp_path):
    with pytest.raises(UsageError, match="no input format 'cvs'"):
        sourcing.Corpus(tmp_path / "c", create=True).add(["-"], stdin=io.BytesIO(b"x"), stdin_format="cvs")


@pytest.mark.parametrize("kind", [None, "jsonl"])
@pytest.mark.parametrize("packed", [False, True])
def test_reports_on_standard_input_stay_reports(tmp_path, reports, kind, packed):
    import gzip

    data = lines(*reports).encode()
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    stdin = io.BytesIO(gzip.compress(data) if packed else data)
    assert corpus.add(["-"], stdin=stdin, stdin_format=kind).added == len(reports)


def test_damaged_gzip_on_standard_input(tmp_path):
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    (failure,) = corpus.add(["-"], stdin=io.BytesIO(b"\x1f\x8bnonsense")).failures
    assert (failure.input, failure.code) == ("<stdin>", "bad-gzip")


# ------------------------------------------------------------------------------------------------------------ scripts

SCRIPT = """
import sys

import sourcing

print("begun", flush=True)
corpus = sourcing.Corpus(sys.argv[1], create=True)
corpus.add([sys.argv[2]], workers=2)
print(corpus.info().articles)
"""


@pytest.mark.parametrize("how", ["file", "module"])
def test_a_script_without_a_guard(tmp_path, reports, how):
    """The lines of the README in a file: workers must not run them anew."""
    (tmp_path / "keep.py").write_text(SCRIPT, encoding="utf-8")
    (tmp_path / "in").mkdir()
    for number, report in enumerate(reports):
        (tmp_path / "in" / f"{number}.jsonl").write_text(lines(report), encoding="utf-8")
    script = ["keep.py"] if how == "file" else ["-m", "keep"]
    done = subprocess.run(
        [sys.executable, *script, "corpus", "in"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "begun\n4\n", "")


OTHERS = """
import multiprocessing
import sys
import threading
import time

from sourcing.corpus import ingest


def own():
    print("own", flush=True)


if __name__ == "__main__":
    prepare = multiprocessing.spawn.get_preparation_data
    started, go_on = threading.Event(), threading.Event()

    def slow(name):  # so that the other thread starts its process while this one is about to
        if threading.current_thread().name == "adding":
            started.set()
            go_on.wait(60)
        return prepare(name)

    multiprocessing.spawn.get_preparation_data = slow
    worker = ingest._Context().Process(target=time.sleep, args=(0,))
    thread = threading.Thread(target=worker.start, name="adding")
    thread.start()
    started.wait(60)
    process = multiprocessing.get_context("spawn").Process(target=own)
    process.start()
    process.join()
    go_on.set()
    thread.join()
    worker.join()
    print(process.exitcode, worker.exitcode, multiprocessing.spawn.get_preparation_data is slow)
"""


def test_processes_of_other_threads_get_their_main_module(tmp_path):
    (tmp_path / "both.py").write_text(OTHERS, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "both.py"], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.stdout, done.stderr) == ("own\n0 0 True\n", "")


# --------------------------------------------------------------------------------------------------------- in messages


def test_a_duplicate_id_has_its_line(tmp_path):
    rows = [{"id": "x", "text": "“It is late,” said Ada Quill."}, {"id": "x", "text": "“It is early,” said Tom Brand."}]
    (tmp_path / "mixed.jsonl").write_text(lines(*rows), encoding="utf-8")
    result = run("corpus", "add", tmp_path / "c", tmp_path / "mixed.jsonl", "-f", "json")
    (failure,) = json.loads(result.stdout)["failures"]
    assert (failure["input"], failure["line"]) == (str(tmp_path / "mixed.jsonl"), 2)
    assert f"sourcing: {tmp_path / 'mixed.jsonl'}:2: the id x came before" in result.stderr


@pytest.mark.parametrize(
    ("origin", "input", "line"),
    [
        ("a/feed.jsonl:11", "a/feed.jsonl", 11),
        ("feed.TSV.gz:2", "feed.TSV.gz", 2),
        ("<stdin>:3", "<stdin>", 3),
        ("feed.jsonl", "feed.jsonl", None),
        ("feed.json#3", "feed.json#3", None),
        ("notes:11", "notes:11", None),
        ("feed.jsonl:x", "feed.jsonl:x", None),
    ],
)
def test_origins_with_and_without_a_line(origin, input, line):
    failure = _taken("x", origin, "before")
    assert (failure.input, failure.line) == (input, line)


def test_shares_say_what_the_limit_cut(corpus):
    assert run("corpus", "shares", corpus.path).stderr == "4 articles have named speakers with a full name\n"
    cut = run("corpus", "shares", corpus.path, "--limit", "2").stderr
    assert cut == "the first 2 of the articles that have named speakers with a full name\n"
    assert run("corpus", "shares", corpus.path, "--outlet", "The Evening Star").stderr.startswith("1 article has ")


# ------------------------------------------------------------------------------------------------------------- damage


def spoil(corpus, table):
    """Damage the pages of a table's files, whose indexes at the end stay as they are."""
    for file in (corpus.path / table).glob("*.parquet"):
        data = file.read_bytes()
        index = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
        file.write_bytes(data[:4] + b"\xff" * (index - 4) + data[index:])


@pytest.mark.parametrize("table", ["articles", "speakers"])
def test_damage_is_told_in_words(corpus, articles, table):
    spoil(corpus, table)
    asked = {
        "shares": corpus.shares,
        "unattested": corpus.unattested,
        "speakers": corpus.speakers,
        "directory": corpus.directory,
        "export": lambda: corpus.export("speakers", "csv", io.BytesIO()),
        "derive": corpus.derive,
        "draft": lambda: sourcing.analyze(articles[2], corpus=corpus),
    }
    for question in asked.values():
        with pytest.raises(UsageError, match="verify` says what is wrong") as caught:
            question()
        assert str(corpus.path) in str(caught.value)


def test_damage_met_by_a_draft_is_one_line(corpus, tmp_path):
    spoil(corpus, "speakers")
    (tmp_path / "draft.txt").write_text("“It will never open again,” said Olga Marsh.", encoding="utf-8")
    result = run("analyze", tmp_path / "draft.txt", "--corpus", corpus.path)
    assert result.exit_code == 2
    assert "report it" not in result.stderr
    assert "corpus verify" in result.stderr
    assert result.stderr.count("\n") == 1


def test_what_is_no_damage_stays_what_it_is(corpus):
    class Full(io.BytesIO):
        def write(self, data):
            raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        corpus.export("articles", "jsonl", Full())
    with pytest.raises(UsageError, match="a date has to be"):
        corpus.shares(since="x")


# -------------------------------------------------------------------------------------------------------------- places


@pytest.mark.parametrize("name", ["a%20b", "%41", "a%2Fb", "a\\b"])
def test_paths_that_the_tables_would_take_for_others(tmp_path, name):
    with pytest.raises(UsageError, match="the path of a corpus cannot have"):
        sourcing.Corpus(tmp_path / name, create=True)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / name.replace("/", "")).mkdir()
    (tmp_path / "link").symlink_to(tmp_path / name)
    with pytest.raises(UsageError, match="which is"):
        sourcing.Corpus(tmp_path / "link", create=True)


@pytest.mark.parametrize("name", ["100%", "a%zz", "%2"])
def test_a_per_cent_sign_is_none_of_these(tmp_path, name, reports, write_lines):
    corpus = sourcing.Corpus(tmp_path / name, create=True)
    assert corpus.add([write_lines("r.jsonl", reports)]).added == 4
    assert corpus.verify() == []


def test_a_draft_against_a_path(corpus, articles):
    draft = {**articles[2], "id": "draft", "text": articles[2]["text"].replace("retired", "former")}
    expected = sourcing.analyze(draft, corpus=corpus).metrics.corroboration
    assert expected is not None
    for path in (corpus.path, str(corpus.path)):
        assert sourcing.analyze(draft, corpus=path).metrics.corroboration == expected
    for path in ("", corpus.path / "nowhere"):
        with pytest.raises(UsageError, match="is no corpus"):
            sourcing.analyze(draft, corpus=path)


@pytest.mark.parametrize(
    "content", ["[]", "{}", "7", "null", '{"format": "other", "version": 1}', '{"format": "sourcing-corpus"}']
)
def test_a_marker_of_something_else(tmp_path, content):
    (tmp_path / "corpus.json").write_text(content)
    with pytest.raises(UsageError, match="it does not say format 'sourcing-corpus' and a version"):
        Store(tmp_path)
