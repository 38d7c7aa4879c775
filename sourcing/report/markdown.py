"""Markdown: the terminal's view for an issue, a pull request or a shared document (CommonMark with tables).

Every word from an article is escaped: it makes no heading, link, image, HTML, mention or issue reference.
"""

import re
from collections.abc import Iterator, Sequence

from sourcing.records import Failure, Report
from sourcing.report.figures import component_words, count, key_figures
from sourcing.report.formats import Format, Layout
from sourcing.report.places import Places, place_of
from sourcing.report.quoted import Passage, paraphrases, quoted_passages
from sourcing.report.speakers import NO_SIGN, NOBODY, SIGN, by_weight, first_offset, identification, label, type_words
from sourcing.report.untrusted import one_line, visible, web_address

_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")
_START = re.compile(r"^([-+=]|\d+(?=[.)]))")
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
# GitHub and GitLab look for mentions and bare addresses after escapes are undone; an empty comment keeps them apart.
_REFERENCE = re.compile(r"@(?=\w)|#(?=\d)|:(?=//)|www(?=\.)", re.IGNORECASE)


def render(results: Iterator[Report | Failure], layout: Layout) -> Iterator[str]:
    """Yield one section a result, failures too, so that a shared document says what is missing."""
    first = True
    for result in results:
        block = render_report(result) if isinstance(result, Report) else _failure(result)
        yield ("" if first else "\n") + block
        first = False


def render_report(report: Report) -> str:
    """Return one report as Markdown that starts with a heading of level 2 and ends in a line feed."""
    text = report.article.text
    places = Places(text) if isinstance(text, str) else None
    blocks = [*_header(report), *_figures(report), *_sources(report, places), *_quoted(report, places)]
    return "\n".join([*blocks, *_findings(report, places), ""])


def escape(text: str) -> str:
    """Return `text` on one line so that Markdown shows it as it is.

    >>> print(escape("[x](javascript:alert(1)) <b>"))
    \\[x\\](javascript:alert(1)) &lt;b&gt;
    """
    return _START.sub(_escape_start, _escape_part(one_line(text)))


FORMAT = Format(
    name="markdown",
    summary="for an issue or a shared document",
    needs_text=True,
    render=render,
)


def _escape_start(match: re.Match[str]) -> str:
    return f"&#{ord(match[0][0])};{match[0][1:]}"  # a digit cannot be escaped with a backslash


def _escape_part(text: str) -> str:
    entities = re.sub("[&<>]", lambda match: _ENTITIES[match[0]], visible(text))
    return _REFERENCE.sub(lambda match: f"{match[0]}<!-- -->", _SPECIAL.sub(r"\\\1", entities))


def _failure(failure: Failure) -> str:
    return f"## {escape(failure.input)}\n\nNot analyzed: {escape(failure.message)}\n"


def _header(report: Report) -> Iterator[str]:
    article, score = report.article, report.score
    yield f"## {escape(article.title or article.id)}"
    yield ""
    facts = [article.outlet, article.published, article.id if article.title else None, article.language]
    words = [escape(fact) for fact in facts if fact]
    words += [count(article.words, "word"), count(article.sentences, "sentence")]
    if address := web_address(article.url):
        words.append(f"<{address}>" if not re.search(r"[<>\\]", address) else escape(address))
    yield " · ".join(words)
    for warning in report.warnings:
        yield ""
        yield f"> Warning: {escape(warning)}"
    yield ""
    yield f"**Score {score.value:.0f} of 100** (profile {escape(score.profile)})"
    yield ""
    rows = [
        (
            escape(component_words(component.name)),
            "–" if component.percentile is None else f"{component.percentile:.0f}",
            f"{component.weight:.2f}" if component.percentile is not None else "–",
            escape(component.explanation),
        )
        for component in score.components
    ]
    yield from _table(("Component", "Percentile:", "Weight:", "Meaning"), rows)


def _figures(report: Report) -> Iterator[str]:
    yield from _heading("Key figures")
    rows = [(figure.label, figure.value, figure.note) for figure in key_figures(report)]
    yield from _table(("Figure", "Value:", "Of"), rows)


def _sources(report: Report, places: Places | None) -> Iterator[str]:
    yield from _heading("Sources")
    if not report.speakers:
        yield "Nobody speaks in this article."
        return
    rows = []
    for speaker in by_weight(report):
        offset = first_offset(report, speaker)
        rows.append(
            (
                f"{SIGN[speaker.class_]} {escape(label(speaker))}",
                f"{speaker.class_}, {type_words(speaker)}" if speaker.class_ != "anonymous" else type_words(speaker),
                escape(identification(speaker)),
                str(speaker.attributions),
                str(speaker.quotes),
                str(speaker.words),
                "–" if offset is None else place_of(places, offset),
            )
        )
    yield from _table(("Source", "Type", "Introduced as", "Attributions:", "Quotes:", "Words:", "First at:"), rows)
    yield ""
    yield ", ".join(f"{sign} {kind}" for kind, sign in SIGN.items())


def _quoted(report: Report, places: Places | None) -> Iterator[str]:
    yield from _heading("Quoted")
    passages, left_out = quoted_passages(report), paraphrases(report)
    for passage in passages:
        yield f"- `{place_of(places, passage.start)}` {_who(passage)} → {_words(passage)}"
    if not passages:
        yield "No speech in quotation marks."
    if left_out:
        yield ""
        yield f"And {count(left_out, 'paraphrase')} not shown."


def _who(passage: Passage) -> str:
    speaker = passage.speaker
    sign, name = (SIGN[speaker.class_], escape(label(speaker))) if speaker else (NO_SIGN, NOBODY)
    return f"{sign} <b>{name}</b>"


def _words(passage: Passage) -> str:
    """Quoted words are bold by tag: asterisks fail beside quotation marks."""
    parts = []
    for text, kind in passage.parts:
        words = _escape_part(text)
        parts.append(f"<b>{words}</b>" if kind == "said" else f"<i>{words}</i>" if kind == "frame" else words)
    return "".join(parts)


def _findings(report: Report, places: Places | None) -> Iterator[str]:
    yield from _heading("Findings")
    for finding in report.findings:
        place = place_of(places, finding.start)
        yield f"- `{place}` **{escape(finding.code)}** {finding.severity}: {escape(finding.message)}"
    if not report.findings:
        yield "None."


def _heading(title: str) -> Iterator[str]:
    yield ""
    yield f"### {title}"
    yield ""


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """A head that ends in a colon heads a column of numbers, set right."""
    yield "| " + " | ".join(head.rstrip(":") for head in heads) + " |"
    yield "| " + " | ".join("---:" if head.endswith(":") else "---" for head in heads) + " |"
    for row in rows:
        yield "| " + " | ".join(row) + " |"
