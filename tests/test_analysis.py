"""The public API: one article, many, and the same report whichever way it is asked for."""

import json
import subprocess
import sys

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sourcing
from sourcing.schema import load_schema


def test_the_sample(sample):
    report = sourcing.analyze({"id": "harbour", "text": sample, "outlet": "The Westmere Courier"})
    jsonschema.validate(report.to_dict(), load_schema("report"))
    names = {s.name: s.class_ for s in report.speakers}
    assert names["Ruth Ellery"] == "named"
    assert names["Samuel Adeyemi"] == "named"
    assert report.article.outlet == "The Westmere Courier"
    assert report.article.text == sample
    assert names["Westmere Courier"] == names["Harbour Trust"] == "institutional"
    assert "speech" in {q.role for q in report.quotes}


def test_offsets_hold(sample):
    report = sourcing.analyze(sample)
    spans = list(report.quotes)
    for attribution in report.attributions:
        spans += [*attribution.content, *(s for s in (attribution.cue, attribution.source) if s)]
    for speaker in report.speakers:
        spans += speaker.mentions
    assert len(spans) > 30
    assert all(sample[s.start : s.end] == s.text for s in spans)


def test_counts_agree(sample):
    report = sourcing.analyze(sample)
    for speaker in report.speakers:
        assert speaker.attributions == sum(a.speaker == speaker.id for a in report.attributions) > 0
        assert speaker.quotes == sum(q.speaker == speaker.id and q.role == "speech" for q in report.quotes)
    assert report.metrics.attribution.attributions == len(report.attributions)


def test_python_and_the_command_agree(tmp_path, sample):
    path = tmp_path / "harbour.txt"
    path.write_text(sample, encoding="utf-8")
    command = [sys.executable, "-m", "sourcing", "analyze", "--format", "json", "--with-text", str(path)]
    printed = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    ours = sourcing.analyze({"id": "harbour", "text": sample}).to_dict()
    assert printed == ours


def test_it_is_repeatable(sample):
    assert sourcing.analyze(sample) == sourcing.analyze(sample)


def test_json_round_trip(sample):
    report = sourcing.analyze(sample)
    assert sourcing.Report.from_json(report.to_json()) == report
    assert sourcing.Report.from_json(report.to_json(indent=2)) == report


def test_notebook_view(sample):
    html = sourcing.analyze(sample)._repr_html_()
    assert "Ruth Ellery" in html
    assert "<script" not in html


def test_min_confidence(sample):
    everything = sourcing.analyze(sample)
    some = sourcing.analyze(sample, min_confidence=0.8)
    assert {a.id for a in some.attributions} == {a.id for a in everything.attributions if a.confidence >= 0.8}
    assert {q.attribution for q in some.quotes} - {None} <= {a.id for a in some.attributions}
    assert all(s.attributions for s in some.speakers)
    assert sourcing.analyze(sample, min_confidence=1.0).metrics.attribution.attributions <= len(some.attributions)


def test_bad_articles_raise():
    with pytest.raises(sourcing.InputError):
        sourcing.analyze("")
    with pytest.raises(sourcing.InputError):
        sourcing.analyze({"title": "no text"})
    with pytest.raises(sourcing.UsageError):
        sourcing.analyze("A text.", select=["NOPE1"])
    with pytest.raises(sourcing.UsageError):
        sourcing.analyze("A text.", profile="no-such-profile")


def test_one_failing_article_does_not_take_the_others(monkeypatch):
    import sourcing.annotate as annotate

    real = annotate.annotate

    def sometimes(article):
        if article.id == "bad":
            raise RuntimeError("broken")
        return real(article)

    monkeypatch.setattr(annotate, "annotate", sometimes)
    items = [sourcing.Article(id=i, text="It rained.", origin=i) for i in ("a", "bad", "b")]
    results = list(sourcing.analyze_all(items))
    assert [type(r).__name__ for r in results] == ["Report", "Failure", "Report"]
    assert results[1].input == "bad"
    assert "RuntimeError" in results[1].message


def test_block_quotations_in_html():
    from sourcing.documents import article_from_html

    page = (
        "<html><body><article><h1>Pier plan</h1><p>In an email to residents, Mayor Ruth Ellery wrote the following words.</p>"
        "<blockquote><p>We will rebuild the pier, and we will do it within two years.</p></blockquote>"
        "<p>The council meets again on Thursday to vote on the plan, and the public may attend.</p></article></body></html>"
    )
    article = article_from_html(page)
    report = next(sourcing.analyze_all([article]))
    assert any("We will rebuild the pier" in q.text for q in report.quotes)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="abT “”\"‘’'.,\n—:;éß中\u200b\U0001f600", min_size=1, max_size=300))
def test_any_text_gives_a_valid_report(text):
    try:
        report = sourcing.analyze(text)
    except sourcing.InputError:
        return
    jsonschema.validate(report.to_dict(), load_schema("report"))
    for quote in report.quotes:
        assert text[quote.start : quote.end] == quote.text
