"""The five texts that the project began from (../shared; skipped without it)."""

import pytest

from sourcing import analyze


def seed(shared, number):
    return next((shared / "seeds").glob(f"{number}_*")).read_text(encoding="utf-8")


def test_all_speech_of_the_rewritten_story_has_its_speaker(shared):
    report = analyze(seed(shared, "001"))
    speakers = {s.id: s for s in report.speakers}
    speech = [q for q in report.quotes if q.role == "speech"]
    assert len(speech) == 21
    named = dict.fromkeys(("Emily Carter", "Mark Reynolds", "Amina Khalil", "Hassan al-Farouq", "Lena Martinez"), 0)
    other = []
    for quote in speech:
        speaker = speakers[quote.speaker]
        if speaker.class_ == "named":
            named[speaker.name] += 1
        else:
            other.append((speaker.class_, speaker.name, speaker.anonymity))
    assert named == {
        "Emily Carter": 4,
        "Mark Reynolds": 2,
        "Amina Khalil": 2,
        "Hassan al-Farouq": 2,
        "Lena Martinez": 2,
    }
    assert [c for c, _, _ in other].count(
        "institutional"
    ) == 5  # the channel once, the Pentagon's spokesperson four times
    assert sum("Pentagon" in (n or "") for _, n, _ in other) == 4
    granted = [a.granted for c, _, a in other if c == "anonymous"]
    assert sorted(granted) == [False, False, True, True]  # the White House advisor, the military source


def test_commenters_are_no_sources(shared):
    text = seed(shared, "004")
    report = analyze(text)
    body = report.article.body
    assert text[body[0].start :].startswith("On August 30")
    assert text[: body[-1].end].endswith("to withdraw this time.")
    assert all(m.start < body[-1].end for s in report.speakers for m in s.mentions)
    assert any("Observatory" in (s.name or "") or "SOHR" in (s.name or "") for s in report.speakers)


@pytest.mark.parametrize("number", ["000", "001", "002", "003", "004"])
def test_reports_are_valid(shared, number):
    import jsonschema

    from sourcing.schema import load_schema

    jsonschema.validate(analyze(seed(shared, number)).to_dict(), load_schema("report"))
