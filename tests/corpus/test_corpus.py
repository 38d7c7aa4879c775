"""A corpus through its public face: what goes in, what comes out, who is met elsewhere."""

import io
import json

import msgspec
import pyarrow.parquet as pq
import pytest

import sourcing
from sourcing.errors import UsageError


def test_what_is_in_it(corpus):
    info = corpus.info()
    assert (info.articles, info.stories, info.outlets, info.ungrouped) == (4, 3, 4, 0)
    assert (info.first_month, info.last_month, info.undated) == ("2026-03", "2026-04", 0)
    assert corpus.verify() == []
    table = corpus.articles(outlet="star.example")
    assert table["id"].to_pylist() == ["star-1"]
    assert corpus.articles(since="2026-03-03")["id"].to_pylist() == ["ledger-1", "post-1", "star-1"]
    assert corpus.report("echo-1").article.outlet == "The Tidewell Echo"
    assert corpus.report("nobody") is None


def test_the_same_again_changes_nothing_and_a_change_takes_the_place(corpus, reports, write_lines):
    assert corpus.add([write_lines("again.jsonl", reports)]).unchanged == 4
    changed = [{**reports[0], "article": {**reports[0]["article"], "outlet": "The Echo on Sunday"}}]
    sums = corpus.add([write_lines("changed.jsonl", changed)])
    assert (sums.added, sums.updated, sums.unchanged) == (0, 1, 0)
    assert corpus.info().articles == 4
    assert corpus.report("echo-1").article.outlet == "The Echo on Sunday"
    back = corpus.add([write_lines("back.jsonl", reports[:1])])
    assert (back.updated, corpus.info().articles) == (1, 4)
    people = corpus.speakers()
    marsh = [row for row in people.to_pylist() if row["article"] == "echo-1" and row["name"] == "Olga Marsh"]
    assert len(marsh) == 1
    assert any(not problem.harm for problem in corpus.verify())  # rows of the replaced versions
    corpus.compact()
    assert corpus.verify() == []


def test_articles_are_analyzed_on_their_way_in(tmp_path, articles, reports, write_lines):
    corpus = sourcing.Corpus(tmp_path / "raw", create=True)
    path = write_lines("articles.jsonl", articles)
    assert corpus.add([path], workers=1).added == 4
    assert corpus.report("ledger-1").speakers == msgspec.convert(reports[2], sourcing.Report).speakers
    assert corpus.add([path], workers=1).unchanged == 4
    assert corpus.add([write_lines("reports.jsonl", reports)]).unchanged == 4  # one article, in either form


def test_columns_are_mapped(tmp_path, articles, write_lines):
    renamed = [{"key": a["id"], "body": a["text"], "paper": a["outlet"]} for a in articles[:1]]
    corpus = sourcing.Corpus(tmp_path / "mapped", create=True)
    sums = corpus.add([write_lines("r.jsonl", renamed)], mapping={"text": "body", "id": "key", "outlet": "paper"})
    assert (sums.added, sums.failures) == (1, [])
    assert corpus.articles()["outlet"].to_pylist() == ["The Tidewell Echo"]


def test_one_id_for_two_texts_in_one_run_loses_nothing_silently(tmp_path, articles, write_lines):
    twice = [articles[0], {**articles[2], "id": "echo-1"}]
    corpus = sourcing.Corpus(tmp_path / "twice", create=True)
    sums = corpus.add([write_lines("twice.jsonl", twice)], workers=1)
    assert sums.added == 1
    assert [f.code for f in sums.failures] == ["duplicate-id"]
    assert "twice.jsonl" in sums.failures[0].message


def test_who_speaks_nowhere_else(corpus):
    found = corpus.unattested()
    # two copies of one text are one voice: the mayor, who speaks in both, is met in one story only
    assert [one.name for one in found] == ["Victor Amory", "Gerda Holm", "Ruth Ellery"]
    assert found[2].articles == ("echo-1", "post-1")
    assert found[1].articles == ("ledger-1",)
    assert found[1].description == "a retired teacher"
    assert [one.name for one in corpus.unattested(outlet="The Evening Star")] == ["Victor Amory"]
    assert [one.name for one in corpus.unattested(since="2026-04")] == ["Victor Amory"]
    assert len(corpus.unattested(limit=1)) == 1
    with pytest.raises(UsageError, match="YYYY"):
        corpus.unattested(since="spring")


def test_listed_people_are_attested_in_a_way_of_their_own(corpus, tmp_path):
    (tmp_path / "staff.csv").write_text(
        "name,aliases,description\nGerda Holm-Lund,Gerda Holm|G. H.,teacher\nCher,,singer\n"
    )
    fresh, failures = corpus.import_people(tmp_path / "staff.csv", source="staff list")
    assert fresh == 2
    assert [f.code for f in failures] == ["no-full-name"]
    assert corpus.import_people(tmp_path / "staff.csv")[0] == 0
    assert [one.name for one in corpus.unattested()] == ["Victor Amory", "Ruth Ellery"]
    (tmp_path / "more.jsonl").write_text('{"name": "Victor Amory", "aliases": ["V. Amory"]}\n{"nom": 1}\nx\n')
    fresh, failures = corpus.import_people(tmp_path / "more.jsonl")
    assert (fresh, [f.line for f in failures]) == (2, [2, 3])
    assert [one.name for one in corpus.unattested()] == ["Ruth Ellery"]
    report = sourcing.analyze("“I saw it all,” said Victor Amory. “So did I,” said Hilda Unseen.", corpus=corpus)
    assert [s.corpus.status for s in report.speakers] == ["quoted_elsewhere", "nowhere_else"]
    assert report.speakers[0].corpus.listed


def test_a_draft_against_the_corpus(corpus, articles):
    draft = (
        "The barrage at Tidewell stays shut.\n\n“We have crossed here for thirty winters without one day lost,” said Peter "
        "Lund.\n\n“The gate will not move again before we know what broke it,” said Edwin Stroud, an engineer.\n\n"
        "Ruth Ellery, the mayor, said the money was there. “It is safe,” said Marsh."
    )
    plain = sourcing.analyze({"id": "draft", "text": draft})
    report = sourcing.analyze({"id": "draft", "text": draft}, corpus=corpus)
    statuses = {s.name: s.corpus and s.corpus.status for s in report.speakers}
    assert statuses == {
        "Peter Lund": "quoted_elsewhere",
        "Edwin Stroud": "nowhere_else",
        "Ruth Ellery": "quoted_elsewhere",
        "Marsh": None,  # one name only: anybody's
    }
    lund = next(s.corpus for s in report.speakers if s.name == "Peter Lund")
    assert (lund.articles, lund.stories, lund.outlets) == (3, 2, 3)
    figures = report.metrics.corroboration
    assert (figures.checked, figures.nowhere_else, figures.undetermined) == (3, 1, 1)
    assert figures.expected_share_low <= figures.expected_share <= figures.expected_share_high
    assert figures.compared > 0
    assert 0 <= figures.percentile <= 100
    assert plain.metrics.corroboration is None
    assert report.score.value != plain.score.value
    findings = {f.code: f.message for f in report.findings if f.code.startswith("SRC5")}
    assert set(findings) == {"SRC501", "SRC502", "SRC503"}
    assert "Edwin Stroud" in findings["SRC501"]
    assert "forty winters" in findings["SRC502"]
    assert "thirty winters" in findings["SRC502"]
    assert "Olga Marsh" in findings["SRC503"]


def test_the_draft_and_its_copies_do_not_count(corpus, articles):
    """post-1 is a copy of echo-1; ledger-1 is not."""
    report = sourcing.analyze({**articles[0], "id": "new"}, corpus=corpus)
    marsh = next(s for s in report.speakers if s.name == "Olga Marsh")
    assert (marsh.corpus.status, marsh.corpus.articles, marsh.corpus.examples) == (
        "mentioned_elsewhere",
        1,
        ("ledger-1",),
    )
    lund = next(s for s in report.speakers if s.name == "Peter Lund")
    assert lund.corpus.examples == ("ledger-1",)


def test_all_roads_lead_to_one_outlet(tmp_path, write_lines):
    told = "“The gate was never tested after the spring floods,” Olga Marsh told the Northern Ledger."
    more = [
        "Fishermen had complained since autumn that the water stood higher than the tables say, and that nobody came to look.",
        "The barrage was built in 1974 to keep the spring tides out of the old town. It has been raised twice since then.",
        "Shops on the quay closed early, and the market moved to the square behind the church, where there is no wind.",
        "Schools stay open. Buses go round by the upper bridge, which takes forty minutes, and the night service has ended.",
    ]
    ledger = {
        "id": "a",
        "outlet": "The Northern Ledger",
        "text": f"{told.replace(' told the Northern Ledger', ' said')} {more[0]}",
    }
    echo = {
        "id": "b",
        "outlet": "The Echo",
        "text": f"{told} The Northern Ledger reported that the pumps had failed, too. {more[1]}",
    }
    draft = f"The barrage is shut. {told} According to the Northern Ledger, the pumps had failed. {more[2]}"
    corpus = sourcing.Corpus(tmp_path / "road", create=True)
    corpus.add([write_lines("others.jsonl", [ledger, echo])], workers=1)
    report = sourcing.analyze(draft, corpus=corpus)
    assert [f.code for f in report.findings if f.code == "SRC504"] == ["SRC504"]
    own = {"id": "c", "outlet": "The Star", "text": f"{told.replace('the Northern Ledger', 'the Star')} {more[3]}"}
    corpus.add([write_lines("own.jsonl", [own])], workers=1)
    report = sourcing.analyze(draft, corpus=corpus)
    assert [f.code for f in report.findings if f.code == "SRC504"] == []


def test_speaker_explained(corpus):
    found = corpus.speaker("P. Lund")
    assert [form.name for form in found.forms] == ["Peter Lund"]
    assert found.forms[0].rule == "initial"
    assert found.articles == 3
    other = corpus.speaker("Petra Lund")
    assert other.forms == ()
    assert [form.name for form in other.apart] in ([], ["Peter Lund"])
    body = corpus.speaker("Port Authority")
    assert body.kind == "body"


def test_an_initial_that_fits_two_people_joins_nobody(tmp_path, write_lines):
    texts = [
        "“It is late,” said Brad Sanders.",
        "“It is early,” said Bernie Sanders.",
        "“It is noon,” said B. Sanders.",
    ]
    corpus = sourcing.Corpus(tmp_path / "initials", create=True)
    corpus.add([write_lines("i.jsonl", [{"id": str(n), "text": t} for n, t in enumerate(texts)])], workers=1)
    assert len(corpus.unattested()) == 3
    assert [f.rule for f in corpus.speaker("B. Sanders").apart if f.name != "B. Sanders"] == ["ambiguous", "ambiguous"]
    corpus.remove(["0"])
    assert corpus.unattested() == []


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "parquet"])
@pytest.mark.parametrize("what", ["articles", "speakers", "quotes"])
def test_export(corpus, tmp_path, what, format_name):
    target = io.BytesIO()
    corpus.export(what, format_name, target)
    (tmp_path / "out").write_bytes(target.getvalue())
    if format_name == "parquet":
        rows = pq.read_table(tmp_path / "out").to_pylist()
    elif format_name == "jsonl":
        rows = [json.loads(line) for line in target.getvalue().splitlines()]
    else:
        import csv

        rows = list(csv.DictReader(io.StringIO(target.getvalue().decode(), newline="")))
    key = "id" if what == "articles" else "article"
    assert {row[key] for row in rows} == {"echo-1", "post-1", "ledger-1", "star-1"}


def test_reports_come_back_out(corpus, reports):
    target = io.BytesIO()
    corpus.export("reports", "jsonl", target)
    lines = [json.loads(line) for line in target.getvalue().splitlines()]
    assert [line["article"]["id"] for line in lines] == ["echo-1", "ledger-1", "post-1", "star-1"]
    assert all("text" not in line["article"] for line in lines)  # texts are kept only when asked for
    with pytest.raises(UsageError):
        corpus.export("reports", "csv", target)


def test_every_figure_is_in_its_column(corpus):
    rows = {row["id"]: row for row in corpus.articles().to_pylist()}
    for identity, row in rows.items():
        metrics = corpus.report(identity).to_dict()["metrics"]
        figures = {f"{g}.{f}": v for g, fields in metrics.items() if g != "corroboration" for f, v in fields.items()}
        assert {key: row[key] for key in figures} == figures


def test_removed_articles_are_gone(corpus):
    assert corpus.remove(["star-1", "nobody"]) == ["star-1"]
    assert corpus.info().articles == 3
    assert [one.name for one in corpus.unattested()] == ["Gerda Holm", "Ruth Ellery"]


def test_an_empty_corpus_answers_too(tmp_path):
    corpus = sourcing.Corpus(tmp_path / "empty", create=True)
    assert corpus.info().articles == 0
    assert corpus.unattested() == []
    assert corpus.verify() == []
    assert corpus.speaker("Olga Marsh").forms == ()
    plain = sourcing.analyze("“It is late,” said Olga Marsh.")
    report = sourcing.analyze("“It is late,” said Olga Marsh.", corpus=corpus)
    assert report.speakers[0].corpus is None
    assert report.metrics.corroboration.checked == 0
    assert report.score.value == plain.score.value
    assert any("no other article" in warning for warning in report.warnings)


def test_the_seeds(tmp_path, shared):
    corpus = sourcing.Corpus(tmp_path / "seeds", create=True)
    corpus.add([shared / "seeds"], workers=1)
    found = corpus.unattested()
    assert {one.name for one in found} == {
        "Emily Carter", "Mark Reynolds", "Amina Khalil", "Hassan al-Farouq", "Lena Martinez",
    }  # fmt: skip
    assert {identity[:3] for one in found for identity in one.articles} == {"001"}
    trump = corpus.speaker("Donald Trump")
    assert trump.stories > 1
