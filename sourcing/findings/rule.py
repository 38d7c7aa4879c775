"""What a rule is: a check, and its own documentation.

A rule file defines `check(view)`, which yields findings, and RULE, which says what the check is for. docs/findings.md
is generated from these records.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sourcing.findings.view import View
from sourcing.records import Extent, Finding, Quote, Severity, Span


@dataclass(frozen=True)
class Rule:
    """One rule.

    code: SRC1xx anonymity, SRC2xx quotes and marks, SRC3xx speakers, SRC4xx structure, SRC5xx what a corpus says.
    severity: the default: error for what any stylebook calls a fault, warning for what an editor should look at, info for a remark.
    triggers, passes: a short text with such a finding and one without; "[…]" stands for a page of text without
    attribution. A test annotates both by hand and runs the check on them.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    why: str
    fix: str
    triggers: str
    passes: str
    check: Callable[[View], Iterator[Finding]]

    def finding(self, at: Extent | Span | Quote, message: str, *, speaker: str | None = None) -> Finding:
        """Return this rule's finding on the stretch `at`; `message` is one line."""
        return Finding(
            code=self.code, severity=self.severity, message=message, start=at.start, end=at.end, speaker=speaker
        )
