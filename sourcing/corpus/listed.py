"""Reference lists: people whom somebody vouches for, e.g. a staff list or an extract of Wikidata. Being on one is an attestation of
its own kind (`listed`).

CSV with a header, or JSON Lines: `name`, and if at hand `aliases` (a list, or separated by "|" or ";") and `description`.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from sourcing.corpus.layout import LISTED, schemas
from sourcing.corpus.person_names import is_specific, stored_key
from sourcing.corpus.store import Store
from sourcing.documents import MAX_BYTES
from sourcing.documents.source import open_source
from sourcing.errors import InputError
from sourcing.records import Failure

BATCH = 50_000


def import_people(store: Store, path: str | Path, *, source: str | None = None) -> tuple[int, list[Failure]]:
    """Put the people of a file on the corpus's list; return how many names were new, and what could not be taken.

    source: what the list is called, by default the file's name. Names that are on the list already are left out.
    """
    import pyarrow as pa

    path = Path(path)
    label = source or path.name
    failures: list[Failure] = []
    fresh: list[tuple[str, str, str, str, str, str | None]] = []
    with store.locked():
        connection = store.connect(LISTED)
        known = {tuple(row) for row in connection.execute(f"select name, person from {LISTED}").fetchall()}
        for number, person in _read(path):
            if isinstance(person, Failure):
                failures.append(person)
                continue
            name, aliases, description = person
            names = [n for n in dict.fromkeys((name, *aliases)) if is_specific(n)]
            if not names:
                message = f"{path}:{number} has no full name: {name!r} could be anybody's"
                failures.append(Failure(input=str(path), code="no-full-name", message=message, line=number))
            for form in names:
                if (form, name) not in known:
                    known.add((form, name))
                    fresh.append((*stored_key(form), form, name, label, description))
        for low in range(0, len(fresh), BATCH):
            columns = list(zip(*fresh[low : low + BATCH], strict=True))
            schema = schemas()[LISTED]
            arrays = [pa.array(column, field.type) for column, field in zip(columns, schema, strict=True)]
            store.append(LISTED, pa.Table.from_arrays(arrays, schema=schema))
    return len(fresh), failures


def _read(path: Path) -> Iterator[tuple[int, "tuple[str, list[str], str | None] | Failure"]]:
    json_lines = path.name.lower().removesuffix(".gz").endswith((".jsonl", ".ndjson"))
    with open_source(path, id="", encoding=None, max_bytes=MAX_BYTES) as source:
        if json_lines:
            for number, line in source.lines():
                if line is None or line.strip():
                    yield number, _from_json(path, number, line)
            return
        text = io.TextIOWrapper(source.stream, encoding="utf-8-sig", errors="replace", newline="")
        rows = csv.DictReader(text)
        header = [(name or "").strip().lower() for name in rows.fieldnames or ()]
        if "name" not in header:
            found = ", ".join(header) or "nothing"
            raise InputError("no-name-column", str(path), f"{path} has no column `name`, but {found}")
        rows.fieldnames = header
        try:
            for row in rows:
                yield rows.line_num, _person(path, rows.line_num, row)
        except csv.Error as error:
            raise InputError("invalid-csv", str(path), f"{path}:{rows.line_num} is not valid CSV: {error}") from None


def _from_json(path: Path, number: int, line: bytes | None) -> "tuple[str, list[str], str | None] | Failure":
    try:
        row = msgspec.json.decode(line or b"")
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return Failure(
            input=str(path), code="invalid-json", message=f"{path}:{number} is not valid JSON: {error}", line=number
        )
    if not isinstance(row, dict):
        return Failure(input=str(path), code="invalid-person", message=f"{path}:{number} is no object", line=number)
    return _person(path, number, row)


def _person(path: Path, number: int, row: dict[str, Any]) -> "tuple[str, list[str], str | None] | Failure":
    name, aliases = row.get("name"), row.get("aliases") or []
    if not isinstance(name, str) or not name.strip():
        return Failure(input=str(path), code="invalid-person", message=f"{path}:{number} has no name", line=number)
    if isinstance(aliases, str):
        aliases = re.split(r"[|;]", aliases)
    if not isinstance(aliases, list) or not all(isinstance(a, str) for a in aliases):
        return Failure(
            input=str(path), code="invalid-person", message=f"{path}:{number}: aliases are no list", line=number
        )
    description = row.get("description")
    tidy = [" ".join(alias.split()) for alias in aliases if alias.strip()]
    return " ".join(name.split()), tidy, description if isinstance(description, str) else None
