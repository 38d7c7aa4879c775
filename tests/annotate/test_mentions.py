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
        ("Mayor Ada Quill’s", ["Ada Quill"], ["Ada Quill"]),
        ("Ada Quill’s lawyer", ["Ada Quill"], []),
        ("Brand campaign officials", ["Brand"], []),
        ("Ada Quill of the Brand Institute", ["Ada Quill", "Brand"], ["Ada Quill"]),
        ("Ada Quill and Tom Brand", ["Ada Quill", "Tom Brand"], ["Ada Quill", "Tom Brand"]),
        ("Brand Foods", ["Brand"], []),
        ("Ada Brand Trust", ["Ada Brand"], []),
        ("Ada Quill R-Texas", ["Ada Quill"], ["Ada Quill"]),
        ("Ada Quill herself", ["Ada Quill"], ["Ada Quill"]),
        ("Ada Quill MP", ["Ada Quill"], ["Ada Quill"]),
        ("Tom Brand, Jr., who chairs the board", ["Tom Brand, Jr."], ["Tom Brand, Jr."]),
        ("Tom Brand, Jr. and Ada Quill", ["Tom Brand, Jr.", "Ada Quill"], ["Tom Brand, Jr.", "Ada Quill"]),
        ("Tom Brand Jr.’s lawyer, Ada Quill", ["Tom Brand Jr.", "Ada Quill"], ["Ada Quill"]),
        ("Tom Brand III’s", ["Tom Brand III"], ["Tom Brand III"]),
        ("a lawyer for Tom Brand, Jr.", ["Tom Brand, Jr."], []),
        ("the adviser", [], []),
    ],
)
def test_whose_mention_it_is(mention, names, heads):
    text = f"Later {mention} spoke."
    spans = [find(text, n) for n in names]
    assert [s.text for s in head_names(find(text, mention), spans, text)] == heads


@pytest.mark.parametrize(
    ("text", "mention", "title", "description", "affiliation"),
    [
        ("Dr. Ada Quill, a marine engineer at Tidewell University, said no.",
         "Dr. Ada Quill, a marine engineer at Tidewell University,",
         "Dr.", "a marine engineer at Tidewell University", "Tidewell University"),
        ("“No,” said Ada Quill.", "Ada Quill", None, None, None),
        ("Police chief Ada Quill said no.", "Police chief Ada Quill", "Police chief", None, None),
        ("Ada Quill, 35, a teacher, said no.", "Ada Quill, 35, a teacher,", None, "a teacher", None),
        ("Ada Quill of Tidewell University said no.", "Ada Quill of Tidewell University", None, "of Tidewell University",
         "Tidewell University"),
        ("The strikers’ leader, Ada Quill, said no.", "The strikers’ leader, Ada Quill,", None, "leader", None),
        ("Tidewell University dean Ada Quill said no.", "Tidewell University dean Ada Quill", "Tidewell University dean", None,
         "Tidewell University"),
        # outside a mention
        ("They met Mayor Ada Quill, a former diver.", None, "Mayor", "a former diver", None),
        ("Voters who want Ada Quill to win", None, None, None, None),
        ("Ada Quill, however, left.", None, None, None, None),
        ("Ada Quill, after months of delay, left.", None, None, None, None),
        ("Said Ada Quill of    (the pilot).", None, None, None, None),
    ],
)  # fmt: skip
def test_introductions(text, mention, title, description, affiliation):
    bodies = [find(text, "Tidewell University")] if "Tidewell" in text else []
    outer = find(text, mention) if mention else None
    found = introduce(find(text, "Ada Quill"), outer, text, (0, len(text)), bodies)
    assert (found.title, found.description, found.affiliation) == (title, description, affiliation)


def test_normal_form():
    assert normal_form("The harbour officials") == normal_form("harbour officials,") == "harbour officials"


def test_pronouns():
    assert is_pronoun("She")
    assert not is_pronoun("the mayor")
    assert not is_pronoun("US")
