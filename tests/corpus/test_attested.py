"""Where else everybody in the corpus is met, and the shares made of it: for stored articles as for drafts."""

import csv
import io
import json
import random

import numpy as np
import pyarrow.parquet as pq
import pytest

import sourcing
from sourcing.corpus import attested
from sourcing.corpus.expected import Baseline, expect
from sourcing.errors import UsageError
from sourcing.records import Annotation, Article, Report
from sourcing.text import sha256_of

# forms of one name side by side, and names that are another's
NAMES = (
    "Olga Marsh|Dr. Olga Marsh|O. Marsh|Olga M. Marsh|Marsh|Bernie Sanders|Bernard Sanders|B. Sanders|Brad Sanders|John Quill"
    "|John A. Quill|John B. Quill|Jon Quill|Ada Quill|Quill|Hassan al-Farouq|Hasan al-Faruq|Mark Reynolds|Mary Reynolds"
    "|José Peña|Jose Pena|J. Robert Strand|Robert Strand|Kim Dae-jung|Lena Martinez|Peter Lund|Gerda Holm|Victor Amory"
).split("|")  # fmt: skip
WORDS = [
    a + b + c
    for a in ("ba", "ke", "lo", "mu", "ti")
    for b in ("ra", "sen", "vo", "dil")
    for c in ("n", "st", "ra", "m")
]
RARE = [f"{given} {word.title()}" for given in ("Ida", "Tom") for word in WORDS]


def made_up(template, seed, count=40):
    """Reports by eight outlets, two of them without a name; one in five is a copy of the one before, with speakers of its own."""
    draw = random.Random(seed)
    text = ""
    for number in range(count):
        copied = text and draw.random() < 0.2
        words = text.split() if copied else draw.choices(WORDS, k=80)
        words[draw.randrange(len(words))] = "changed"
        text = " ".join(words)
        names = draw.sample(NAMES + RARE, 6)
        names[0] = draw.choice(NAMES[:4])
        if draw.random() < 0.5:
            names[1] = " & ".join(draw.sample(NAMES + RARE, draw.choice((2, 3))))
        speakers = [
            {"id": f"s{k + 1}", "name": name, "class": "named", "type": "person", "attributions": k + 1}
            for k, name in enumerate(names[: draw.randint(1, 4)])
        ]
        speakers.append({"id": "s9", "name": draw.choice(NAMES), "class": "institutional", "type": "organization"})
        outlet = draw.randrange(8)
        more = (
            {"outlet": f"The Courier {outlet}"}
            if outlet < 6
            else {"outlet": None, "url": f"https://o{outlet}.example/"}
        )
        article = {**template["article"], "id": f"r{number}", "text": text, "sha256": sha256_of(text), **more}
        article["body"] = [{"start": 0, "end": len(text)}]
        people = [{"name": name, "start": 0, "end": 5, "mentions": 1} for name in names]
        yield {**template, "article": article, "speakers": speakers, "people": people, "quotes": [], "attributions": []}


def again(corpus, report):
    """What the corpus says of a stored article that is held against it as a draft."""
    text = report.article.text
    article = Article(id=report.article.id, text=text, body=report.article.body)
    found = Annotation(
        language="en", sentences=(), quotes=(), attributions=(), speakers=report.speakers, model=report.model
    )
    return corpus.find_elsewhere(article, found)


@pytest.mark.parametrize("seed", [1, 2])
def test_stored_articles_fare_as_drafts_do(tmp_path, reports, write_lines, monkeypatch, seed):
    monkeypatch.setattr(attested, "AT_ONCE", 7)
    rows = list(made_up(reports[0], seed))
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    (tmp_path / "staff.csv").write_text("\n".join(["name", "Olga Marsh", *RARE[::2]]), encoding="utf-8")
    assert corpus.import_people(tmp_path / "staff.csv")[0] == 81
    assert corpus.add([write_lines("in.jsonl", rows)], keep_text=True).added == len(rows)
    assert corpus.info().stories < len(rows)
    table = corpus.attested().to_pylist()
    shares = {row["id"]: row for row in corpus.shares().to_pylist()}
    assert {row["status"] for row in table} == {"quoted_elsewhere", "mentioned_elsewhere", "listed", "nowhere_else"}
    for report in (Report.from_json(json.dumps(row)) for row in rows):
        found = again(corpus, report)
        mine = {row["speaker"]: row for row in table if row["article"] == report.article.id}
        assert mine.keys() == found.speakers.keys()
        for identity, status in found.speakers.items():
            for figure in ("name", "status", "articles", "quoting", "stories", "outlets", "listed"):
                assert mine[identity][figure] == getattr(status, figure), (report.article.id, identity, figure)
        if not mine:
            assert report.article.id not in shares
            continue
        share = shares[report.article.id]
        assert share["named"] == len(mine)
        assert share["nowhere_else"] == sum(row["status"] == "nowhere_else" for row in mine.values())
        expected = found.expected
        assert [share[name] for name in ("expected", "low", "high", "compared", "percentile")] == [
            expected.share, expected.low, expected.high, expected.compared, expected.percentile,
        ]  # fmt: skip
    counts = corpus._store.connect("baseline").sql(
        "select a.id, b.named, b.nowhere from baseline b join live a using (doc)"
    )
    sampled = {identity: (named, nowhere) for identity, named, nowhere in counts.fetchall() if named}
    assert sampled
    assert sampled == {i: (shares[i]["named"], shares[i]["nowhere_else"]) for i in sampled}


def test_who_is_met_where(corpus):
    rows = {(row["article"], row["name"]): row for row in corpus.attested().to_pylist()}
    assert {key: row["status"] for key, row in rows.items() if key[0] != "post-1"} == {
        ("echo-1", "Olga Marsh"): "mentioned_elsewhere",
        ("echo-1", "Peter Lund"): "quoted_elsewhere",
        ("echo-1", "Ruth Ellery"): "nowhere_else",  # the copy of it is no elsewhere
        ("ledger-1", "Peter Lund"): "quoted_elsewhere",
        ("ledger-1", "Gerda Holm"): "nowhere_else",
        ("star-1", "Victor Amory"): "nowhere_else",
    }
    lund = rows["ledger-1", "Peter Lund"]
    assert (lund["articles"], lund["quoting"], lund["stories"], lund["outlets"]) == (2, 2, 1, 2)
    assert (lund["outlet"], lund["attributions"], lund["quotes"]) == ("The Northern Ledger", 1, 1)
    assert rows["ledger-1", "Gerda Holm"]["description"] == "a retired teacher"


def test_some_articles_against_the_whole_corpus(corpus):
    table = corpus.attested()
    assert corpus.attested(outlet="the northern ledger").equals(table.filter(table["article"].to_numpy() == "ledger-1"))
    assert corpus.attested(since="2026-04")["name"].to_pylist() == ["Victor Amory"]
    assert corpus.shares(outlet="star.example")["id"].to_pylist() == ["star-1"]
    assert corpus.shares(since="2027").num_rows == 0
    for ask in (corpus.attested, corpus.shares):
        with pytest.raises(UsageError, match="YYYY"):
            ask(since="spring")


def test_shares_come_most_unusual_first(corpus):
    rows = corpus.shares().to_pylist()
    assert [(row["id"], row["named"], row["nowhere_else"], row["share"]) for row in rows] == [
        ("star-1", 1, 1, 1.0), ("ledger-1", 2, 1, 0.5), ("echo-1", 3, 1, 0.3333), ("post-1", 3, 1, 0.3333),
    ]  # fmt: skip
    # each against the two other stories: of 1/3 and 1/2, of 1/3 and 1, of 1/2 and 1
    assert [row["expected"] for row in rows] == [0.4167, 0.6667, 0.75, 0.75]
    assert [row["percentile"] for row in rows] == [100.0, 50.0, 0.0, 0.0]
    assert all(row["compared"] == 2 and row["low"] <= row["expected"] <= row["high"] for row in rows)
    assert corpus.shares(limit=2).to_pylist() == rows[:2]


def test_nothing_to_compare_with(tmp_path, reports, write_lines):
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    columns = corpus.attested().column_names, corpus.shares().column_names
    # two printings of one text: nobody can be met elsewhere, which is no reproach
    corpus.add([write_lines("copies.jsonl", [reports[0], reports[1]])])
    assert (corpus.info().stories, corpus.attested().num_rows, corpus.shares().num_rows) == (1, 0, 0)
    assert (corpus.attested().column_names, corpus.shares().column_names) == columns
    corpus.add([write_lines("more.jsonl", reports)], derive=False)
    assert corpus.attested().num_rows == 9
    bare = sourcing.Corpus(tmp_path / "bare", create=True)
    bare.add([write_lines("bare.jsonl", reports)], derive=False)
    rows = bare.shares().to_pylist()
    assert [row["id"] for row in rows] == ["ledger-1", "star-1", "echo-1", "post-1"]
    assert all(row["expected"] is row["percentile"] is None and row["compared"] == 0 for row in rows)


def test_articles_of_like_size_are_expected_alike():
    baseline = Baseline(np.arange(60), np.repeat([2.0, 8.0], (55, 5)), np.repeat([1.0, 8.0], (55, 5)))
    assert expect(baseline, 2, 2).share == 0.5
    assert expect(baseline, 2, 2).compared == 55
    assert (expect(baseline, 2, 1).percentile, expect(baseline, 2, 2).percentile) == (50.0, 100.0)
    assert expect(baseline, 8, 0).compared == 60  # the five of its size, and all that are as far off
    assert expect(baseline, 2, 2, range(55)).share == 1.0
    assert expect(baseline, 2, 2, range(60)) is None
    assert expect(baseline, 0, 0) is None


@pytest.mark.parametrize("format_name", ["jsonl", "csv", "parquet"])
def test_export(corpus, format_name):
    target = io.BytesIO()
    corpus.export("attested", format_name, target)
    if format_name == "parquet":
        rows = pq.read_table(io.BytesIO(target.getvalue())).to_pylist()
    elif format_name == "jsonl":
        rows = [json.loads(line) for line in target.getvalue().splitlines()]
    else:
        rows = list(csv.DictReader(io.StringIO(target.getvalue().decode(), newline="")))
    table = corpus.attested().to_pylist()
    assert [row["name"] for row in rows] == [row["name"] for row in table]
    assert rows == table or format_name == "csv"


def test_the_seeds(tmp_path, shared):
    corpus = sourcing.Corpus(tmp_path / "seeds", create=True)
    corpus.add([shared / "seeds"], workers=1)
    shares = {row["id"]: row for row in corpus.shares().to_pylist()}
    most = max(shares.values(), key=lambda row: row["share"])
    assert most["id"].startswith("001")
    assert most["percentile"] == 100.0


def test_a_stored_report_says_where_its_speakers_are_met_now(corpus):
    for identity in corpus.articles()["id"].to_pylist():
        plain, report = corpus.report(identity), corpus.report(identity, attested=True)
        rows = {row["speaker"]: row for row in corpus.attested().to_pylist() if row["article"] == identity}
        found = {s.id: s.corpus for s in report.speakers if s.corpus}
        assert {id: (s.status, s.articles) for id, s in found.items()} == {
            id: (row["status"], row["articles"]) for id, row in rows.items()
        }
        assert report.score == plain.score
        shares = {row["id"]: row for row in corpus.shares().to_pylist()}
        if identity in shares:
            assert report.metrics.corroboration.nowhere_else == shares[identity]["nowhere_else"]
            assert report.metrics.corroboration.percentile == shares[identity]["percentile"]
    assert corpus.report("nothing", attested=True) is None
