"""A corrected article as a line of a gold standard, in the format `sourcing evaluate` and `sourcing train` read.

What no editor touched is the model's word: such a line is only as good as the reading of whoever corrected it.
"""

from collections.abc import Sequence
from typing import Any

from sourcing.corrections.check_report import text_of
from sourcing.corrections.records import Correction
from sourcing.corrections.recredit import recredit
from sourcing.corrections.standing import standing
from sourcing.records import Attribution, Report, Span, Speaker

Offsets = list[list[int]]


def to_gold(report: Report, corrections: Sequence[Correction]) -> dict[str, Any]:
    """Return the article with its attributions as corrected, offsets in code points. Raises CorrectionError without the text.

    The format has no word for a quotation inside attributed content that is no speech: it counts as speech there.
    """
    after = recredit(report, standing(corrections))
    speakers = {s.id: s for s in after.speakers}
    article = report.article
    return {
        "id": article.id,
        "publisher": article.outlet,
        "date": article.published,
        "title": article.title,
        "author": article.author,
        "text": text_of(report),
        "attributions": [_attribution(a, speakers.get(a.speaker or "")) for a in after.attributions],
        "typed": True,
    }


def _attribution(attribution: Attribution, speaker: Speaker | None) -> dict[str, Any]:
    return {
        "source": _offsets(attribution.source),
        "cue": _offsets(attribution.cue),
        "content": _offsets(*attribution.content),
        "type": speaker.type if speaker else None,
        "canonical": speaker.name if speaker else None,
        "anonymity": bool(speaker and speaker.anonymity and speaker.anonymity.granted),
    }


def _offsets(*spans: Span | None) -> Offsets:
    return [[span.start, span.end] for span in sorted(span for span in spans if span)]
