"""SRC502: a quote that other articles have in other words."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import difference
from sourcing.records import Finding

LONG = 90  # characters around the difference: both wordings are the point


def check(view: View) -> Iterator[Finding]:
    """Yield one finding for each quote whose words differ from the same quote's elsewhere, with both wordings."""
    for other in view.quotes_elsewhere("wording"):
        quote = view.quote(other.quote)
        where = f"{other.outlet} ({other.article})" if other.outlet else other.article
        here, there = difference(quote.text, other.text, limit=LONG)
        message = f"Other words elsewhere: {there} in {where}, {here} here."
        yield RULE.finding(quote, message, speaker=quote.speaker)


RULE = Rule(
    code="SRC502",
    name="other-wording",
    severity="warning",
    summary="A quote whose words differ from the same quote elsewhere in the corpus (with a corpus only).",
    why="Words in quotation marks are a promise that they were said. Two wordings cannot both be verbatim, unless the "
    "speaker said it twice or one is a translation.",
    fix="Check against the recording or the statement; correct the quote, or paraphrase without marks.",
    triggers="“The old wall will not hold another winter,” said Olga Marsh. Elsewhere it reads “the old wall may not hold "
    "another winter”.",
    passes="“The old wall will not hold another winter,” said Olga Marsh. Elsewhere it reads the same.",
    check=check,
)
