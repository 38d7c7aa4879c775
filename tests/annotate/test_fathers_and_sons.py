"""Father and son of one name, from the text to the speakers."""

import pytest

from sourcing import analyze


def speakers_of(text):
    """Each attribution's source and speaker, as written in the report."""
    report = analyze(text)
    names = {s.id: s.name for s in report.speakers}
    for speaker in report.speakers:
        assert all(text[m.start : m.end] == m.text for m in speaker.mentions)
    for person in report.people:
        assert text[person.start : person.end]
    mentions = {(m.start, m.end) for s in report.speakers for m in s.mentions}
    assert all((a.source.start, a.source.end) in mentions for a in report.attributions if a.source and a.speaker)
    found = [(a.source.text, names[a.speaker]) for a in report.attributions if a.source and a.speaker]
    return found, {p.name: p.mentions for p in report.people}


@pytest.mark.parametrize(
    ("text", "found", "people"),
    [
        (
            "Martin Vale Sr. founded the ferry line in 1961. His son, Martin Vale Jr., runs it now.\n\n"
            "“I never wanted to sell,” said Martin Vale Sr. “Nobody asked me.”\n\n"
            "“My father is wrong about the price,” Martin Vale Jr. said.\n\n"
            "Martin Vale Jr.'s lawyer, Ruth Ellery, said the deal was done. Vale Jr. said he would stay on.",
            [
                ("Martin Vale Sr.", "Martin Vale Sr."),
                ("Martin Vale Jr.", "Martin Vale Jr."),
                ("Martin Vale Jr.'s lawyer, Ruth Ellery", "Ruth Ellery"),
                ("Vale Jr.", "Martin Vale Jr."),
            ],
            {"Martin Vale Sr.": 2, "Martin Vale Jr.": 4, "Ruth Ellery": 1},
        ),
        (
            "Martin Vale, Jr., the harbour master, said the gate would stay shut.\n\n“It is over,” said Martin Vale, Sr.",
            [("Martin Vale, Jr., the harbour master", "Martin Vale Jr."), ("Martin Vale, Sr.", "Martin Vale Sr.")],
            {"Martin Vale Jr.": 1, "Martin Vale Sr.": 1},
        ),
        (
            "“It held,” said Harold Stoddard III. The council met on Monday. “It did not,” said Harold Stoddard IV. Critics left.",
            [("Harold Stoddard III", "Harold Stoddard III"), ("Harold Stoddard IV", "Harold Stoddard IV")],
            {"Harold Stoddard III": 1, "Harold Stoddard IV": 1},
        ),
        (
            "MARTIN VALE JR. QUITS AS HARBOUR MASTER\n\nMartin Vale Jr. said on Monday he would leave.",
            [("Martin Vale Jr.", "Martin Vale Jr.")],
            {"Martin Vale Jr.": 2},
        ),
        (
            "On Monday Martin Vale said the bunker was built in World War II. Yesterday Vale said he had seen Rocky IV.",
            [("Martin Vale", "Martin Vale"), ("Vale", "Martin Vale")],
            {"Martin Vale": 2},
        ),
    ],
)
def test_who_speaks(text, found, people):
    assert speakers_of(text) == (found, people)


def test_a_suffix_is_no_description():
    (speaker,) = analyze("Martin Vale, Jr., the harbour master, said the gate would stay shut.").speakers
    assert (speaker.title, speaker.description) == (None, "the harbour master")
