"""Questions to a corpus, which worker processes put to it (`Service.ask`): plain functions of its folder and plain values.

What takes long over a large corpus is worked out once a revision, into a file that the questions after it read.
"""

import hashlib
from pathlib import Path
from typing import Any

import msgspec

from sourcing.corpus import Corpus

LISTED = "id, title, outlet, domain, author, published, url, language, score, story"
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


def write_speakers(path: Path, target: str) -> str:
    """Write the speakers of a corpus, and where else they are met, to a Parquet file; return its path. Files of earlier revisions
    of the corpus go."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    file = Path(target)
    file.parent.mkdir(parents=True, exist_ok=True)
    table = Corpus(path).directory()
    ids = [id_of(name, kind) for name, kind in zip(table["name"].to_pylist(), table["class"].to_pylist(), strict=True)]
    part = file.with_suffix(".part")
    pq.write_table(table.append_column("id", pa.array(ids, pa.string())), part)
    part.replace(file)
    for old in file.parent.glob("*.parquet"):
        if old != file:
            old.unlink(missing_ok=True)
    return str(file)


def id_of(name: str, kind: str) -> str:
    """The id of a speaker: the same as long as the name is.

    >>> id_of("Ada Quill", "named")
    '5dd8ddb60e2f4d08'
    """
    return hashlib.sha256(f"{kind}\0{name}".encode("utf-8", "replace")).hexdigest()[:16]


def find_speakers(
    path: Path,
    file: str,
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
        "file": file,
        "status": status,
        "kind": kind,
        "search": search,
        "outlet": outlet,
        "name": name,
        "class": of,
    }
    return _rows(query, given)


def describe_speaker(path: Path, file: str, identity: str) -> bytes | None:
    """A speaker with all forms of the name and the reasons, as JSON; None for an id that nobody has."""
    rows = _rows(f"select id, {PEOPLE} from read_parquet($file) where id = $id", {"file": file, "id": identity})
    if not rows:
        return None
    who = Corpus(path).speaker(rows[0]["name"])
    return msgspec.json.encode({**rows[0], "identity": who})


def compare(path: Path, by: str, minimum: int) -> bytes:
    """The comparison of a corpus, as JSON (schemas/comparison.json)."""
    return msgspec.json.encode(Corpus(path).compare(by=by, minimum=minimum))


def _rows(query: str, given: dict[str, Any]) -> list[dict[str, Any]]:
    import duckdb

    with duckdb.connect(
        config={"autoinstall_known_extensions": False, "autoload_known_extensions": False}
    ) as connection:
        rows: list[dict[str, Any]] = connection.sql(query, params=given).to_arrow_table().to_pylist()
    return rows
