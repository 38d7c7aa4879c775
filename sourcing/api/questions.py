"""Questions to a corpus, which worker processes put to it (`Service.ask`): plain functions of its folder and plain values.

What takes long over a large corpus is worked out once a revision, into a file that the questions after it read.
"""

import hashlib
import time
from pathlib import Path
from typing import Any

import msgspec

from sourcing.corpus import Corpus
from sourcing.records.corpus import Unattested

LISTED = "id, title, outlet, domain, author, published, url, language, score, story"
MOST_LISTED = 100
LISTS = ".json"
OUTDATED = 600.0  # seconds after which no question reads a file of an earlier revision any more
PEOPLE = (
    "name, class, type, status, articles, stories, outlets, attributions, quotes, words, title, affiliation, description,"
    " examples"
)


def describe(path: Path, name: str) -> bytes:
    """What is in a corpus, as JSON, under its name and not its place on this machine."""
    found = Corpus(path).info()
    return msgspec.json.encode({"name": name, **msgspec.to_builtins(found), "path": name})


def list_articles(
    path: Path, outlet: str | None, since: str | None, search: str | None, after: str | None, limit: int
) -> list[dict[str, Any]]:
    """Articles by id, from after an id."""
    table = Corpus(path).articles(outlet=outlet, since=since, limit=limit, after=after, search=search)
    rows: list[dict[str, Any]] = table.select(LISTED.split(", ")).to_pylist()
    return rows


def read_report(path: Path, identity: str) -> bytes | None:
    """The stored report of an article, as JSON."""
    found = Corpus(path).report(identity)
    return None if found is None else msgspec.json.encode(found)


def look_over(path: Path, folder: Path) -> Path:
    """The file with the speakers of a corpus as it is now, which is made if it is not there, and beside it one of what `read_lists`
    gives. Files of earlier revisions go when nobody can be reading them any more."""
    import pyarrow as pa
    import pyarrow.parquet as pq
    from filelock import FileLock

    corpus = Corpus(path)
    file = folder / f"{corpus.revision()}.parquet"
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / ".lock"):  # two servers at once make it once
        if is_whole(file):
            return file
        found = corpus.overview(limit=MOST_LISTED)
        shares = [row for row in found.shares.to_pylist() if row["nowhere_else"]]
        file.with_suffix(LISTS).write_bytes(msgspec.json.encode(Lists(unattested=found.unattested, shares=shares)))
        names, kinds = found.speakers["name"].to_pylist(), found.speakers["class"].to_pylist()
        ids = pa.array([id_of(name, kind) for name, kind in zip(names, kinds, strict=True)], pa.string())
        part = file.with_suffix(".part")
        pq.write_table(found.speakers.append_column("id", ids), part)
        part.replace(file)
        for old in folder.glob("*.*"):
            if old.suffix in (file.suffix, LISTS) and old.stat().st_mtime < time.time() - OUTDATED:
                old.unlink()
    return file


def is_whole(file: Path) -> bool:
    """Has `look_over` made this file, and what stands beside it?"""
    return file.is_file() and file.with_suffix(LISTS).is_file()


class Lists(msgspec.Struct, frozen=True, kw_only=True):
    """unattested: who is met in one story only, most suspicious first; shares: the articles with most of them, as Corpus.shares;
    MOST_LISTED of each at most."""

    unattested: list[Unattested]
    shares: list[dict[str, Any]]


def read_lists(path: Path, file: Path) -> Lists:
    """What stands beside the file of `look_over`."""
    try:
        return msgspec.json.decode(file.with_suffix(LISTS).read_bytes(), type=Lists)
    except (OSError, msgspec.DecodeError):
        file.unlink(missing_ok=True)  # it is made anew when it is asked for again
        raise


def id_of(name: str, kind: str) -> str:
    """The id of a speaker: the same as long as the name is.

    >>> id_of("Ada Quill", "named")
    '225a3893b2c48689'
    """
    return hashlib.sha256(f"{kind}\0{name}".encode("utf-8", "replace")).hexdigest()[:16]


def find_speakers(
    path: Path,
    file: Path,
    status: str | None,
    kind: str | None,
    search: str | None,
    outlet: str | None,
    after: tuple[str, str] | None,
    limit: int,
) -> list[dict[str, Any]]:
    """Speakers by name, from after a name and class; status "none" are those without one."""
    query = f"""
        select id, {PEOPLE} from read_parquet($file)
        where ($status is null or coalesce(status, 'none') = $status) and ($kind is null or class = $kind)
            and ($search is null or contains(lower(concat_ws(' ', name, title, affiliation, description)), lower($search)))
            and ($outlet is null or len(list_filter("in", lambda place: lower(place) = lower($outlet))) > 0)
            and ($name is null or (name, class) > ($name, $class)) order by name, class limit {int(limit)}
    """
    name, of = after or (None, None)
    given = {
        "status": status,
        "kind": kind,
        "search": search,
        "outlet": outlet,
        "name": name,
        "class": of,
    }
    return _rows(file, query, given)


def describe_speaker(path: Path, file: Path, identity: str) -> bytes | None:
    """A speaker with all forms of the name and the reasons, as JSON; None for an id that nobody has."""
    rows = _rows(file, f"select id, {PEOPLE} from read_parquet($file) where id = $id", {"id": identity})
    if not rows:
        return None
    who = Corpus(path).speaker(rows[0]["name"])
    return msgspec.json.encode({**rows[0], "identity": who})


def compare(path: Path, by: str, minimum: int) -> bytes:
    """The comparison of a corpus, as JSON (schemas/comparison.json)."""
    return msgspec.json.encode(Corpus(path).compare(by=by, minimum=minimum))


def _rows(file: Path, query: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of the file of `look_over`."""
    import duckdb

    config: dict[str, Any] = {"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    with duckdb.connect(config=config) as connection:
        try:
            found = connection.sql(query, params={**given, "file": str(file)}).to_arrow_table()
        except duckdb.Error:
            file.unlink(missing_ok=True)  # damaged: it is made anew when it is asked for again
            raise
    rows: list[dict[str, Any]] = found.to_pylist()
    return rows
