"""The JSON Schemas of what goes in and what comes out.

They lie in `sourcing/schemas/` of an installed wheel and in `schemas/` at the top of a checkout.

>>> load_schema("article")["required"]
['text']
"""

from pathlib import Path
from typing import Any

from sourcing.errors import UsageError

PLACES = (Path(__file__).parent / "schemas", Path(__file__).parent.parent / "schemas")


def load_schema(name: str) -> dict[str, Any]:
    """Return the JSON Schema called `name` ("article", "report", ...); raises UsageError for an unknown name."""
    import msgspec

    files = _files()
    if name not in files:
        raise UsageError(f"there is no schema {name!r}; there are: {', '.join(files) or 'none'}")
    schema: dict[str, Any] = msgspec.json.decode(files[name].read_bytes())
    return schema


def schema_names() -> tuple[str, ...]:
    """Return the names `load_schema` takes, sorted."""
    return tuple(_files())


def _files() -> dict[str, Path]:
    """Return the schema files by name; the wheel's folder wins over the checkout's."""
    found = {path.stem: path for place in reversed(PLACES) for path in place.glob("*.json")}
    return dict(sorted(found.items()))
