"""A name looked up is a body's or a person's; and one person is one, in however many spellings copies of a story have the name."""

from itertools import pairwise

import pytest

import sourcing
from sourcing.corpus.attested import CHOSEN, MEMORY, attest, chosen_by
from sourcing.corpus.people import _join_forms


@pytest.fixture(scope="module")
def base():
    """A report with one named speaker."""
    text = "The barrage at Tidewell has failed again.\n\n“We have crossed here for forty winters,” said Victor Amory."
    return sourcing.analyze(text, with_text=True).to_dict()


@pytest.fixture
def corpus_of(tmp_path, base, write_lines):
    """Make a corpus of articles, each (story, names of people, names of bodies); articles of a story have one text."""

    def make(*articles):
        made = []
        for number, (story, people, bodies) in enumerate(articles):
            text = " ".join(
                f"{story} {word} {story}{word}" for word in "the gate at Tidewell broke in the night".split()
            )
            speaker = base["speakers"][0]
            who = [(name, "person", "named") for name in people]
            who += [(name, "organization", "institutional") for name in bodies]
            speakers = [
                {**speaker, "id": f"s{n + 1}", "name": name, "type": kind, "class": class_}
                for n, (name, kind, class_) in enumerate(who)
            ]
            article = {**base["article"], "id": f"a{number:02}", "outlet": f"Outlet {number:02}", "text": text}
            article["sha256"] = f"{number:064x}"
            article["body"] = [{"start": 0, "end": len(text)}]
            made.append({**base, "article": article, "speakers": speakers, "people": []})
        corpus = sourcing.Corpus(tmp_path / "corpus", create=True)
        sums = corpus.add([write_lines("reports.jsonl", made)])
        assert (sums.added, sums.failures) == (len(made), [])
        return corpus

    return make


@pytest.mark.parametrize(
    ("stored", "asked", "rule"),
    [
        ("Pentagon", "US Department of Defense", "alias"),
        ("Médecins Sans Frontières", "Doctors Without Borders", "alias"),
        ("U.S. Department of Justice", "Department of Justice", "alias"),
        ("World Health Organization", "World Health Organisation", "same-words"),
        ("Kenyan Ministry of Health", "Ministry of Health of Kenya", "same-words"),
        ("Harbour Workers Union", "Harbour Workers' Union", "same-words"),
        ("Northern Ledger", "The Northern Ledger", "same-words"),
        ("THT", "Tidewell Harbour Trust", "acronym"),
        ("Marsh Ltd.", "Marsh", "same-words"),
        ("Northern Ledger", "northern ledger", "same-words"),
    ],
)
def test_a_body_by_another_name(corpus_of, stored, asked, rule):
    found = corpus_of(("flood", ["Olga Marsh"], [stored]), ("strike", ["Peter Lund"], [])).speaker(asked)
    assert (found.kind, found.articles) == ("body", 1)
    assert [(form.name, form.rule) for form in found.forms] == [(stored, rule)]


@pytest.mark.parametrize(
    ("people", "body", "asked", "forms"),
    [
        (["Olga Marsh"], "Olga Marsh Ltd.", "Olga Marsh", ["Olga Marsh"]),
        (["Olga Marsh"], "Olga Marsh Ltd.", "O. Marsh", ["Olga Marsh"]),
        (["Olga Marsh", "Otto Marsh"], "O. Marsh Ltd.", "O. Marsh", []),  # either of two, and no body
        (["Peter Lund"], "AMB", "Anna Marie Berg", []),
        (["Peter Lund"], "Northern Ledger", "Southern Ledger", []),
        (["Peter Lund"], "Harbour Workers Union", "Dock Workers Union", []),
    ],
)
def test_a_person_comes_before_a_body_that_is_only_joined(corpus_of, people, body, asked, forms):
    found = corpus_of(("flood", people, [body])).speaker(asked)
    assert (found.kind, [form.name for form in found.forms]) == ("person", forms)


def test_the_very_name_is_the_bodys(corpus_of):
    corpus = corpus_of(("flood", ["Olga Marsh"], ["Olga Marsh"]), ("strike", [], ["Olga Marsh Ltd."]))
    assert (found := corpus.speaker("Olga Marsh")).kind == "body"
    assert {form.name for form in found.forms} == {"Olga Marsh", "Olga Marsh Ltd."}


def test_somebody_on_a_list_is_a_person(corpus_of, tmp_path):
    corpus = corpus_of(("flood", ["Peter Lund"], ["Olga Marsh Ltd."]))
    assert corpus.speaker("Olga Marsh").kind == "body"
    (tmp_path / "staff.csv").write_text("name\nOlga Marsh\n", encoding="utf-8")
    corpus.import_people(tmp_path / "staff.csv")
    assert (found := corpus.speaker("Olga Marsh")).kind == "person"
    assert found.listed == ("Olga Marsh",)


def test_a_body_that_was_removed_is_none(corpus_of):
    corpus = corpus_of(("flood", ["Peter Lund"], []), ("strike", [], ["Northern Ledger"]))
    corpus.remove(["a01"])
    assert corpus.speaker("The Northern Ledger").forms == ()


SPELLINGS = ["Hassan al-Farouq"] * 6 + ["Hasan Al Faruq"] * 6


def test_one_person_in_two_spellings_is_one(corpus_of):
    wire = [("flood", [name, "Olga Marsh"], []) for name in SPELLINGS]
    corpus = corpus_of(*wire, ("strike", ["Peter Lund"], []))
    found = {one.name: one for one in corpus.unattested()}
    assert set(found) == {"Hassan al-Farouq", "Olga Marsh", "Peter Lund"}
    hassan, olga = found["Hassan al-Farouq"], found["Olga Marsh"]
    assert hassan.articles == olga.articles == tuple(f"a{n:02}" for n in range(12))
    assert hassan.outlets == olga.outlets == tuple(f"Outlet {n:02}" for n in range(12))
    assert (hassan.quotes, hassan.attributions, hassan.words) == (olga.quotes, olga.attributions, olga.words)
    assert hassan.company == 2
    assert [one.name for one in corpus.unattested(limit=2)] == ["Hassan al-Farouq", "Olga Marsh"]
    assert corpus.overview().unattested == corpus.unattested()
    # the form is that of the articles that are looked at
    assert [one.name for one in corpus.unattested(outlet="Outlet 11")] == ["Hasan Al Faruq", "Olga Marsh"]


@pytest.mark.parametrize(
    ("names", "shown"),
    [
        (["P. Lund", "P. Lund", "P. Lund", "Peter Lund"], "Peter Lund"),
        (["Peter Lund", "Peter Lund", "Peter J. Lund"], "Peter Lund"),
        (["Peter Lund", "Peter J. Lund"], "Peter J. Lund"),
        (["Hasan Al Faruq", "Hasan Al Faruq", "Hassan al-Farouq"], "Hasan Al Faruq"),
    ],
)
def test_which_form_is_shown(corpus_of, names, shown):
    found = corpus_of(*(("flood", [name], []) for name in names), ("strike", ["Olga Marsh"], [])).unattested()
    assert {one.name: len(one.articles) for one in found} == {shown: len(names), "Olga Marsh": 1}


def test_two_forms_in_one_article_are_added_up(corpus_of):
    corpus = corpus_of(("flood", ["Peter Lund", "Peter J. Lund"], []), ("strike", ["Olga Marsh"], []))
    lund, marsh = sorted(corpus.unattested(), key=lambda one: -one.words)
    assert (lund.name, lund.company, lund.words) == ("Peter J. Lund", 1, 2 * marsh.words)


def test_what_the_look_up_keeps_apart_stays_apart(corpus_of):
    corpus = corpus_of(("flood", ["Mark Reynolds", "Mary Reynolds"], []), ("flood", ["M. Reynolds"], []))
    assert {one.name for one in corpus.unattested()} == {"Mark Reynolds", "Mary Reynolds", "M. Reynolds"}


def test_forms_of_forms_in_any_order(corpus_of):
    """A chain of forms is one person, whichever way its pairs are written and in whichever order they come."""
    chain = [f"Name {letter}" for letter in "ABCDEF"]
    store = corpus_of(("flood", ["Olga Marsh"], []))._store
    pairs = list(pairwise(chain))
    for links in (pairs, pairs[::-1], pairs[::2] + [pair[::-1] for pair in pairs[1::2]]):
        connection = store.connect("speakers", "listed", memory=MEMORY)
        attest(connection, CHOSEN, chosen_by(None, None))
        connection.execute("delete from wanted; delete from forms")
        connection.execute(
            "create temp table nowhere as select unnest(?::varchar[]) as name, 1 as doc", [[*chain, "Name G"]]
        )
        connection.executemany("insert into wanted values (?, ?)", list(enumerate([*chain, "Name G"])))
        for one, two in links:
            connection.execute("insert into forms select number, ? from wanted where name = ?", [two, one])
        assert _join_forms(connection) == dict.fromkeys(chain, "Name A")
