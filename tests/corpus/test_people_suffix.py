"""Father and son in a corpus: "Jr." and "Sr." are two people, and a form without either is one of them if nobody else fits."""

import pytest

FATHER = "“I never wanted to sell the ferry line,” said Martin Vale Sr. on Monday."
SON = "“The price that we were offered was fair,” said Martin Vale Jr. on Tuesday."
EITHER = "“The crossing will stay open all winter,” said Martin Vale on Friday."
BOTH = (
    "“My boy never learned how to count boats,” said Martin Vale Sr. in the harbour.\n\n"
    "“He taught me everything I know of the tides,” said Martin Vale Jr., who laughed."
)


@pytest.fixture(scope="module")
def reports():
    """Reports of each text, by name."""
    import sourcing

    texts = {"father": FATHER, "son": SON, "either": EITHER, "both": BOTH}
    return {name: sourcing.analyze({"id": name, "text": text}).to_dict() for name, text in texts.items()}


@pytest.fixture
def corpus_of(tmp_path, reports, write_lines):
    """Make a corpus of the reports so named."""
    import sourcing

    def make(*names):
        made = sourcing.Corpus(tmp_path / "corpus", create=True)
        made.add([write_lines("reports.jsonl", [reports[name] for name in names])])
        return made

    return make


@pytest.mark.parametrize(
    ("articles", "name", "forms", "apart"),
    [
        (("father", "son"), "Martin Vale Jr.", {"Martin Vale Jr.": 1}, {"Martin Vale Sr.": "suffixes-differ"}),
        (("both", "son"), "Martin Vale, Jr.", {"Martin Vale Jr.": 2}, {"Martin Vale Sr.": "suffixes-differ"}),
        (("son", "either"), "Martin Vale Jr.", {"Martin Vale Jr.": 1, "Martin Vale": 1}, {}),
        (("son", "either"), "Martin Vale", {"Martin Vale Jr.": 1, "Martin Vale": 1}, {}),
        (
            ("father", "son", "either"),
            "Martin Vale",
            {"Martin Vale": 1},
            {"Martin Vale Jr.": "ambiguous", "Martin Vale Sr.": "ambiguous"},
        ),
    ],
)
def test_who_is_who(corpus_of, articles, name, forms, apart):
    found = corpus_of(*articles).speaker(name)
    assert {f.name: f.articles for f in found.forms} == forms
    assert {f.name: f.rule for f in found.apart} == apart


@pytest.mark.parametrize(
    ("articles", "lonely"),
    [
        (("father", "son"), {"Martin Vale Sr.", "Martin Vale Jr."}),
        (("both", "son"), {"Martin Vale Sr."}),
        (("son", "either"), set()),
    ],
)
def test_who_is_met_nowhere_else(corpus_of, articles, lonely):
    assert {one.name for one in corpus_of(*articles).unattested()} == lonely
