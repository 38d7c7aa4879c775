import msgspec
import pytest

from sourcing.records import Extent
from sourcing.report.statements import _pieces, sentence_extents, statement_of


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("One. Two! Three? Four", ["One.", "Two!", "Three?", "Four"]),
        ("He met Dr. Moe and Lt. Col. A. B. Ray. She left.", ["He met Dr. Moe and Lt. Col. A. B. Ray.", "She left."]),
        ("said Dr.\n\nMara Moe of the U.S. Navy.", ["said Dr.\n\nMara Moe of the U.S. Navy."]),
        ("A headline\n\nThe text.", ["A headline", "The text."]),
        ("wrapped at\nseventy signs. Next.", ["wrapped at\nseventy signs.", "Next."]),
        ("One line.\nAnother line.", ["One line.", "Another line."]),
        ("It rose 3.5 percent. Good.", ["It rose 3.5 percent.", "Good."]),
        ("“Go.” She went.", ["“Go.”", "She went."]),
        ("“Go,” she said. “Now.”", ["“Go,” she said.", "“Now.”"]),
        ("He asked “why?” and left.", ["He asked “why?” and left."]),
        ("Well… Perhaps. ‘No.’ Yes.", ["Well…", "Perhaps.", "‘No.’", "Yes."]),
        ("", []),
        (" \n ", []),
    ],
)
def test_sentences(text, sentences):
    assert list(_pieces(text, ())) == sentences


def test_a_quotation_is_never_cut():
    text = "She said: “No. Never. We won’t.” He nodded."
    quote = Extent(text.index("“"), text.index("”") + 1)
    assert list(_pieces(text, (quote,))) == ["She said: “No. Never. We won’t.”", "He nodded."]


def test_statements_are_whole_sentences(harbour):
    statements = [statement_of(harbour, item) for item in harbour.attributions]
    assert statements[1].startswith("“We will not send") and statements[1].endswith("in hours, not days.”")  # noqa: PT018
    assert statements[5].startswith("According to a 2024")
    assert "Dr. Mara Ellingsen" in statements[1]


def test_statements_stay_inside_the_body(harbour):
    extents = sentence_extents(harbour)
    assert extents[0] == Extent(0, len("Harbour tunnel shut until autumn as pumps fail"))
    assert extents[-1].end == harbour.article.body[-1].end
    assert sorted(extents) == list(extents)


def test_far_apart_sentences_are_joined_by_a_sign(harbour):
    first, last = harbour.attributions[0], harbour.attributions[4]
    both = msgspec.structs.replace(first, content=(*first.content, *last.content), source=None, cue=None)
    assert " […] Critics said" in statement_of(harbour, both)


def test_without_text_the_spans_speak(without_text):
    assert statement_of(without_text, without_text.attributions[4]) == (
        "Critics said the council had ignored warnings for years"
    )
