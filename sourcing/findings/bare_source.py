"""SRC102: "sources", "a source", "insiders" and nothing that says what they can know."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import bare_noun, quoted, word_list
from sourcing.records import Finding

NOUNS = word_list("bare_sources")


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each anonymous speaker that is only ever called a source."""
    for speaker in view.annotation.speakers:
        if speaker.class_ == "anonymous" and bare_noun(speaker) in NOUNS and (at := view.first_mention(speaker)):
            message = f"{quoted(at.text)} says nothing of what this source can know: describe the post or the vantage."
            yield RULE.finding(at, message, speaker=speaker.id)


RULE = Rule(
    code="SRC102",
    name="bare-source",
    severity="warning",
    summary="“Sources”, “a source”, “insiders” with nothing that says what they can know.",
    why="Even a source that must stay anonymous can be described: the closer, the better readers can judge. Reuters "
    "asks for as full a description as can be had, AP for a source in a position to know.",
    fix="Describe the source as closely as agreed: “a port engineer who has seen the survey” instead of “a source”.",
    triggers="Sources said the dam would be closed in spring.",
    passes="Two sources in the dam's control room said it would be closed in spring.",
    check=check,
)
