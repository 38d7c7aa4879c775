"""The command table, its docs, and the small commands."""

import json
import pkgutil
from pathlib import Path

import pytest

import sourcing.cli
from sourcing.cli import COMMANDS, main
from sourcing.cli.docs import cli_markdown
from sourcing.schema import load_schema, schema_names

DOCS = Path(__file__).parents[2] / "docs" / "cli.md"
NO_COMMANDS = {"docs", "interrupt", "mapping", "output", "progress"}


def test_every_command_file_is_listed():
    files = {info.name for info in pkgutil.iter_modules(sourcing.cli.__path__)} - NO_COMMANDS
    assert files == set(COMMANDS)
    assert len(set(COMMANDS)) == len(COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_is_documented_and_has_help(run, name):
    assert f"## sourcing {name}\n" in cli_markdown()
    assert run(name, "--help").exit_code == 0
    tests = "".join(path.read_text(encoding="utf-8") for path in Path(__file__).parents[1].rglob("test_*.py"))
    assert f'"{name}"' in tests


def test_docs_are_generated():
    assert DOCS.read_text(encoding="utf-8") == cli_markdown()


def test_an_unknown_command(run):
    result = run("analyse")
    assert result.exit_code == 2
    assert main.get_command(main.make_context("sourcing", ["schema"]), "os") is None


@pytest.mark.parametrize("name", schema_names())
def test_schema(run, name):
    result = run("schema", name)
    assert result.exit_code == 0
    assert json.loads(result.stdout) == load_schema(name)


def test_schema_names(run):
    assert run("schema").stdout.split() == list(schema_names())
    result = run("schema", "../pyproject")
    assert result.exit_code == 2
    assert result.stderr.startswith("sourcing: there is no schema")


def test_rules(run):
    from sourcing.findings import RULES
    from sourcing.findings.docs import rules_markdown

    lines = run("rules").stdout.splitlines()
    assert [line.split()[0] for line in lines] == [rule.code for rule in RULES]
    assert run("rules", "--format", "markdown").stdout == rules_markdown()
    records = json.loads(run("rules", "--format", "json").stdout)
    assert [record["code"] for record in records] == [rule.code for rule in RULES]
    assert set(records[0]) == {"code", "name", "severity", "summary", "why", "fix", "triggers", "passes"}


@pytest.mark.parametrize("name", ["text", "markdown", "json"])
def test_one_rule(run, name):
    result = run("rules", "src101", "--format", name)
    assert result.exit_code == 0
    assert "SRC101" in result.stdout
    assert "SRC102" not in result.stdout


def test_one_rule_as_markdown_is_its_part_of_the_docs(run):
    from sourcing.findings.docs import rules_markdown

    assert run("rules", "SRC101", "--format", "markdown").stdout in rules_markdown()


def test_a_group_of_rules_and_none(run):
    codes = [line.split()[0] for line in run("rules", "SRC1").stdout.splitlines()]
    assert codes
    assert all(code.startswith("SRC1") for code in codes)
    result = run("rules", "XYZ")
    assert (result.exit_code, result.stdout) == (2, "")
    assert "there is no rule 'XYZ'" in result.stderr
