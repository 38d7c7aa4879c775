"""The annotator as a whole, on small articles of our own: what it must not get wrong again."""

from sourcing import analyze
from sourcing.annotate import annotate
from sourcing.annotate.model import load_model
from sourcing.documents import article_from_text
from sourcing.measure.distribution import load_reference

BRACKLEY = """'We were never told,' says mother of boy hurt at Brackley pool

The mother of a six-year-old boy who was hurt at a leisure centre has said she was 'never told' of the fault.

A spokesman for Brackley District Council said: 'We cannot comment while the accident is being investigated.'

'It was bound to happen,' one former lifeguard, who did not want to be named because she still works there, told a reporter.
"""


def test_a_headline_ends():
    report = analyze(BRACKLEY)
    end = BRACKLEY.index("\n")
    for speaker in report.speakers:
        assert not any(m.start < end < m.end for m in speaker.mentions)
    for attribution in report.attributions:
        assert not any(c.start < end < c.end for c in attribution.content)


def test_a_town_speaks_for_nobody():
    report = analyze(BRACKLEY)
    assert "Brackley" not in {s.name for s in report.speakers}
    assert "Brackley District Council" in {s.name for s in report.speakers if s.class_ == "institutional"}


def test_why_the_name_is_withheld():
    (granted,) = [s for s in analyze(BRACKLEY).speakers if s.anonymity and s.anonymity.granted]
    assert granted.type == "unnamed_person"
    assert granted.anonymity.reason == "because she still works there"


def test_mentions_end_with_words():
    report = analyze(BRACKLEY)
    assert not any(m.text[-1] in ",;:—–- " for s in report.speakers for m in s.mentions)


def test_an_all_quote_paragraph_goes_on():
    text = (
        "“We will rebuild the pier,” Mayor Ruth Ellery told the meeting on Tuesday.\n\n"
        "“It will take two years. It will cost a great deal. And it will be worth every penny of it.”\n"
    )
    report = analyze(text)
    assert {q.speaker for q in report.quotes} == {report.speakers[0].id}
    assert report.speakers[0].name == "Ruth Ellery"


def test_confidences_are_calibrated_probabilities(sample):
    curves = load_model().parameters.calibration
    assert set(curves) == {"attribution", "class"}
    assert [1.0, 0.0] not in curves.values()  # what an export has before its calibration
    found = annotate(article_from_text(sample))
    sure = [a.confidence for a in found.attributions] + [s.confidence for s in found.speakers]
    assert len(sure) > 10
    assert all(0 < p <= 1 for p in sure)


def test_the_reference_was_made_by_this_model():
    assert load_reference().model == load_model().card
