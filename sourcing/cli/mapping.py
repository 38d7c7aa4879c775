"""The option that says which column of a table each field of an article comes from: `--map text=body,outlet=source`."""

from collections.abc import Iterable

import rich_click as click

from sourcing.errors import UsageError

map_option = click.option(
    "--map",
    "mapping",
    metavar="FIELD=COLUMN",
    multiple=True,
    help=(
        "In tables and JSON, take a field of the article from this column or key, as in text=body,outlet=source; "
        "dots lead into JSON objects (text=content.body)."
    ),
)


def parse_mapping(values: Iterable[str]) -> dict[str, str]:
    """Return the column of each field that is named; raises UsageError.

    values: what was given, each one pair or several with commas between them. Whether there is such a field is for
    `documents.read` to say.

    >>> parse_mapping(["text=body, outlet=source", "id=url"])
    {'text': 'body', 'outlet': 'source', 'id': 'url'}
    """
    mapping: dict[str, str] = {}
    for pair in (pair for value in values for pair in value.split(",") if pair.strip()):
        field, _, column = (part.strip() for part in pair.partition("="))
        if not field or not column:
            raise UsageError(f"--map takes FIELD=COLUMN, for example text=body, not {pair.strip()!r}")
        if mapping.setdefault(field, column) != column:
            raise UsageError(f"--map names two columns for {field}: {mapping[field]!r} and {column!r}")
    return mapping
