"""What once went wrong with a corpus, and must not again."""

import io
import json
import threading

import pytest

import sourcing
from sourcing.corpus import library
from sourcing.corpus.people import chosen_by
from sourcing.corpus.rows import day_of
from sourcing.errors import UsageError


def lines(*rows):
    return "".join(json.dumps(row) + "\n" for row in rows)


def said(identity, text, **more):
    return {"id": identity, "text": text, **more}


@pytest.fixture
def make(tmp_path):
    """A corpus of articles given as dicts."""

    def build(*rows, name="corpus"):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(lines(*rows), encoding="utf-8")
        corpus = sourcing.Corpus(tmp_path / name, create=True)
        assert corpus.add([path], workers=1).failures == []
        return corpus

    return build


@pytest.mark.parametrize("name", ["a b", "50%", "d'q", "ü–x", "q?x", "e#h", "f*g", "file:x"])
def test_any_path(tmp_path, name, reports, write_lines, monkeypatch):
    monkeypatch.chdir(tmp_path)
    corpus = sourcing.Corpus(name, create=True)
    assert corpus.add([write_lines("r.jsonl", reports)]).added == 4
    assert corpus.info().articles == 4
    assert corpus.verify() == []
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([name, "r.jsonl"])


@pytest.mark.parametrize("name", ["c[1]", "c^x"])
def test_paths_that_the_tables_cannot_have(tmp_path, name):
    with pytest.raises(UsageError, match="cannot have"):
        sourcing.Corpus(tmp_path / name, create=True)
    assert list(tmp_path.iterdir()) == []


def test_two_texts_under_one_id_do_not_take_turns(tmp_path):
    one, two = said("x", "“It is late,” said Ada Quill."), said("x", "“It is early,” said Tom Brand.")
    (tmp_path / "in.jsonl").write_text(lines(one, two))
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    for _ in range(3):
        sums = corpus.add([tmp_path / "in.jsonl"], workers=1)
        assert [f.code for f in sums.failures] == ["duplicate-id"]
        assert [row["name"] for row in corpus.speakers().to_pylist()] == ["Ada Quill"]


def test_the_drafts_own_report_is_no_elsewhere(tmp_path, articles):
    """Added as a report without its text, whose signature is of less."""
    text = articles[0]["text"] + "\n\n" + " ".join(f"The tide came in {n} times that winter." for n in range(60))
    report = sourcing.analyze({"id": "draft", "text": text}, with_text=False)
    (tmp_path / "own.jsonl").write_text(report.to_json() + "\n")
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    other = said("other", "The ferry is late.")
    (tmp_path / "other.jsonl").write_text(lines(other))
    corpus.add([tmp_path / "own.jsonl", tmp_path / "other.jsonl"], workers=1)
    again = sourcing.analyze({"id": "draft", "text": text}, corpus=corpus)
    assert {s.corpus.status for s in again.speakers if s.corpus} == {"nowhere_else"}


def test_a_quote_that_an_article_has_twice(make):
    quote = "“The gate was never tested after the spring floods of that year,”"
    corpus = make(said("a", f"{quote} said Ada Quill.\n\n{quote}"))
    report = sourcing.analyze(f"{quote} said Ada Quill.", corpus=corpus)
    assert report.speakers[0].name == "Ada Quill"


def test_a_name_that_fits_two_people_attests_neither(make):
    corpus = make(
        said("a", "“It is late,” said John A. Quill."),
        said("b", "“It is early,” said John B. Quill."),
        said("c", "“It is noon,” said John Quill."),
    )
    assert len(corpus.unattested()) == 3


def test_one_of_two_who_speak_together(make):
    corpus = make(said("a", "“It is late,” said Anna Berg."))
    report = sourcing.analyze("“We will see,” said Anna Berg and Carl Moe.", corpus=corpus)
    messages = [f.message for f in report.findings if f.code == "SRC501"]
    assert all("Carl Moe" in m and "Anna Berg" not in m for m in messages)


def test_stock_phrases_are_nobodys(make):
    corpus = make(said("a", "“We are deeply saddened by the news of her resignation,” said Ines Brand, the mayor."))
    report = sourcing.analyze(
        "“We are deeply saddened by the news of his death,” said Ole Berg, a friend.", corpus=corpus
    )
    assert not [f for f in report.findings if f.code == "SRC503"]


def test_copies_are_one_in_the_baseline(make, articles):
    corpus = make(*({**articles[0], "id": f"copy-{n}"} for n in range(6)), articles[2])
    report = sourcing.analyze("“It is late,” said Ole Berg.", corpus=corpus)
    assert report.metrics.corroboration.compared == 2


def test_the_list_counts_for_both(make, articles, tmp_path):
    corpus = make(*articles)
    names = sorted({row["name"] for row in corpus.speakers().to_pylist() if row["speaker"] and row["name"]})
    (tmp_path / "all.csv").write_text("name\n" + "\n".join(names) + "\n")
    corpus.import_people(tmp_path / "all.csv")
    report = sourcing.analyze("“It is late,” said Ole Berg.", corpus=corpus)
    assert report.metrics.corroboration.expected_share == 0.0


def test_dates(make):
    corpus = make(
        said("a", "“It is late,” said Ada Quill.", published="Wed, 04 Mar 2009 10:00:00 GMT"),
        said("b", "“It is early,” said Tom Brand.", published="2026-03-04T10:00"),
    )
    assert corpus.articles(since="2026")["id"].to_pylist() == ["b"]
    assert [one.name for one in corpus.unattested(since="2009-03-04")] == ["Ada Quill", "Tom Brand"]
    for wrong in ("yesterday", "2026-13", "12/03/2026", "x' or 1=1 --"):
        with pytest.raises(UsageError, match="YYYY"):
            corpus.articles(since=wrong)
    assert day_of("2026") == "2026"
    assert day_of("20261") is None
    assert chosen_by(None, "2026-03") == {"outlet": None, "since": "2026-03"}


def test_removed_while_another_adds(make, tmp_path, monkeypatch):
    """A writer that knows an article which is gone by the time of its commit writes it anew."""
    from sourcing.corpus.add import Added, Writer
    from sourcing.corpus.ingest import carry_out
    from sourcing.documents import read

    corpus = make(said("x", "“It is late,” said Ada Quill."))
    writer = Writer(corpus._store)
    (tmp_path / "new.jsonl").write_text(lines(said("x", "“It is early,” said Ada Quill.")))
    (done,) = carry_out(iter([list(read([tmp_path / "new.jsonl"]))]), workers=1, keep_text=False)
    corpus.remove(["x"])
    sums = Added()
    writer.commit([done.tables], sums)
    assert (sums.added, sums.updated) == (1, 0)
    assert corpus.articles()["id"].to_pylist() == ["x"]


def test_adding_and_deriving_on_two_threads(make, many, tmp_path):
    corpus = make(said("x", "“It is late,” said Ada Quill."))
    text = many.read_text(encoding="utf-8").splitlines()
    errors = []

    def work(n):
        try:
            path = tmp_path / f"part{n}.jsonl"
            path.write_text("\n".join(text[n * 50 : (n + 1) * 50]) + "\n", encoding="utf-8")
            library.Corpus(corpus.path).add([path], workers=1)
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert corpus.info().articles == 201
    assert corpus.verify() == []


def test_lost_articles_are_not_compacted_away(make):
    import shutil

    corpus = make(said("x", "“It is late,” said Ada Quill."))
    shutil.rmtree(corpus.path / "articles")
    assert any(problem.harm for problem in corpus.verify())
    with pytest.raises(UsageError, match="damaged"):
        corpus.compact()


def test_reports_on_standard_input(tmp_path, reports):
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    sums = corpus.add(["-"], stdin=io.BytesIO(lines(*reports, {"x": 1}).encode()))
    assert (sums.added, [f.line for f in sums.failures]) == (4, [5])
    sums = corpus.add(["-"], stdin=io.BytesIO(lines(said("y", "“It is late,” said Ada Quill.")).encode()), workers=1)
    assert sums.added == 1


def test_what_begins_badly_is_still_read_as_reports(tmp_path, reports):
    (tmp_path / "r.jsonl").write_text("\ufeff{bad\n" + lines(*reports), encoding="utf-8")
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    sums = corpus.add([tmp_path / "r.jsonl"])
    assert (sums.added, [f.line for f in sums.failures]) == (4, [1])


@pytest.mark.parametrize("count", [2**40, -(2**40), 2**70])
def test_figures_out_of_range_cost_one_line(tmp_path, reports, count):
    wild = json.loads(json.dumps(reports[0]))
    wild["article"]["id"] = "wild"
    wild["metrics"]["attribution"]["words"] = count
    (tmp_path / "r.jsonl").write_text(lines(reports[1], wild, reports[2]))
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    sums = corpus.add([tmp_path / "r.jsonl"])
    assert (sums.added, [f.line for f in sums.failures]) == (2, [2])


def test_like_names_that_were_kept_apart_are_shown(make):
    corpus = make(
        said("a", "“It is late,” said Mark Wexler."), said("b", "“It is early,” said Mary Wexler."),
    )  # fmt: skip
    found = corpus.speaker("Mark Wexler")
    assert [form.name for form in found.apart] == ["Mary Wexler"]
    assert [form.name for form in corpus.speaker("Wexler").apart] == ["Mark Wexler", "Mary Wexler"]
    with pytest.raises(UsageError):
        corpus.speaker(" ")


def test_copies_add_no_quotes(make, articles):
    corpus = make(articles[0], {**articles[0], "id": "echo-2", "outlet": "The Fenmouth Post"})
    lund = next(one for one in corpus.unattested() if one.name == "Peter Lund")
    assert lund.articles == ("echo-1", "echo-2")
    assert lund.quotes == 1
