"""Which column of a table, or which key of a JSON object, each field of an article comes from.

Without a mapping a field comes from the column of its own name. A mapping says otherwise for the fields it names:

>>> map_object({"content": {"body": "She left."}, "id": 7}, {"text": "content.body"}, "a.json")
{'text': 'She left.', 'id': '7'}
"""

from collections.abc import Mapping, Sequence
from typing import Any

from sourcing.documents.articles import About
from sourcing.errors import InputError, UsageError

FIELDS = ("text", "id", *About.__struct_fields__)
# So many column names a message lists, and so much of each: a table can have 100,000.
NAMED = 20
NAME_LENGTH = 40


def check_mapping(mapping: Mapping[str, str] | None) -> dict[str, str]:
    """Return the mapping as it is used; raises UsageError for a field there is none of, or a column without a name."""
    for field, column in (mapping or {}).items():
        if field not in FIELDS:
            raise UsageError(f"an article has no field {field!r}; it has: {', '.join(FIELDS)}")
        if not isinstance(column, str) or not column:
            raise UsageError(f"say which column {field} comes from, not {column!r}")
    return dict(mapping or {})


def choose_columns(names: Sequence[str], mapping: Mapping[str, str], name: str) -> dict[str, int]:
    """Return the number of the column of each field that a table has.

    names: the table's columns. name: the table, for messages. Raises InputError "no-column" when the text's column,
    or one that the mapping names, is not there or is there twice.
    """
    chosen = {}
    for field in FIELDS:
        column = mapping.get(field, field)
        found = [number for number, other in enumerate(names) if other == column]
        if len(found) > 1:
            raise InputError("no-column", name, f"{name} has {len(found)} columns {column!r}: which is the {field}?")
        if found:
            chosen[field] = found[0]
        elif field in mapping:
            raise InputError("no-column", name, f"{name} has no column {column!r} for the {field}; {_there_are(names)}")
        elif field == "text":
            message = f"{name} has no column 'text'; {_there_are(names)}. Say which is the text: --map text=COLUMN"
            raise InputError("no-column", name, message)
    return chosen


def map_object(value: Any, mapping: Mapping[str, str], name: str) -> Any:
    """Return a JSON object with the names of an article's fields; without a mapping, or of another value, as it is.

    A number becomes a string, except as the text. What the mapping does not name is taken if it is what a field can
    be, and left out otherwise. name: the object, for messages. Raises InputError "invalid-article".
    """
    if not mapping or not isinstance(value, dict):
        return value
    fields = {}
    for field in FIELDS:
        column = mapping.get(field)
        found = _as_string(value.get(field) if column is None else _look_up(value, column), field)
        if isinstance(found, str):
            fields[field] = found
        elif column is not None and found is not None:
            raise InputError("invalid-article", name, f"{name} is no article: {column} ({field}) has to be a string")
        elif field == "text":
            raise InputError("invalid-article", name, f"{name} is no article: it has no {column or 'text'}")
    return fields


def _look_up(value: dict[str, Any], key: str) -> Any:
    """Return what stands under a key, or where a key with dots leads to; None when there is nothing."""
    if key in value:
        return value[key]
    found: Any = value
    for part in key.split("."):
        if isinstance(found, dict):
            found = found.get(part)
        elif isinstance(found, list) and part.isdecimal() and len(part) < 10 and int(part) < len(found):
            found = found[int(part)]
        else:
            return None
    return found


def _as_string(value: Any, field: str) -> Any:
    """Return a number as its digits, unless it is to be the text."""
    return str(value) if type(value) is int and field != "text" else value


def _there_are(names: Sequence[str]) -> str:
    """List a table's columns, the first of them if there are many."""
    if not names:
        return "it has no columns"
    shown = ", ".join(repr(name[:NAME_LENGTH]) for name in names[:NAMED])
    return f"it has: {shown}" + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")
