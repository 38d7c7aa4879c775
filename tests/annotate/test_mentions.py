import pytest

from sourcing.annotate.mentions import head_names, introduce, is_pronoun, normal_form
from sourcing.records import Span


def find(text, part, start=0):
    at = text.index(part, start)
    return Span(at, at + len(part), part)


@pytest.mark.parametrize(
    ("mention", "names", "heads"),
    [
        ("Ada Quill", ["Ada Quill"], ["Ada Quill"]),
        ("Mayor Ada Quill, who chairs the board", ["Ada Quill"], ["Ada Quill"]),
        ("Brand’s press officer, Ada Quill", ["Brand", "Ada Quill"], ["Ada Quill"]),
        ("Brand’s press officer Ada Quill", ["Brand", "Ada Quill"], ["Ada Quill"]),
        ("a lawyer for Tom Brand", ["Tom Brand"], []),
        ("Brand campaign officials", ["Brand"], []),
        ("Ada Quill of the Brand Institute", ["Ada Quill", "Brand"], ["Ada Quill"]),
        ("Ada Quill and Tom Brand", ["Ada Quill", "Tom Brand"], ["Ada Quill", "Tom Brand"]),
        ("the adviser", [], []),
    ],
)
def test_whose_mention_it_is(mention, names, heads):
    text = f"Later {mention} spoke."
    spans = [find(text, n) for n in names]
    assert [s.text for s in head_names(find(text, mention), spans, text)] == heads


@pytest.mark.parametrize(
    ("text", "title", "description", "affiliation"),
    [
        ("Dr. Ada Quill, a marine engineer at Tidewell University, said no.", "Dr.",
         "a marine engineer at Tidewell University", "Tidewell University"),
        ("“No,” said Ada Quill.", None, None, None),
        ("Police chief Ada Quill said no.", "Police chief", None, None),
        ("Ada Quill, 35, a teacher, said no.", None, "a teacher", None),
        ("Ada Quill of Tidewell University said no.", None, "of Tidewell University", "Tidewell University"),
    ],
)  # fmt: skip
def test_introductions(text, title, description, affiliation):
    bodies = [find(text, "Tidewell University")] if "Tidewell" in text else []
    found = introduce(find(text, "Ada Quill"), text, (0, len(text)), bodies)
    assert (found.title, found.description, found.affiliation) == (title, description, affiliation)


def test_normal_form():
    assert normal_form("The harbour officials") == normal_form("harbour officials,") == "harbour officials"


def test_pronouns():
    assert is_pronoun("She")
    assert not is_pronoun("the mayor")
