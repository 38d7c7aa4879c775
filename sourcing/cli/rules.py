"""`sourcing rules`: what findings there are, and what each is for."""

from dataclasses import fields
from typing import TYPE_CHECKING, Literal

import rich_click as click

from sourcing.errors import UsageError

if TYPE_CHECKING:
    from sourcing.findings import Rule


@click.command("rules")
@click.argument("code", required=False)
@click.option(
    "-f",
    "--format",
    "format_name",
    type=click.Choice(["text", "markdown", "json"]),
    default="text",
    show_default=True,
    help="How the rules are written.",
)
def command(code: str | None, format_name: Literal["text", "markdown", "json"]) -> None:
    """List the rules, or say what the rule CODE is for; a prefix such as SRC1 lists its group.

    Markdown is docs/findings.md (with a CODE, its part of it).
    """
    from sourcing.findings import RULES

    chosen = [rule for rule in RULES if code is None or rule.code.startswith(code.upper())]
    if not chosen:
        raise UsageError(f"there is no rule {code!r}; there are: {', '.join(rule.code for rule in RULES)}")
    if format_name == "json":
        import json

        records = [_record(rule) for rule in chosen]
        click.echo(json.dumps(records, ensure_ascii=False, indent=2))
    elif format_name == "markdown" and code is None:
        from sourcing.findings.docs import rules_markdown

        click.echo(rules_markdown(), nl=False)
    elif format_name == "markdown":
        from sourcing.findings.docs import rule_markdown

        click.echo("\n".join(map(rule_markdown, chosen)), nl=False)
    elif code is not None and len(chosen) == 1:
        click.echo(_section(chosen[0]), nl=False)
    else:
        names = max(len(rule.name) for rule in chosen)
        for rule in chosen:
            click.echo(f"{rule.code}  {rule.severity:<7}  {rule.name:<{names}}  {rule.summary}")


def _record(rule: "Rule") -> dict[str, str]:
    return {entry.name: getattr(rule, entry.name) for entry in fields(rule) if entry.name != "check"}


def _section(rule: "Rule") -> str:
    return (
        f"{rule.code} {rule.name} ({rule.severity})\n\n{rule.summary}\n\nWhy: {rule.why}\n\n"
        f"What to do: {rule.fix}\n\n- A finding: {rule.triggers}\n- None: {rule.passes}\n"
    )
