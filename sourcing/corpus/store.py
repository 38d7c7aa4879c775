"""Open, read and append to the tables of a corpus folder.

Appending takes a lock (a file lock, which the system frees when a process dies), so that two processes that add at once
see each other's articles; reading takes none. Within one append `articles` comes last: what a killed process
left in other tables belongs to no article and is not seen.
"""

import hashlib
import json
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from sourcing.corpus.layout import ARTICLES, FORMAT, MARKER, QUOTES, REPORTS, STORIES, TABLES, VERSION, schemas
from sourcing.errors import SourcingError, UsageError

MEMORY = "512MB"  # that DuckDB may hold before it spills to disk
LOCK = ".lock"
PART = f".{MARKER}.part"
STRANGE = re.compile(r"[\[\]^|\0]|%[0-9A-Fa-f]{2}" + (r"|\\" if os.sep == "/" else ""))
"""What means something in addresses of object stores, as which delta-rs takes paths; it undoes %20 where it reads, though not where
it writes."""
UNLIKE = (QUOTES, REPORTS)  # tables whose values hardly ever come twice, so that looking for them is wasted


class Store:
    """The tables of one corpus folder."""

    def __init__(self, path: str | Path, *, create: bool = False) -> None:
        self.path = Path(path)
        self._check_path()
        try:
            version = self._read_marker()
        except FileNotFoundError:
            if not create:
                raise UsageError(
                    f"{self.path} is no corpus: there is no {MARKER} in it (`sourcing corpus add` makes one)"
                ) from None
            version = self._create()
        except NotADirectoryError:
            raise UsageError(f"{self.path} is a file; a corpus is a folder") from None
        except (OSError, ValueError, RecursionError) as error:
            raise UsageError(f"{self.path} is no corpus: its {MARKER} cannot be read ({error})") from None
        if version > VERSION:
            raise UsageError(
                f"{self.path} was written by a newer version of sourcing (format {version}; this one knows "
                f"{VERSION}): update sourcing to read it"
            )

    def _check_path(self) -> None:
        """Raise UsageError for a path that the tables cannot have; links are followed, as the tables' paths are, too."""
        given = str(self.path.absolute())
        path = given if "\0" in given else os.path.realpath(given)
        if strange := set(STRANGE.findall(path)):
            place = self.path if path == given else f"{self.path}, which is {path}"
            raise UsageError(f"the path of a corpus cannot have {' or '.join(sorted(strange))} in it: {place}")

    def _read_marker(self) -> int:
        """The format's version; raises ValueError, among others, where the file is no corpus's."""
        found = json.loads((self.path / MARKER).read_text(encoding="utf-8"))
        known = found if isinstance(found, dict) else {}
        if known.get("format") != FORMAT or not isinstance(version := known.get("version"), int):
            raise ValueError(f"it does not say format {FORMAT!r} and a version")
        return version

    def _create(self) -> int:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with self.locked():
                marker = self.path / MARKER
                if marker.exists():  # another process was faster
                    return VERSION
                if any(entry.name not in (LOCK, PART) for entry in self.path.iterdir()):
                    raise UsageError(f"{self.path} is no corpus, and not empty: give a folder of its own")
                part = self.path / PART
                part.write_text(json.dumps({"format": FORMAT, "version": VERSION}) + "\n", encoding="utf-8")
                part.replace(marker)
        except OSError as error:
            raise UsageError(f"cannot make a corpus at {self.path}: {error.strerror or error}") from error
        return VERSION

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the corpus against other writers; waits for them."""
        from filelock import FileLock

        lock = FileLock(self.path / LOCK)
        try:
            lock.acquire()
        except OSError as error:
            raise UsageError(f"cannot lock the corpus at {self.path}: {error.strerror or error}") from error
        try:
            yield
        finally:
            lock.release()

    def table(self, name: str) -> Any | None:
        """The Delta table as it is now, or None while nothing was written to it."""
        from deltalake import DeltaTable
        from deltalake.exceptions import TableNotFoundError

        try:
            return DeltaTable((self.path / name).resolve().as_uri())
        except TableNotFoundError:
            return None
        except Exception as error:
            raise UsageError(f"{self.path}: the table {name} cannot be read ({_short(error)})") from error

    def files(self, name: str, table: Any | None = None) -> list[str]:
        """The paths of a table's Parquet files now."""
        table = table or self.table(name)
        return [] if table is None else [unquote(urlsplit(uri).path) for uri in table.file_uris()]

    def version(self, name: str) -> int:
        """The number of the table's last commit, -1 while there is none."""
        table = self.table(name)
        return -1 if table is None else int(table.version())

    def revision(self) -> str:
        """A word that changes whenever anything in the corpus does, found without opening a table.

        Commits are known by the time and place of their files too: a corpus that is made anew numbers them from 0 again.
        """
        latest = []
        for name in TABLES:
            log = self.path / name / "_delta_log"
            commits = [entry for entry in os.scandir(log) if entry.name.endswith(".json")] if log.is_dir() else []
            for last in sorted(commits, key=lambda entry: entry.name)[-1:]:
                latest.append(f"{name} {last.name} {last.stat().st_mtime_ns} {last.inode()}")
        return hashlib.sha256("\n".join(latest).encode()).hexdigest()[:16]

    def append(self, name: str, rows: Any) -> None:
        """Add rows (an Arrow table of the table's schema) in one commit; disk errors are UsageError and leave nothing behind."""
        self._write(name, rows, "append")

    def put(self, rows: Any, replaced: list[int | None]) -> None:
        """Add articles; each row with a doc in `replaced` takes that article's place, at one stroke."""
        import pyarrow as pa
        import pyarrow.compute as pc

        fresh = pa.array([doc is None for doc in replaced])
        if (new := rows.filter(fresh)).num_rows:
            self.append(ARTICLES, new)
        changed = rows.append_column("_old", pa.array(replaced, pa.int64())).filter(pc.invert(fresh))
        table = self.table(ARTICLES)
        if changed.num_rows and table is not None:
            values = {f"`{name}`": f"s.`{name}`" for name in rows.schema.names}
            try:
                (
                    table.merge(changed, predicate="t.doc = s._old", source_alias="s", target_alias="t")
                    .when_matched_update(values)
                    .when_not_matched_insert(values)  # removed meanwhile
                    .execute()
                )
            except Exception as error:
                raise UsageError(f"{self.path}: articles cannot be updated ({_short(error)})") from error

    def delete(self, docs: list[int]) -> None:
        """Take articles out."""
        table = self.table(ARTICLES)
        try:
            for low in range(0, len(docs), 1000):
                if table is not None:
                    table.delete(f"doc in ({', '.join(map(str, docs[low : low + 1000]))})")
        except Exception as error:
            raise UsageError(f"{self.path}: articles cannot be removed ({_short(error)})") from error

    def overwrite(self, name: str, rows: Any) -> None:
        """Put these rows (an Arrow table or a stream of record batches) in the place of all there are."""
        self._write(name, rows, "overwrite")

    def _write(self, name: str, rows: Any, mode: Any) -> None:
        from deltalake import ColumnProperties, WriterProperties, write_deltalake

        if name not in TABLES:
            raise ValueError(name)
        try:
            write_deltalake(
                (self.path / name).resolve().as_uri(),
                rows,
                mode=mode,
                writer_properties=WriterProperties(
                    compression="ZSTD",
                    compression_level=1,
                    max_row_group_size=131072,
                    default_column_properties=ColumnProperties(dictionary_enabled=name not in UNLIKE),
                ),
            )
        except Exception as error:
            raise UsageError(f"{self.path}: the table {name} cannot be written ({_short(error)})") from error

    def connect(self, *names: str, memory: str = MEMORY) -> Any:
        """A DuckDB connection with the named tables as views of this moment.

        live: articles, with `story`: the near-duplicate group, or the article's own doc where it has none yet.
        """
        import duckdb

        config: dict[str, Any] = {
            "autoinstall_known_extensions": False, "autoload_known_extensions": False, "memory_limit": memory,
            "preserve_insertion_order": False, "temp_directory": str(self.path / ".spill"),
            "threads": max(1, os.cpu_count() or 1),
        }  # fmt: skip
        connection = duckdb.connect(":memory:", config=config)
        # articles come first: rows of other tables are written before theirs, so none of these is missed
        wanted = dict.fromkeys([ARTICLES, STORIES, *names])
        for name in wanted:
            self._view(connection, name)
        connection.execute(
            f"create view live as select a.*, coalesce(s.story, a.doc) as story from {ARTICLES} a"
            f" left join {STORIES} s on a.doc = s.doc"
        )
        return connection

    def _view(self, connection: Any, name: str) -> None:
        import duckdb

        files = self.files(name)
        if files:
            plain = (
                re.sub(r"([*?\[])", r"[\1]", file).replace("'", "''") for file in files
            )  # they are taken for patterns
            listed = ", ".join(f"'{file}'" for file in plain)
            try:
                connection.execute(f"create view {name} as select * from read_parquet([{listed}])")
            except duckdb.Error as error:
                said = f"files of the table {name} cannot be read ({_short(error)})"
                raise UsageError(f"{self.path}: {said}; `sourcing corpus verify` says what is wrong") from error
        else:
            connection.register(f"_{name}", schemas()[name].empty_table())
            connection.execute(f"create view {name} as select * from _{name}")


@contextmanager
def damage(path: Path) -> Iterator[None]:
    """Turn what DuckDB and Arrow raise over damaged files of the corpus at `path` into UsageError."""
    try:
        yield
    except SourcingError:
        raise
    except Exception as error:
        arrows = isinstance(error, OSError) and error.errno is None  # Arrow's; what the system says has a number
        if not arrows and not type(error).__module__.startswith(("duckdb", "_duckdb", "pyarrow")):
            raise
        said = f"the corpus cannot be read ({_short(error)})"
        raise UsageError(f"{path}: {said}; `sourcing corpus verify` says what is wrong") from error


def _short(error: Exception) -> str:
    """What a library says, in one line of bearable length."""
    said = " ".join(str(error).split())
    return said if len(said) <= 300 else said[:299] + "…"
