"""Parquet: one article a row, read in small batches of the columns that are needed.

A Parquet file is read from its end, so one from a pipe or packed as .gz is taken into memory first, up to the limit. A
damaged group of rows is one Failure; the groups after it are read.
"""

import io
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, BinaryIO

from sourcing.documents.articles import article_from_fields
from sourcing.documents.encodings import decode
from sourcing.documents.mapping import choose_columns
from sourcing.documents.reader import Reader
from sourcing.documents.source import Source, damage
from sourcing.errors import InputError
from sourcing.records import Article, Failure

MAGIC = b"PAR1"
# 390 MB of articles in one group of rows took 105 MB of memory so (60 of them Arrow's code), and 500 MB without BUFFER.
ROWS = 16
BUFFER = 1 << 20
# Inflated size of one column in one group of rows, and how much smaller it may be packed, as for Word files.
MOST_BYTES = 64 << 20
MOST_RATIO = 200


def read_parquet(source: Source) -> Iterator[Article | Failure]:
    """Yield an Article or a Failure for each row."""
    file = _open(source)
    columns = _choose(file, source)
    row = 0
    for group in range(file.metadata.num_row_groups):
        left = file.metadata.row_group(group).num_rows
        try:
            for batch in _batches(file, group, sorted({*columns.values()}), source.name):
                for number in range(batch.num_rows):
                    yield _read_row(source, row + number + 1, batch, number, columns)
                row += batch.num_rows
                left -= batch.num_rows
        except InputError as error:
            message = f"{source.name}: rows {row + 1} to {row + left} {error}"
            yield Failure(input=source.name, code=error.code, message=message)
        row += max(left, 0)
    if not row:
        raise InputError("empty", source.name, f"{source.name} has no rows")


def _open(source: Source) -> Any:
    """Return the Parquet file; raises InputError."""
    import pyarrow.parquet as pq

    stream: BinaryIO = source.stream
    if not (isinstance(stream, io.BufferedReader) and stream.seekable()):
        stream = io.BytesIO(source.read_all())
    with damage(source.name):
        magic = stream.read(4)
        stream.seek(0)
    if magic != MAGIC:
        code, what = ("invalid-parquet", "is no Parquet file") if magic else ("empty", "is empty")
        raise InputError(code, source.name, f"{source.name} {what}")
    try:
        return pq.ParquetFile(stream, pre_buffer=False, buffer_size=BUFFER, page_checksum_verification=True)
    except Exception as error:  # whatever a file does to Arrow, it is one bad input
        message = f"{source.name} is cut off or damaged: the index at its end cannot be read ({_reason(error)})"
        raise InputError("invalid-parquet", source.name, message) from error


def _choose(file: Any, source: Source) -> Mapping[str, str]:
    """Return the column of each field that there is; raises InputError "no-column" or "invalid-parquet"."""
    try:
        schema = file.schema_arrow
        names = schema.names
        chosen = choose_columns(names, source.mapping, source.name)
        unfit = {field: schema.field(n).type for field, n in chosen.items() if not _fits(field, schema.field(n).type)}
    except InputError:
        raise
    except Exception as error:
        message = f"{source.name} has columns that cannot be read ({_reason(error)})"
        raise InputError("invalid-parquet", source.name, message) from error
    for field, kind in unfit.items():
        if field in source.mapping or field == "text":
            message = f"{source.name} has {str(kind)[:100]} in the column {names[chosen[field]]!r}, which cannot be the {field}"
            raise InputError("no-column", source.name, message)
    return {field: names[number] for field, number in chosen.items() if field not in unfit}


def _fits(field: str, kind: Any) -> bool:
    """Say whether a field can come from a column of this type: the text from strings, others from numbers and dates, too."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    strings = (types.is_string, types.is_large_string, types.is_string_view)
    binary = (types.is_binary, types.is_large_binary, types.is_fixed_size_binary, types.is_binary_view)
    others = (types.is_integer, types.is_floating, types.is_date, types.is_timestamp, types.is_null)
    return any(is_one(kind) for is_one in (*strings, *binary, *(others if field != "text" else ())))


def _batches(file: Any, group: int, columns: list[str], name: str) -> Iterator[Any]:
    """Yield the rows of one group, a few at a time; raises InputError, which says what is wrong with the rows left."""
    try:
        packed = file.metadata.row_group(group)
        for column in (packed.column(number) for number in range(packed.num_columns)):
            size = column.total_uncompressed_size
            if column.path_in_schema in columns and size > max(MOST_BYTES, MOST_RATIO * column.total_compressed_size):
                raise InputError("too-large", name, f"inflate to {size} bytes in one column")
        yield from file.iter_batches(batch_size=ROWS, row_groups=[group], columns=columns, use_threads=False)
    except InputError:
        raise
    except Exception as error:
        raise InputError("invalid-parquet", name, f"are damaged ({_reason(error)})") from error


def _read_row(source: Source, row: int, batch: Any, number: int, columns: Mapping[str, str]) -> Article | Failure:
    name = f"{source.name}#{row}"
    fields: dict[str, str | None] = {}
    warnings: dict[str, None] = {}
    try:
        for field, column in columns.items():
            cell, warned = _as_string(batch.column(column), number, name, source.encoding)
            if len((cell or "").encode("utf-8", "surrogatepass")) > source.max_bytes:
                raise InputError("too-large", name, f"{name} is larger than {source.max_bytes} bytes ({column})")
            warnings.update(dict.fromkeys(warned))
            fields[field] = cell if field == "text" else (cell or "").strip() or None
        return article_from_fields(fields, id=f"{source.id}-{row}", origin=name, warnings=tuple(warnings))
    except InputError as error:
        return error.record()


def _as_string(column: Any, number: int, name: str, encoding: str | None) -> tuple[str | None, tuple[str, ...]]:
    """Return a cell as a string, dates and times as ISO 8601 has them, and warnings; raises InputError."""
    import pyarrow

    try:
        cell = column[number]
        if pyarrow.types.is_timestamp(cell.type) and cell.type.unit == "ns":  # Python's end at microseconds
            cell = cell.cast(pyarrow.timestamp("us", tz=cell.type.tz), safe=False)
        value = cell.as_py()
    except UnicodeDecodeError:
        value = cell.as_buffer().to_pybytes()
    except Exception as error:
        raise InputError(
            "invalid-article", name, f"{name} has a value that cannot be read ({_reason(error)})"
        ) from None
    if isinstance(value, bytes):
        return decode(value, name=name, encoding=encoding) if value else (None, ())
    if isinstance(value, date):
        return value.isoformat(), ()
    if isinstance(value, float):  # a column of whole numbers has become one of floats if one of them is missing
        return (None if value != value else str(int(value)) if value.is_integer() else str(value)), ()
    return (None if value is None else str(value)), ()


def _reason(error: Exception) -> str:
    """Return the first line of what Arrow says, which can quote the damaged bytes."""
    line = (str(error).splitlines() or [""])[0][:200]
    return "".join(c if c.isprintable() else "?" for c in line).strip() or type(error).__name__


READER = Reader("parquet", (".parquet",), read_parquet, lambda head: head.startswith(MAGIC))
