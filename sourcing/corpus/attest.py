"""Who is met elsewhere: the heart of "nowhere else".

Names are compared in two steps. Blocks of last and given name (person_names.py), kept beside every row, bring together
the few names that may be forms of one; each pair of them is then decided on its own, with a reason. A form that leaves something
open ("B. Sanders", "John Smith" of a father and a son) joins another only where no second name of the corpus fits it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sourcing.corpus.identity import Decision
from sourcing.corpus.layout import ARTICLES, SPEAKERS
from sourcing.corpus.name_parts import parse_name
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


def matches_of(
    connection: Any, names: Iterable[str], table: str = SPEAKERS, *, here: Sequence[str] = ()
) -> dict[str, list[Match]]:
    """The forms of each name that stand in the corpus (with table=LISTED, on imported lists), itself among them.

    connection: from Store.connect with SPEAKERS and that table. here: the people of an article that is not in the corpus, which
    decide with the others whom a form may mean. A name of one word has none: it fits too many.
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
        for name in shorter if here else ():
            rivals[name] = [*rivals.get(name, ()), *here]
        apart = _namesakes(connection, found, here)
        for name, matches in found.items():
            found[name] = [
                m for m in matches
                if m.name == name or not ((name, m.name) in apart or _ambiguous(name, m.name, rivals))
            ]  # fmt: skip
    return found


def _namesakes(
    connection: Any, found: Mapping[str, Sequence[Match]], here: Sequence[str]
) -> frozenset[tuple[str, str]]:
    """The pairs of a name and a form of it with Jr. or the like whom an article has as two people: father and son."""
    import pyarrow as pa

    pairs = [(name, m.name) for name, matches in found.items() for m in matches if _is_suffixed(name, m.name)]
    if not pairs:
        return frozenset()
    connection.register("pairs", pa.table({"one": [one for one, _ in pairs], "two": [two for _, two in pairs]}))
    rows = connection.execute(
        f"""
        with people as (
            select distinct doc, name from {SPEAKERS} semi join {ARTICLES} using (doc)
            where type = 'person' and name in (select one from pairs union select two from pairs)
        )
        select distinct p.one, p.two from pairs p join people a on a.name = p.one join people b on b.name = p.two and b.doc = a.doc
        """
    ).fetchall()
    connection.unregister("pairs")
    return frozenset({*rows, *(pair for pair in pairs if set(pair) <= set(here))})


def _is_suffixed(name: str, other: str) -> bool:
    """Has one of two names Jr., Sr. or a number, and the other none?"""
    return name != other and bool(parse_name(name).suffix) != bool(parse_name(other).suffix)


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
            select f.asked, s.doc, bool_or(s.speaker is not null) as quoting, list(f.form) as forms
            from (select name, doc, speaker from {SPEAKERS} where type = 'person' and last in ({_places(blocks)})) s
            join forms f using (name) group by f.asked, s.doc
        )
        select h.asked, count(*), count(*) filter (h.quoting), count(distinct a.story),
            count(distinct coalesce(a.outlet, a.domain)), list_distinct(flatten(list(h.forms))), min(a.doc, {EXAMPLES})
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
