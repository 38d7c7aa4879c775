"""docs/findings.md, written from the rules themselves.

python -m sourcing.findings.docs > docs/findings.md
"""

from sourcing.findings import RULES, Rule

HEAD = """\
# Findings

Generated from `sourcing/findings/` by `python -m sourcing.findings.docs`; do not edit by hand.

A finding is a rule's remark on a stretch of the article: `code`, `severity`, `message`, `start`, `end` and, where it is
about one, `speaker`. A rule remarks on a speaker once, at the first mention that is no pronoun. `--select` and
`--ignore` take codes or prefixes (`SRC1`). An `error` is what any stylebook calls a fault, a `warning` what an editor
should look at, an `info` a remark.

The rules follow what newsrooms have agreed on in public: the Associated Press's *News Values and Principles* (anonymous
sources), the *Reuters Handbook of Journalism* (sources), the BBC's *Editorial Guidelines* (anonymous sources), the
Guardian's editorial code (anonymous quotations) and the Code of Ethics of the Society of Professional Journalists. In
the examples “[…]” stands for a page of text without attribution. What no rule judges is whether both sides of a dispute
are heard: that needs to know what the dispute is about.
"""


def rules_markdown() -> str:
    """Return docs/findings.md."""
    rows = [f"| [{rule.code}](#{rule.code.lower()}) | {rule.severity} | {rule.summary} |" for rule in RULES]
    table = ["| code | severity | what |", "| --- | --- | --- |", *rows]
    return "\n".join([HEAD, *table, "", *(rule_markdown(rule) for rule in RULES)])


def rule_markdown(rule: Rule) -> str:
    """Return one rule's part of docs/findings.md."""
    return f"""\
<a id="{rule.code.lower()}"></a>
## {rule.code} {rule.name}

{rule.summary} Severity: {rule.severity}.

**Why.** {rule.why}

**What to do.** {rule.fix}

- A finding: {rule.triggers}
- None: {rule.passes}
"""


if __name__ == "__main__":
    print(rules_markdown(), end="")
