import pytest

from sourcing.annotate.bodies import Bodies, institution_name, speaks_for
from sourcing.records import Span


def parts(mention, names):
    return Span(0, len(mention), mention), [Span(mention.index(n), mention.index(n) + len(n), n) for n in names]


@pytest.mark.parametrize(
    ("mention", "names", "body"),
    [
        ("the Harbour Trust", ["Harbour Trust"], "Harbour Trust"),
        ("a spokeswoman for the Harbour Trust", ["Harbour Trust"], "Harbour Trust"),
        ("a Harbour Trust spokeswoman", ["Harbour Trust"], "Harbour Trust"),
        ("a Tidewell spokesperson at the time", ["Tidewell"], "Tidewell"),
        ("reports from Strand TV", ["Strand TV"], "Strand TV"),
        ("A report by the Harbour Trust", ["Harbour Trust"], "Harbour Trust"),
        ("a spokesman for the campaign", [], "campaign"),
        ("the Westmere poll, released on Monday", ["Westmere"], "Westmere poll"),
        ("the channel", [], "channel"),
        ("published reports", [], "published reports"),
        ("The released emails", [], "released emails"),
        ("the Harbour\nTrust  statement", [], "Harbour Trust statement"),
    ],
)
def test_the_body_behind_a_mention(mention, names, body):
    assert institution_name(*parts(mention, names)) == body


@pytest.mark.parametrize(
    ("known", "name", "same"),
    [
        ("Harbour Trust", "the Harbour Trust", True),
        ("Strand TV", "Strand", True),
        ("Strand Broadcasting Company", "SBC", True),
        ("The Westmere Evening Courier", "Evening Courier", True),
        ("Harbour Trust", "Harbour Board", False),
        ("White House", "House", False),
        ("Bank of Westmere", "Westmere", False),
        ("US", "Us Weekly", False),
        ("Harbour Trust", "", False),
    ],
)
def test_names_of_one_body(known, name, same):
    bodies = Bodies()
    bodies.add((1, known))
    assert (bodies.find(name) == (1, known)) is same


def test_the_body_named_last():
    bodies = Bodies()
    assert bodies.last(None) is None
    bodies.add((1, "Harbour Trust"))
    bodies.add((2, "Strand TV"))
    assert bodies.last(1) == (1, "Harbour Trust")
    assert bodies.last(None) == (2, "Strand TV")
    assert bodies.ending_in("the trust") == (1, "Harbour Trust")
    assert bodies.ending_in("board") is None


def test_spokespersons():
    assert speaks_for(*parts("a Tidewell spokesman", ["Tidewell"]))
    assert speaks_for(*parts("a spokesman for the trust", []))
    assert not speaks_for(*parts("a spokesman", []))
    assert not speaks_for(*parts("Tidewell officials", ["Tidewell"]))
