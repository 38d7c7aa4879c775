"""Figures, score and findings of a corrected report, worked out again as far as a report allows.

A report has no sentences, headings or loose quotation marks, and of a corpus it has no more than each speaker's status. So
`KEPT_RULES` cannot be run again: such a finding is kept while what it speaks of is as it was. And the figures in `KEPT_FIGURES`
and readability stay the model's, which a warning says where a correction strikes a statement (no other kind would change them).
Everything else, and the whole score, is exact: with no correction the outcome is the report (a test).
"""

from collections.abc import Sequence

from msgspec.structs import replace

from sourcing.corrections.recredit import Recredited
from sourcing.findings import RULES, check
from sourcing.measure import Profile, load_profile, load_reference, measure, profile_names, score
from sourcing.records import Annotation, Article, Elsewhere, Expected, Finding, Metrics, Report, Speaker

KEPT_RULES = ("SRC104", "SRC202", "SRC401", "SRC404", "SRC502", "SRC503", "SRC504")
KEPT_FIGURES = (
    "sentences",
    "attributed_sentences",
    "attributed_sentence_share",
    "longest_unattributed_sentences",
    "longest_unattributed_words",
)
OTHER_WORDING = "SRC502"  # true of a quote whoever speaks it


def remeasure(report: Report, recredited: Recredited, text: str) -> Report:
    """Return the report with another annotation and what follows from it. text: the article's."""
    article = Article(
        id=report.article.id,
        text=text,
        title=report.article.title,
        outlet=report.article.outlet,
        language=report.article.language,
        body=report.article.body,
    )
    annotation = Annotation(
        language=report.article.language,
        sentences=(),
        quotes=recredited.quotes,
        attributions=recredited.attributions,
        speakers=recredited.speakers,
        people=report.people,
        model=report.model,
    )
    elsewhere, reference = _elsewhere(report, recredited.speakers), load_reference()
    fresh = measure(article, annotation, elsewhere)
    metrics = replace(
        fresh,
        attribution=replace(
            fresh.attribution, **{name: getattr(report.metrics.attribution, name) for name in KEPT_FIGURES}
        ),
        readability=report.metrics.readability,
    )
    again = [rule.code for rule in RULES if rule.code not in KEPT_RULES]
    found = check(article, annotation, metrics, select=again, reference=reference, elsewhere=elsewhere)
    return replace(
        report,
        quotes=recredited.quotes,
        attributions=recredited.attributions,
        speakers=recredited.speakers,
        metrics=metrics,
        score=score(metrics, profile=_profile(report), reference=reference),
        findings=tuple(sorted((*found, *_kept(report, recredited)), key=lambda f: (f.start, f.code, f.end))),
        warnings=(*report.warnings, *_warnings(report, fresh)),
    )


def _elsewhere(report: Report, speakers: Sequence[Speaker]) -> Elsewhere | None:
    """What a corpus said, of the speakers as they are now; nobody asked it about those an editor named."""
    asked = report.metrics.corroboration
    if asked is None:
        return None
    expected = None
    share, low, high, percentile = (
        asked.expected_share,
        asked.expected_share_low,
        asked.expected_share_high,
        asked.percentile,
    )
    if share is not None and low is not None and high is not None and percentile is not None:
        expected = Expected(share=share, low=low, high=high, compared=asked.compared, percentile=percentile)
    unknown = asked.undetermined + _without_status(speakers) - _without_status(report.speakers)
    return Elsewhere(
        speakers={s.id: s.corpus for s in speakers if s.corpus}, undetermined=max(0, unknown), expected=expected
    )


def _without_status(speakers: Sequence[Speaker]) -> int:
    return sum(1 for s in speakers if s.class_ == "named" and s.corpus is None)


def _profile(report: Report) -> Profile:
    """The weights in use: a shipped profile by its name, else those that the report gives."""
    if report.score.profile in profile_names():
        return load_profile(report.score.profile)
    return Profile(name=report.score.profile, weights={c.name: c.weight for c in report.score.components})


def _kept(report: Report, recredited: Recredited) -> list[Finding]:
    """The findings of rules that cannot be run again, where nothing that they speak of has changed."""
    now = {s.id: s for s in recredited.speakers}
    same = {s.id for s in report.speakers if s.id in now and _identity(now[s.id]) == _identity(s)}
    changed = {
        (old.start, old.end): new for old, new in zip(report.quotes, recredited.quotes, strict=True) if old != new
    }
    found = []
    for finding in report.findings:
        if finding.code not in KEPT_RULES:
            continue
        quote = changed.get((finding.start, finding.end))
        if quote and finding.code == OTHER_WORDING and quote.role == "speech":
            found.append(replace(finding, speaker=quote.speaker))
        elif quote is None and (finding.speaker is None or finding.speaker in same):
            found.append(finding)
    return found


def _identity(speaker: Speaker) -> tuple[str | None, str, int, int]:
    return speaker.name, speaker.type, speaker.attributions, speaker.quotes


def _warnings(report: Report, fresh: Metrics) -> list[str]:
    """Which figures are not worked out again: those that depend on where words of speech and content lie in sentences."""
    old, new = report.metrics.attribution, fresh.attribution
    if (old.attributed_words, old.speech_words) == (new.attributed_words, new.speech_words):
        return []
    return [
        "attributed sentences, longest unattributed stretches and readability are the model's: a report has no sentences "
        "to work them out again"
    ]
