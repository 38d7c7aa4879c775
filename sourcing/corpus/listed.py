"""Reference lists: people whom somebody vouches for, e.g. a staff list or an extract of Wikidata. Being on one is an attestation of
its own kind (`listed`).

CSV with a header, or JSON Lines: `name`, and if at hand `aliases` (a list, or separated by "|" or ";") and `description`. Encodings
and separators of cells are those of tables of articles; unlike these a list is decoded as one, since a single name is too
short for its encoding to be guessed.
"""

import codecs
import csv
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from sourcing.corpus.layout import LISTED, schemas
from sourcing.corpus.person_names import is_specific, stored_key
from sourcing.corpus.store import Store
from sourcing.documents import MAX_BYTES
from sourcing.documents.delimited import DELIMITERS
from sourcing.documents.encodings import decode
from sourcing.documents.json_article import parse
from sourcing.documents.source import open_source
from sourcing.errors import InputError
from sourcing.records import Failure

BATCH = 50_000
LARGEST = 256 << 20  # bytes of a table, inflated: more people than the memory for them
COLUMNS = frozenset(("name", "aliases", "description"))

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")


def import_people(store: Store, path: str | Path, *, source: str | None = None) -> tuple[int, list[Failure]]:
    """Put the people of a file on the corpus's list; return how many names were new, and what could not be taken.

    source: what the list is called, by default the file's name. Names that are on the list already are left out. Raises
    InputError for a file that cannot be read or decoded, or has no names.
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
    with open_source(path, id="", encoding=None, max_bytes=MAX_BYTES if json_lines else LARGEST) as source:
        if json_lines:
            for number, line in source.lines():
                line = line.removeprefix(codecs.BOM_UTF8) if line and number == 1 else line
                if line is None or line.strip():
                    yield number, _from_json(path, number, line)
            return
        text, _ = decode(source.read_all(), name=source.name)
    yield from _from_table(path, text)


def _from_table(path: Path, text: str) -> Iterator[tuple[int, "tuple[str, list[str], str | None] | Failure"]]:
    """The rows that are not blank, with the line that each begins on."""
    first = next((line for line in _lines_of(text) if line.strip()), "")
    rows = csv.reader(_lines_of(text), delimiter=_delimiter(first))
    header: list[str] = []
    end = 0
    try:
        for cells in rows:
            number, end = end + 1, rows.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells)
                if "name" not in header:
                    break
            elif any(cell.strip() for cell in cells[len(header) :]):
                message = f"{path}:{number} has {len(cells)} cells, and the header has {len(header)}"
                yield number, Failure(input=str(path), code="invalid-csv", message=message, line=number)
            else:
                yield number, _person(path, number, dict(zip(header, cells, strict=False)))
    except csv.Error as error:
        raise InputError("invalid-csv", str(path), f"{path}:{rows.line_num} is not valid CSV: {error}") from None
    if "name" not in header:
        found = ", ".join(header) or "nothing"
        raise InputError("no-name-column", str(path), f"{path} has no column `name`, but {found}")


def _lines_of(text: str) -> Iterator[str]:
    return (match.group() for match in _LINE.finditer(text))


def _delimiter(line: str) -> str:
    """The delimiter by which the header has the names' column, most of those that are read, and most columns."""

    def merits(delimiter: str) -> tuple[bool, int, int]:
        try:
            names = set(_header(next(csv.reader([line], delimiter=delimiter), [])))
        except csv.Error:
            return False, 0, 0
        return "name" in names, len(COLUMNS & names), len(names)

    return max(DELIMITERS, key=merits)


def _header(cells: list[str]) -> list[str]:
    return [cell.strip().lower() for cell in cells]


def _from_json(path: Path, number: int, line: bytes | None) -> "tuple[str, list[str], str | None] | Failure":
    if line is None:
        message = f"{path}:{number} is longer than {MAX_BYTES} bytes"
        return Failure(input=str(path), code="too-large", message=message, line=number)
    try:
        row = parse(line, f"{path}:{number}")
    except InputError as error:
        return Failure(input=str(path), code=error.code, message=str(error), line=number)
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
    if any("\ufffd" in form for form in (name, *aliases)):
        message = f"{path}:{number} has a name with characters that could not be decoded: {name!r}"
        return Failure(input=str(path), code="encoding", message=message, line=number)
    description = row.get("description")
    tidy = [" ".join(alias.split()) for alias in aliases if alias.strip()]
    return " ".join(name.split()), tidy, description if isinstance(description, str) else None
