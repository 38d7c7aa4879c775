"""The editor's word on top of the model's, without a browser."""

import msgspec
import pytest

import sourcing
from sourcing.api import kept
from sourcing.api.page.shown import show
from sourcing.corrections import NewSpeaker, NotAQuote, WrongSpeaker, WrongType

replace = msgspec.structs.replace
TEXT = (
    "The ferry was late again on Monday.\n\n“We have waited for three hours and nobody tells us anything.”\n\n"
    "“The boat is old,” said Tomas Berg, the harbour master."
)


@pytest.fixture(scope="module")
def report():
    """One quote is nobody's; the other, a2, is Tomas Berg's."""
    made = sourcing.analyze(TEXT)
    first, *others = made.quotes
    quotes = (replace(first, role="unattributed", attribution=None, speaker=None), *others)
    attributions = tuple(item for item in made.attributions if item.speaker)
    assert len(attributions) == 1
    return replace(made, quotes=quotes, attributions=attributions)


@pytest.fixture
def after(report, tmp_path):
    def correct(*corrections, of=report):
        for correction in corrections:
            kept.add(tmp_path, report.article.sha256, correction, report, None)
        return show(tmp_path, of)

    return correct


def ends(shown):
    return [id for block in shown.view.blocks for run in block.runs for id in run.ends]


def looks(shown):
    return " ".join(run.look for block in shown.view.blocks for run in block.runs)


def test_nothing_corrected(after, report):
    shown = after()
    spoken = report.attributions[0].id
    assert (shown.edits, shown.another) == ({}, False)
    assert {id: target.id for id, target in shown.targets.items()} == {"q1": "q1", spoken: spoken, "s1": "s1"}
    assert shown.targets[spoken].whose == "Tomas Berg"
    assert ends(shown) == ["q1", spoken]


def test_a_quote_of_nobody_gets_a_speaker(after):
    shown = after(
        WrongSpeaker(target="q1", speaker=NewSpeaker(name="Ada Quill", type="person"), note="says so", editor="LM")
    )
    ((place, edit),) = shown.edits.items()
    assert (edit.model, edit.editor, edit.note, edit.by) == ("? nobody in sight", "● Ada Quill", "says so", "LM")
    assert shown.targets[place] == ("q1", "Ada Quill")
    assert place in ends(shown)
    assert "q1" not in ends(shown)
    assert "Ada Quill" in [card.name for card in shown.view.cards]


def test_a_statement_loses_its_speaker(after, report):
    spoken = report.attributions[0].id
    shown = after(WrongSpeaker(target=spoken, speaker=None))
    assert shown.edits[spoken].editor == "? nobody in sight"
    assert shown.targets[spoken].id == spoken
    assert len({shown.targets[id].id for id in ends(shown) if id in shown.targets}) == 2


@pytest.mark.parametrize("target", ["q1", "spoken"])
def test_what_is_no_quote_is_struck_where_it_stands(after, report, target):
    target = report.attributions[0].id if target == "spoken" else target
    shown = after(NotAQuote(target=target))
    assert shown.edits[target].editor == "not a quote"
    assert "struck" in looks(shown)
    assert target in ends(shown)
    assert shown.targets[target].id == target


def test_a_source_of_another_type(after):
    shown = after(WrongType(speaker="s1", type="organization", name="Harbour Office"))
    assert shown.edits["s1"][1:3] == ("● Tomas Berg, person", "■ Harbour Office, organization")
    assert shown.edits["s1"].anchor == "s1"


def test_corrections_made_to_another_report_are_not_shown(after, report):
    other = replace(report, speakers=(replace(report.speakers[0], name="Thomas Berg"),))
    shown = after(NotAQuote(target="q1"), of=other)
    assert shown.another
    assert shown.edits == {}


def test_a_report_without_its_text_gets_it_from_the_corrections(after, report):
    bare = replace(report, article=replace(report.article, text=msgspec.UNSET))
    assert after(of=bare).targets == {}
    shown = after(NotAQuote(target="q1"), of=bare)
    assert shown.view.blocks
    assert shown.edits


def test_the_report_that_is_carried_is_the_models(after, report):
    shown = after(NotAQuote(target="q1"))
    assert sourcing.Report.from_json(shown.carried) == report
