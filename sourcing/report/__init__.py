"""Reports as people and programs read them: one output format a file, all of them in FORMATS.

A new output is one file with a `FORMAT` and one line here.

>>> [entry.name for entry in FORMATS]
['text', 'json', 'jsonl', 'html', 'markdown', 'csv']
"""

from sourcing.report import csv, html, json, jsonl, markdown, text
from sourcing.report.formats import Format, Layout

FORMATS: tuple[Format, ...] = (
    text.FORMAT,
    json.FORMAT,
    jsonl.FORMAT,
    html.FORMAT,
    markdown.FORMAT,
    csv.FORMAT,
)

__all__ = ["FORMATS", "Format", "Layout", "format_named"]


def format_named(name: str) -> Format:
    """Return the format called `name`; raises KeyError when there is none."""
    return {entry.name: entry for entry in FORMATS}[name]
