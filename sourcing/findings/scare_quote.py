"""SRC203: scare quotes: marks of distance or irony around words nobody is credited with."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import quoted
from sourcing.records import Finding


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each wording in scare quotes, at its first place."""
    seen: set[str] = set()
    for quote in view.annotation.quotes:
        words = quoted(quote.text)
        if quote.role == "scare" and words.casefold() not in seen:
            seen.add(words.casefold())
            yield RULE.finding(quote, f"Scare quotes around {words}: say whose words they are, or drop the marks.")


RULE = Rule(
    code="SRC203",
    name="scare-quote",
    severity="info",
    summary="Scare quotes: words in marks that nobody is credited with.",
    why="The marks tell readers to doubt the words and leave open who coined them, and who doubts.",
    fix="Say whose words they are (“what the ministry calls a ‘flood holiday’”), or write without the marks.",
    triggers="The valley is tired of its ‘flood holidays’.",
    passes="The valley is tired of its flood holidays.",
    check=check,
)
