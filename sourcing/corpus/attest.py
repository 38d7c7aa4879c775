"""Who is met elsewhere: the heart of "nowhere else".

Names are compared in two steps. Blocks of last and given name (person_names.py), kept beside every row, bring together
the few names that may be forms of one; each pair of them is then decided on its own, with a reason. An initial ("B. Sanders")
joins a full name only where no second full name of the corpus fits it.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sourcing.corpus.identity import Decision
from sourcing.corpus.layout import ARTICLES, LISTED, SPEAKERS
from sourcing.corpus.person_names import same_person, search_keys

EXAMPLES = 5
AT_ONCE = 20_000  # names looked up in one query


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
    by_initial: set[str] = set()
    for name, candidates in _candidates(connection, asked, table).items():
        for other in candidates:
            decision = same_person(name, other)
            if decision.same:
                found[name].append(Match(other, decision))
                if decision.rule == "initial":
                    by_initial.update((name, other))
    if by_initial:
        rivals = _candidates(connection, sorted(by_initial), table)
        for name, matches in found.items():
            found[name] = [m for m in matches if m.decision.rule != "initial" or not _ambiguous(name, m.name, rivals)]
    return found


def candidates_of(connection: Any, name: str) -> list[str]:
    """Names of people in the corpus that share a block with this one, the same person's or not."""
    return _candidates(connection, [name], SPEAKERS).get(name, [])


def _candidates(connection: Any, names: Sequence[str], table: str) -> dict[str, list[str]]:
    """Names of the table that share a block with each name."""
    import pyarrow as pa

    out: dict[str, list[str]] = defaultdict(list)
    # rows of articles that were changed or removed stay until the next compaction
    person = "" if table == LISTED else f"semi join {ARTICLES} using (doc) where type = 'person'"
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
        rows = connection.execute(
            f"""
            with names as (select distinct last, given, name from {table} semi join asked using (last) {person})
            select distinct a.asked, n.name from asked a join names n
            on a.last = n.last and (a.given = n.given or (a.prefix and starts_with(n.given, a.given)))
            order by all
            """
        ).fetchall()
        connection.unregister("asked")
        for name, other in rows:
            out[name].append(other)
    return out


def _ambiguous(name: str, other: str, rivals: dict[str, list[str]]) -> bool:
    """Two names are joined by an initial: does either fit a third name that the other does not?"""
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
    from sourcing.corpus.person_names import stored_key

    forms = {
        "asked": [p[0] for p in pairs],
        "name": [p[1] for p in pairs],
        "last": [stored_key(p[1])[0] for p in pairs],
    }
    connection.register("forms", pa.table(forms))
    connection.register("apart", pa.table({"story": pa.array(apart, pa.int64())}))
    rows = connection.execute(
        f"""
        with hits as (
            select f.asked, s.doc, s.speaker, s.name from {SPEAKERS} s join forms f using (last, name)
            where s.type = 'person'
        )
        select h.asked, count(distinct a.doc), count(distinct a.doc) filter (h.speaker is not null),
            count(distinct a.story), count(distinct coalesce(a.outlet, a.domain)), list_sort(list(distinct h.name)),
            list_distinct(min(a.id, {2 * EXAMPLES}))
        from hits h join live a using (doc) where a.story not in (select story from apart) group by h.asked
        """
    ).fetchall()
    connection.unregister("forms")
    connection.unregister("apart")
    return {
        name: Met(articles, quoting, stories, outlets, tuple(found), tuple(sorted(examples)[:EXAMPLES]))
        for name, articles, quoting, stories, outlets, found, examples in rows
    }
