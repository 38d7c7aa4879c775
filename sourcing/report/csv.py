"""CSV: the annotation table of journalism-ethics research, one row a sourced statement.

RFC 4180 in UTF-8, one header however many articles. A cell that a spreadsheet would take for a formula gets a leading
apostrophe. Attributions whose source could not be made out have no row: there is no source to describe.
"""

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain

from sourcing.records import Attribution, Failure, Report, Speaker
from sourcing.report.formats import Format, Layout
from sourcing.report.speakers import anonymity_words, label
from sourcing.report.statements import sentence_extents, statement_of
from sourcing.report.untrusted import one_line

COLUMNS = {
    "Article": "the report's `article.id`",
    "SourcedStatement": "the whole sentence or sentences of the attribution; `[…]` where others between are left out",
    "SourceType": "Named Person, Named Organization (outlets too), Document, Anonymous Source (anonymity was granted, "
    "or the text itself says “source” or “anonymous”), Unnamed Person or Unnamed Group of People",
    "Name": "the fullest name in the article; empty for the unnamed",
    "Title": "post or honorific",
    "Justification": "what else the text says to introduce the source: description, affiliation, reason for anonymity",
}

SOURCE_TYPE = {
    "person": "Named Person",
    "organization": "Named Organization",
    "outlet": "Named Organization",
    "document": "Document",
    "unnamed_person": "Unnamed Person",
    "unnamed_group": "Unnamed Group of People",
}
ANONYMOUS = "Anonymous Source"

_CALLED_ANONYMOUS = re.compile(r"\b(?:anonym\w*|sources?)\b", re.IGNORECASE)
# What spreadsheets take for a formula (owasp.org, "CSV Injection"), full-width forms included.
LONGEST_CELL = 32_767  # characters that a spreadsheet takes
_FORMULA = re.compile(r"[=+\-@\t\r\n＝＋－＠]")


def render(results: Iterator[Report | Failure], layout: Layout) -> Iterator[str]:
    """Yield the header, then the rows of one report at a time; failures are left to the error stream."""
    first = next(results, None)  # before the header: a run that cannot start leaves no half of a table
    yield _line(*COLUMNS)
    for result in chain([] if first is None else [first], results):
        if isinstance(result, Report) and (rows := "".join(_line(*map(cell, row)) for row in rows_of(result))):
            yield rows


def rows_of(report: Report) -> Iterator[tuple[str, str, str, str, str, str]]:
    """Yield the report's rows in the order of the text, cells as they are before they are made safe."""
    sentences = sentence_extents(report)
    speakers = {speaker.id: speaker for speaker in report.speakers}
    for item in sorted(report.attributions, key=lambda item: min((span.start for span in item.content), default=0)):
        speaker = speakers.get(item.speaker or "")
        if speaker is not None:
            yield (
                report.article.id,
                statement_of(report, item, sentences),
                source_type(speaker, item),
                speaker.name or "",
                speaker.title or "",
                justification(speaker),
            )


def source_type(speaker: Speaker, item: Attribution) -> str:
    """Return the research category; anonymity comes before the number of people, and only for the unnamed."""
    if speaker.class_ != "anonymous":
        return SOURCE_TYPE[speaker.type]
    if speaker.anonymity is not None and speaker.anonymity.granted:
        return ANONYMOUS
    named_by = [mention.text for mention in speaker.mentions]
    named_by += [item.source.text] if item.source else []
    return ANONYMOUS if any(map(_CALLED_ANONYMOUS.search, named_by)) else SOURCE_TYPE[speaker.type]


def justification(speaker: Speaker) -> str:
    """Return description, affiliation and anonymity, none said twice; else the text's own words for the unnamed."""
    parts: list[str] = []
    for part in (speaker.description, speaker.affiliation):
        if part and not any(one_line(part).casefold() in earlier.casefold() for earlier in parts):
            parts.append(one_line(part))
    if not parts and not speaker.name:
        parts.append(label(speaker))
    return "; ".join([*parts, *anonymity_words(speaker)])


def cell(value: str) -> str:
    """Return `value` on one line, with an apostrophe before anything a spreadsheet would run, and no longer than its cells.

    >>> cell('=HYPERLINK("https://example.org")')
    '\\'=HYPERLINK("https://example.org")'
    """
    line = one_line(value)
    line = line if len(line) <= LONGEST_CELL else f"{line[: LONGEST_CELL - 2]}…"
    return f"'{line}" if _FORMULA.match(line) else line


def _line(*cells: str) -> str:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(cells)
    return stream.getvalue()


FORMAT = Format(
    name="csv",
    summary="one row a sourced statement, for spreadsheets and research",
    needs_text=True,
    render=render,
)
