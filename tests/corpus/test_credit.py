"""Whose words they are elsewhere, and who is whose namesake: findings of a draft against a corpus, and the names behind them."""

import json

import pytest

import sourcing

BUDGET = "“The budget has been approved and work on the hospital roof begins in the first week of May,”"
FILLER = {
    "a": "Rain fell on the lower town all night. The market opened late and the trams stood still until nine.",
    "b": "Nobody had counted the boats before. The harbour was dredged twice in a decade, at great cost.",
    "c": "School began a week early this year. The orchard on the hill was cleared to make room for a road.",
    "d": "The old mill has a new wheel. It turned for the first time on a cold and windless Sunday.",
}


def article(identity, *paragraphs):
    """An article that is nobody's copy."""
    return {
        "id": identity,
        "outlet": f"The {identity.title()} Post",
        "text": "\n\n".join((FILLER[identity], *paragraphs)),
    }


@pytest.fixture
def make(tmp_path):
    """A corpus of articles given as dicts."""

    def build(*rows):
        path = tmp_path / "in.jsonl"
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        corpus = sourcing.Corpus(tmp_path / "corpus", create=True)
        assert corpus.add([path], workers=1).failures == []
        return corpus

    return build


def check(corpus, *paragraphs):
    """The findings on quotes of a draft, by code, and its report."""
    report = sourcing.analyze(article("d", *paragraphs), corpus=corpus)
    return [f.code for f in report.findings if f.code in ("SRC502", "SRC503")], report


@pytest.mark.parametrize(
    ("elsewhere", "codes"),
    [
        ("said Lena Martinez, a nurse.", []),
        ("said Martinez.", []),
        ("the Salto Health Board said.", []),  # for which she speaks
        ("said a spokeswoman.", []),
        ("said Lina Martinez, a nurse.", ["SRC503"]),  # the last name is the same
        ("said Okafor, a shopkeeper.", ["SRC503"]),
        ("said Ruth Ellery, the mayor.", ["SRC503"]),
    ],
)
def test_the_same_words_are_credited(make, elsewhere, codes):
    corpus = make(article("a", f"{BUDGET} {elsewhere}"))
    found, report = check(corpus, f"{BUDGET} said Lena Martinez, a spokeswoman for the Salto Health Board.")
    assert report.speakers[0].name == "Lena Martinez"
    assert found == codes


def test_who_agrees_has_to_be_a_person(make):
    """That the board is credited somewhere does not make the words Ellery's."""
    corpus = make(
        article("a", f"{BUDGET} said Lena Martinez, a spokeswoman."), article("b", f"{BUDGET} the Pentagon said.")
    )
    assert check(corpus, f"{BUDGET} said Ruth Ellery, the mayor.")[0] == ["SRC503"]
    assert check(corpus, f"{BUDGET} said Lena Martinez.")[0] == []


def test_two_people_may_say_much_the_same(make):
    thanks = "“I want to thank the police officers and the volunteers who worked through the night to find the boy,”"
    corpus = make(article("a", f"{thanks} said Ida Holm, the mayor of Salto."))
    other = thanks.replace("volunteers", "nurses").replace("find the boy", "save the girl")
    assert check(corpus, f"{other} said Pedro Silva, the governor of Norte.")[0] == []
    assert check(corpus, f"{other} said Ida Holm, the mayor of Salto.")[0] == ["SRC502"]
    changed = BUDGET.replace("has been approved", "was approved")
    corpus = make(article("b", f"{BUDGET} said Lena Martinez, a spokeswoman."))
    assert check(corpus, f"{changed} said Ruth Ellery, the mayor.")[0] == ["SRC503"]  # too long for chance


def test_a_few_words_of_a_long_quote_may_be_anothers(make):
    corpus = make(article("a", "“She would know how to do it well,” said Ruth Ellery, the mayor."))
    long = (
        "“The mayor told us that she would know how to do it well, and that nobody in this town had ever asked her for less, "
        "which I took for a joke until the bill came,”"
    )
    assert check(corpus, f"{long} said Lena Martinez, a nurse.")[0] == []
    corpus = make(article("b", f"{BUDGET} said Ruth Ellery, the mayor."))
    whole = BUDGET.replace(
        "May,”", "May, and the school has to wait until the summer, when the masons come back from the south,”"
    )
    assert check(corpus, f"{whole} said Lena Martinez, a nurse.")[0] == ["SRC503"]


def test_the_drafts_own_people_are_rivals(make):
    corpus = make(article("a", "“We open on Monday,” said M. Reynolds, a baker. “The flour is in.”"))
    (row,) = [row for row in corpus.speakers().to_pylist() if row["speaker"]]
    assert row["name"] == "M. Reynolds"

    def statuses(*paragraphs):
        return {s.name: s.corpus.status for s in check(corpus, *paragraphs)[1].speakers if s.corpus}

    mark, mary = "“It is late,” said Mark Reynolds, a clerk.", "“It is early,” said Mary Reynolds, a judge."
    assert statuses(mark) == {"Mark Reynolds": "quoted_elsewhere"}
    assert statuses(mark, mary) == {"Mark Reynolds": "nowhere_else", "Mary Reynolds": "nowhere_else"}


def test_father_and_son_of_one_article_are_two(tmp_path, reports, write_lines):
    """By their reports: a speaker is renamed, and the other one beside him."""
    both = json.loads(json.dumps(reports[0]))
    names = {s["name"]: s for s in both["speakers"]}
    names["Peter Lund"]["name"] = "Karl Weber"
    both["people"] = [*both["people"], {**both["people"][0], "name": "Karl Weber Jr."}]
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    corpus.add([write_lines("one.jsonl", [both])], workers=1)
    forms = {form.name for form in corpus.speaker("Karl Weber Jr.").forms}
    assert forms == {"Karl Weber Jr."}
    assert {form.name for form in corpus.speaker("Karl Weber").forms} == {"Karl Weber"}
    _, report = check(corpus, "“There is no work for forty people any more,” said Karl Weber Jr., a carpenter.")
    (status,) = [s.corpus for s in report.speakers if s.corpus]
    assert (status.status, status.names) == ("mentioned_elsewhere", ("Karl Weber Jr.",))


def test_all_forms_that_an_article_has_are_named(tmp_path, reports, write_lines):
    both = json.loads(json.dumps(reports[0]))
    both["people"] = [*both["people"], {**both["people"][0], "name": "P. Lund"}]
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    corpus.add([write_lines("one.jsonl", [both])], workers=1)
    _, report = check(corpus, "“There is no work any more,” said Peter Lund, a ferryman.")
    (status,) = [s.corpus for s in report.speakers if s.corpus]
    assert status.names == ("P. Lund", "Peter Lund")
