"""Who is met elsewhere: the heart of "nowhere else".

Names are compared in two steps. Blocks of last and given name (person_names.py), kept beside every row, bring together
the few names that may be forms of one; each pair of them is then decided on its own, with a reason. A form that leaves something
open ("B. Sanders", "John Smith" of a father and a son) joins another only where no second name of the corpus fits it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sourcing.corpus.identity import Decision
from sourcing.corpus.layout import ARTICLES, SPEAKERS
from sourcing.corpus.person_names import is_specific, same_person, search_keys, stored_key

EXAMPLES = 5
FEW = 1000  # blocks that are asked for one by one
AT_ONCE = 100_000  # names looked up in one query


ITSELF = Decision(same=True, rule="same-words", why="The names are the same word by word.")


class Match(NamedTuple):
    """A form of a name in the corpus, and why it is the same person's."""

    name: str
    decision: Decision


class Met(NamedTuple):
    """Where the forms of a name stand: counts as in records.CorpusStatus."""

    articles: int
    quoting: int
    stories: int
    outlets: int
    names: tuple[str, ...]
    examples: tuple[str, ...]


def matches_of(connection: Any, names: Iterable[str], table: str = SPEAKERS) -> dict[str, list[Match]]:
    """The forms of each name that stand in the corpus (with table=LISTED, on imported lists), itself among them.

    connection: from Store.connect with that table. A name of one word has none: it fits too many.
    """
    asked = list(dict.fromkeys(names))
    found: dict[str, list[Match]] = {name: [] for name in asked}
    shorter: set[str] = set()
    for name, candidates in _candidates(connection, asked, table).items():
        for other in candidates:
            decision = ITSELF if other == name else same_person(name, other)
            if decision.same:
                found[name].append(Match(other, decision))
                if other != name:
                    shorter.update((name, other))
    if shorter:
        rivals = _candidates(connection, sorted(shorter), table)
        for name, matches in found.items():
            found[name] = [m for m in matches if m.name == name or not _ambiguous(name, m.name, rivals)]
    return found


def candidates_of(connection: Any, name: str) -> list[str]:
    """Names of people in the corpus that share a block of the last name with this one, the same person's or not."""
    one_word = not is_specific(name)
    lasts = {last for last, _ in search_keys(f"A. {name}" if one_word else name)}
    rows = connection.execute(
        f"select distinct name from {SPEAKERS} semi join {ARTICLES} using (doc)"
        f" where type = 'person' and last in ({_places(sorted(lasts))}) and last <> '' order by name",
        sorted(lasts),
    ).fetchall()
    return [row[0] for row in rows]


def name_everybody(connection: Any) -> str:
    """Make a table of all different names of people, for looking up very many; return what it is called."""
    connection.execute(
        f"""
        create temp table everybody as
        select distinct last, given, name from {SPEAKERS} semi join {ARTICLES} using (doc) where type = 'person'
        """
    )
    return "everybody"


def _candidates(connection: Any, names: Sequence[str], table: str) -> dict[str, list[str]]:
    """Names of the table that share a block with each name."""
    import pyarrow as pa

    out: dict[str, list[str]] = defaultdict(list)
    # rows of articles that were changed or removed stay until the next compaction
    person = f"semi join {ARTICLES} using (doc) where type = 'person'" if table == SPEAKERS else ""
    for low in range(0, len(names), AT_ONCE):
        keys = [(name, last, given) for name in names[low : low + AT_ONCE] for last, given in search_keys(name)]
        if not keys:
            continue
        asked = {
            "asked": [k[0] for k in keys],
            "last": [k[1] for k in keys],
            "given": [k[2].removesuffix("*") for k in keys],
            "prefix": [k[2].endswith("*") for k in keys],
        }
        connection.register("asked", pa.table(asked))
        blocks = sorted({k[1] for k in keys}) if len(keys) < FEW else []
        few = f"(select * from {table} where last in ({_places(blocks)}))" if blocks else table
        rows = connection.execute(
            f"""
            with names as (select distinct last, given, name from {few} semi join asked using (last) {person})
            select distinct a.asked, n.name from asked a join names n
            on a.last = n.last and (a.given = n.given or (a.prefix and starts_with(n.given, a.given)))
            order by all
            """,
            blocks,
        ).fetchall()
        connection.unregister("asked")
        for name, other in rows:
            out[name].append(other)
    return out


def _ambiguous(name: str, other: str, rivals: dict[str, list[str]]) -> bool:
    """Does either of two forms fit a third name that the other does not: B. Sanders both Bernie and Brad, John Smith both Jr. and
    Sr.?"""
    for one, two in ((name, other), (other, name)):
        for third in rivals.get(one, ()):
            if same_person(one, third).same and not same_person(two, third).same:
                return True
    return False


def meet(connection: Any, matches: dict[str, list[Match]], apart: Sequence[int] = ()) -> dict[str, Met]:
    """Where the forms of each name stand, outside of the stories `apart`; no entry for a name that stands nowhere.

    connection: from Store.connect with SPEAKERS. A speaker of an article, in quotation marks or not, is quoted by it.
    """
    import pyarrow as pa

    pairs = [(name, match.name) for name, found in matches.items() for match in found]
    if not pairs:
        return {}
    blocks = sorted({stored_key(form)[0] for _, form in pairs})
    forms = {"asked": [p[0] for p in pairs], "name": [p[1] for p in pairs], "form": range(len(pairs))}
    connection.register("forms", pa.table(forms))
    connection.register("apart", pa.table({"story": pa.array(apart, pa.int64())}))
    # a list of blocks, and not a join with them, lets whole row groups of a sorted table be passed over
    rows = connection.execute(
        f"""
        with hits as (
            select f.asked, s.doc, bool_or(s.speaker is not null) as quoting, min(f.form) as form
            from (select name, doc, speaker from {SPEAKERS} where type = 'person' and last in ({_places(blocks)})) s
            join forms f using (name) group by f.asked, s.doc
        )
        select h.asked, count(*), count(*) filter (h.quoting), count(distinct a.story),
            count(distinct coalesce(a.outlet, a.domain)), list(distinct h.form), min(a.doc, {EXAMPLES})
        from hits h join live a using (doc) where a.story not in (select story from apart) group by h.asked
        """,
        blocks,
    ).fetchall()
    connection.unregister("forms")
    connection.unregister("apart")
    ids = _ids_of(connection, sorted({doc for row in rows for doc in row[6]}))
    return {
        name: Met(articles, quoting, stories, outlets, tuple(sorted({pairs[n][1] for n in found})),
                  tuple(sorted(ids[doc] for doc in docs)))
        for name, articles, quoting, stories, outlets, found, docs in rows
    }  # fmt: skip


def _ids_of(connection: Any, docs: list[int]) -> dict[int, str]:
    if not docs:
        return {}
    rows = connection.execute(f"select doc, id from {ARTICLES} where doc in ({_places(docs)})", docs).fetchall()
    return dict(rows)


def _places(values: Sequence[Any]) -> str:
    """As many question marks as values."""
    return ", ".join("?" * len(values))
