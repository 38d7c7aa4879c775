"""findings: an annotated and measured article in, the rules' remarks out, like a linter's.

    findings = check(article, annotation, metrics, select=["SRC1"], ignore=["SRC103"])

The rules, with reasons, advice and examples: docs/findings.md. To add one: a file with its RULE, and a line in RULES.
"""

from collections.abc import Sequence

from sourcing.errors import UsageError
from sourcing.findings.anonymous_without_reason import RULE as SRC101
from sourcing.findings.bare_source import RULE as SRC102
from sourcing.findings.long_stretch import RULE as SRC401
from sourcing.findings.no_attribution import RULE as SRC404
from sourcing.findings.nowhere_else import RULE as SRC501
from sourcing.findings.one_road import RULE as SRC504
from sourcing.findings.one_source import RULE as SRC402
from sourcing.findings.other_speaker import RULE as SRC503
from sourcing.findings.other_wording import RULE as SRC502
from sourcing.findings.rests_on_one_anonymous import RULE as SRC104
from sourcing.findings.rule import Rule
from sourcing.findings.scare_quote import RULE as SRC203
from sourcing.findings.second_hand import RULE as SRC403
from sourcing.findings.single_name import RULE as SRC302
from sourcing.findings.speech_without_speaker import RULE as SRC201
from sourcing.findings.unbalanced_quote import RULE as SRC202
from sourcing.findings.unidentified_speaker import RULE as SRC301
from sourcing.findings.vague_group import RULE as SRC103
from sourcing.findings.view import View
from sourcing.measure.distribution import Reference, load_reference
from sourcing.records import Annotation, Article, Elsewhere, Finding, Metrics

__all__ = ["RULES", "Rule", "check", "select_rules"]

RULES: tuple[Rule, ...] = (
    SRC101,
    SRC102,
    SRC103,
    SRC104,
    SRC201,
    SRC202,
    SRC203,
    SRC301,
    SRC302,
    SRC401,
    SRC402,
    SRC403,
    SRC404,
    SRC501,
    SRC502,
    SRC503,
    SRC504,
)


def check(
    article: Article,
    annotation: Annotation,
    metrics: Metrics,
    *,
    select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    reference: Reference | None = None,
    elsewhere: Elsewhere | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of the selected rules, by start, then code.

    select, ignore: codes or prefixes of codes ("SRC1"); nothing selected means all, and ignore has the last word.
    reference: what SRC401's limit is read off; the shipped one by default. elsewhere: what a corpus says, for SRC5.
    Raises UsageError, naming it, for a code or prefix that no rule has.
    """
    view = View(article, annotation, metrics, reference or load_reference(), elsewhere)
    found = [finding for rule in select_rules(select=select, ignore=ignore) for finding in rule.check(view)]
    return tuple(sorted(found, key=lambda finding: (finding.start, finding.code, finding.end)))


def select_rules(*, select: Sequence[str] = (), ignore: Sequence[str] = ()) -> tuple[Rule, ...]:
    """Return the rules that `select` and `ignore` leave, in order; raises UsageError for an unknown code or prefix."""
    for prefix in (*select, *ignore):
        if not prefix or not any(rule.code.startswith(prefix) for rule in RULES):
            known = ", ".join(rule.code for rule in RULES)
            raise UsageError(f"No rule has the code or prefix '{prefix}'; known are {known}.")
    return tuple(
        rule
        for rule in RULES
        if (not select or rule.code.startswith(tuple(select))) and not rule.code.startswith(tuple(ignore))
    )
