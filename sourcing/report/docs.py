"""docs/report.md, written from the schema, the formats and the CSV's columns: `python -m sourcing.report.docs`."""

from collections.abc import Iterator
from typing import Any

from sourcing.report import FORMATS
from sourcing.report.csv import COLUMNS
from sourcing.schema import load_schema

STREAMS = """\
Reports go to standard output or to `--output FILE`, in the order of the inputs, each as soon as it is done; everything
else goes to standard error. Output is UTF-8. A file is written under another name and renamed when it is complete.

An input that cannot be read is one line on standard error, `sourcing: INPUT: message`. In `json` and `jsonl` an error
record, `{"error": {…}}` as in schemas/error.json, stands in the report's place as well, so that line n of `jsonl` is
input n; `html` and `markdown` list it. `json` prints one object for one input and an array for several PATHs, a
folder, a JSON Lines file, or whatever else turns out to hold more than one article.

Text from articles is never trusted: control characters, terminal escapes and bidirectional overrides are shown as signs
(in JSON they are escaped), Markdown and HTML are escaped, only http and https addresses become links, and a CSV cell
that a spreadsheet would run as a formula starts with an apostrophe.

Lines and columns count from 1, columns in code points; for HTML and Word they count in the extracted text
(`article.text`)."""


def report_markdown() -> str:
    """Return docs/report.md."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    yield "# The report"
    yield ""
    yield "<!-- Generated: python -m sourcing.report.docs > docs/report.md -->"
    yield ""
    yield "## Formats"
    yield ""
    yield "| `--format` | for |"
    yield "| --- | --- |"
    for entry in FORMATS:
        yield f"| `{entry.name}` | {entry.summary} |"
    yield ""
    yield STREAMS
    yield ""
    yield "Exit codes are listed in [cli.md](cli.md#exit-codes)."
    yield ""
    yield "## Columns of the CSV"
    yield ""
    yield "One row a sourced statement. An attribution whose source cannot be made out has no row."
    yield ""
    yield "| column | holds |"
    yield "| --- | --- |"
    for name, meaning in COLUMNS.items():
        yield f"| `{name}` | {meaning} |"
    yield ""
    yield "## Fields of the JSON"
    yield ""
    report = load_schema("report")
    yield report["description"] + " The contract is schemas/report.json; `sourcing schema report` prints it."
    yield ""
    yield from _fields(report, report["$defs"])
    for name, record in report["$defs"].items():
        yield f"### {name.replace('_', '.', 1) if name.startswith('metrics_') else name}"
        yield ""
        yield record["description"]
        yield ""
        yield from _fields(record, report["$defs"])
    error = load_schema("error")
    yield "### error"
    yield ""
    yield error["description"]
    yield ""
    yield from _fields(error["properties"]["error"], {})


def _fields(record: dict[str, Any], definitions: dict[str, Any]) -> Iterator[str]:
    yield "| field | type | meaning |"
    yield "| --- | --- | --- |"
    for field, schema in record["properties"].items():
        meaning = schema.get("description") or definitions[_name(schema)]["description"]
        yield f"| `{field}` | {_type(schema)} | {meaning} |"
    yield ""


def _type(schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        name = _name(schema)
        return f"[{name.replace('_', '.', 1)}](#{name.replace('_', '')})"
    if "anyOf" in schema:
        return " or ".join(_type(part) for part in schema["anyOf"])
    if "const" in schema:
        return f"`{schema['const']}`"
    if schema.get("type") == "array":
        return f"array of {_type(schema['items'])}"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(kinds)


def _name(schema: dict[str, Any]) -> str:
    name: str = schema["$ref"].rpartition("/")[2]
    return name


if __name__ == "__main__":
    print(report_markdown(), end="")
