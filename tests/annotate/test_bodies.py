import pytest

from sourcing.annotate.bodies import institution_name, same_body, speaks_for
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
    ],
)
def test_the_body_behind_a_mention(mention, names, body):
    assert institution_name(*parts(mention, names)) == body


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("Harbour Trust", "the Harbour Trust", True),
        ("Strand TV", "Strand", True),
        ("SBC", "Strand Broadcasting Company", True),
        ("Harbour Trust", "Harbour Board", False),
        ("Trust", "Harbour Trust", True),
        ("", "Harbour Trust", False),
    ],
)
def test_same_body(a, b, same):
    assert same_body(a, b) is same
    assert same_body(b, a) is same


def test_spokespersons():
    assert speaks_for(*parts("a Tidewell spokesman", ["Tidewell"]))
    assert not speaks_for(*parts("a spokesman", []))
    assert not speaks_for(*parts("Tidewell officials", ["Tidewell"]))
