"""The speakers of a corpus: who speaks nowhere else, and what is known of one name, with the reasons."""

from typing import Any

from sourcing.corpus.attest import candidates_of, matches_of
from sourcing.corpus.attested import CHOSEN, MEMORY, attest, chosen_by
from sourcing.corpus.body_names import body_search_keys, same_body
from sourcing.corpus.given_names import is_english, is_romanized
from sourcing.corpus.layout import ARTICLES, LISTED, SPEAKERS
from sourcing.corpus.name_parts import parse_name
from sourcing.corpus.person_names import is_specific, same_person
from sourcing.corpus.store import Store
from sourcing.errors import UsageError
from sourcing.records.corpus import Form, Unattested, WhoIs

EXAMPLES = 10  # articles named of a speaker


def find_unattested(
    store: Store, *, outlet: str | None = None, since: str | None = None, limit: int | None = None
) -> list[Unattested]:
    """The named speakers who are met in one story only and on no list, most suspicious first.

    Only speakers of articles by `outlet` (or its domain), published in or after `since` (YYYY, YYYY-MM or YYYY-MM-DD), are
    listed; "elsewhere" is the whole corpus. Most suspicious: in articles with most such speakers, then most quotes (of one
    article: copies count once), then most words; invented people come in company and talk. Forms of one name are one person, under
    a form with the given name written out, if there is one, and of these the one that most articles have.
    """
    connection = store.connect(SPEAKERS, LISTED, memory=MEMORY)
    attest(connection, CHOSEN, chosen_by(outlet, since))
    return unattested_in(connection, limit)


def unattested_in(connection: Any, limit: int | None) -> list[Unattested]:
    """The same of a connection after `attest`."""
    import pyarrow as pa

    some = "" if limit is None else f"limit {int(limit)}"
    connection.execute("create or replace temp table nowhere as select * from everyone where status = 'nowhere_else'")
    joined = _join_forms(connection)
    columns = {"name": pa.array(joined.keys(), pa.string()), "person": pa.array(joined.values(), pa.string())}
    connection.register("joined", pa.table(columns))
    # two forms in one article share what is said there, and are added up; copies of an article are not
    rows = connection.execute(
        f"""
        with mine as (select n.*, coalesce(j.person, n.name) as person from nowhere n left join joined j using (name)),
        company as (select doc, count(distinct person) as n from mine group by doc),
        a_form as (
            select person, doc, name, max(quotes) as quotes, max(attributions) as attributions, max(words) as words
            from mine group by all
        ),
        said as (
            select person, doc, sum(quotes) as quotes, sum(attributions) as attributions, sum(words) as words
            from a_form group by all
        )
        select m.person, list_sort(list(distinct m.article)),
            list_sort(list(distinct m.outlet) filter (m.outlet is not null)), max(s.quotes)::bigint as quotes,
            max(s.attributions)::bigint, max(s.words)::bigint as words, max(c.n)::int as company,
            min(m.title), min(m.affiliation), min(m.description)
        from mine m join company c using (doc) join said s using (person, doc)
        group by m.person order by company desc, quotes desc, words desc, m.person
        {some}
        """
    ).fetchall()
    connection.unregister("joined")
    connection.execute("drop table nowhere")
    return [
        Unattested(
            name=name,
            class_="named",
            articles=tuple(articles),
            outlets=tuple(outlets or ()),
            quotes=quotes,
            attributions=attributions,
            words=words,
            company=company,
            title=title,
            affiliation=affiliation,
            description=description,
        )
        for name, articles, outlets, quotes, attributions, words, company, title, affiliation, description in rows
    ]


def _join_forms(connection: Any) -> dict[str, str]:
    """Of each name in the table `nowhere` of which another there is a form: the form that the person is listed under.

    A form of a form is one too: whoever is met in one story only has all of them there.
    """
    pairs = connection.execute(
        """
        with names as (select distinct name from nowhere)
        select distinct least(w.name, f.name), greatest(w.name, f.name) from forms f join wanted w using (number)
        where w.name <> f.name and w.name in (select name from names) and f.name in (select name from names)
        """
    ).fetchall()
    above: dict[str, str] = {}

    def top(name: str) -> str:
        way = []
        while name in above:
            way.append(name)
            name = above[name]
        above.update(dict.fromkeys(way, name))
        return name

    for pair in pairs:
        first, second = sorted(map(top, pair))
        if first != second:
            above[second] = first
    together: dict[str, list[str]] = {}
    for name in dict.fromkeys(name for pair in pairs for name in pair):
        together.setdefault(top(name), []).append(name)
    counts = dict(
        connection.execute(
            "select name, count(distinct doc) from nowhere where name in (select unnest(?::varchar[])) group by name",
            [[name for names in together.values() for name in names]],
        ).fetchall()
    )

    def merits(name: str) -> tuple[bool, int, int, str]:
        given = parse_name(name).given
        return bool(given) and given[0].initial, -counts[name], -len(name), name

    return {name: shown for names in together.values() for shown in [min(names, key=merits)] for name in names}


def look_up(store: Store, name: str) -> WhoIs:
    """What the corpus knows under a name: all forms that are the same person's or body's, and like names kept apart.

    A name is a body's when a body of the corpus has exactly this one, or when it is no form of a person's name in the corpus or on
    a list, and `same_body` joins it to a body's; else it is a person's. A single word that is nobody's joins nobody; the people of
    that last name are given as kept apart. Raises UsageError for an empty name.
    """
    if not name.strip():
        raise UsageError("give a name to look up")
    connection = store.connect(SPEAKERS, LISTED)
    person = _is_persons(connection, name)
    if person:
        same = {match.name: match.decision for match in matches_of(connection, [name])[name]}
        near = candidates_of(connection, name)
        decide = same_person
    else:
        near = _bodies_near(connection, name)
        same = {other: decision for other in near if (decision := same_body(name, other)).same}
        decide = same_body
    counts = _counts(connection, [*same, *near], person)
    forms, apart = [], []
    for other in sorted(counts, key=lambda n: (-counts[n][0], n)):
        decision = same.get(other) or decide(name, other)
        articles, attributions = counts[other]
        form = Form(name=other, articles=articles, attributions=attributions, rule=decision.rule, why=decision.why)
        if other in same:
            forms.append(form)
        elif decision.same:
            why = "It fits more than one name of the corpus."
            apart.append(Form(name=other, articles=articles, attributions=attributions, rule="ambiguous", why=why))
        else:
            apart.append(form)
    listed = [m.name for m in matches_of(connection, [name], LISTED)[name]] if person else []
    rows = _articles_of(connection, list(same), person)
    return WhoIs(
        name=name,
        kind="person" if person else "body",
        articles=len({r[0] for r in rows}),
        stories=len({r[1] for r in rows}),
        outlets=tuple(sorted({r[2] for r in rows if r[2]})),
        forms=tuple(forms),
        apart=tuple(apart),
        listed=tuple(sorted(listed)),
        examples=tuple(sorted({r[0] for r in rows})[:EXAMPLES]),
    )


def _is_persons(connection: Any, name: str) -> bool:
    """Is it a person's name rather than a body's? See `look_up`."""
    if is_specific(name):
        bodies = f"select 1 from {SPEAKERS} semi join {ARTICLES} using (doc) where type <> 'person'"
        if connection.execute(f"{bodies} and lower(name) = lower(?) limit 1", [name]).fetchall():
            return False
        # a form that fits several people is still no body's
        if any(same_person(name, other).same for other in candidates_of(connection, name)):
            return True
        if matches_of(connection, [name], LISTED)[name]:
            return True
    return not any(_may_be_body(name, other) for other in _bodies_near(connection, name))


def _may_be_body(name: str, body: str) -> bool:
    """Does `same_body` join them, by more than letters that a person's name with a known given name has by chance?"""
    decision = same_body(name, body)
    if decision.rule != "acronym":
        return decision.same
    return not any(is_english(word.text) or is_romanized(word.text) for word in parse_name(name).given[:1])


def _bodies_near(connection: Any, name: str) -> list[str]:
    import pyarrow as pa

    keys = sorted(body_search_keys(name))
    asked = {"key": ["@" + key.removesuffix("*") for key in keys], "prefix": [key.endswith("*") for key in keys]}
    connection.register("keys", pa.table(asked))
    rows = connection.execute(
        f"""
        select distinct s.name from {SPEAKERS} s semi join {ARTICLES} using (doc) join keys k
        on s.last = k.key or (k.prefix and starts_with(s.last, k.key)) where s.name is not null order by s.name
        """
    ).fetchall()
    return [row[0] for row in rows]


def _counts(connection: Any, names: list[str], person: bool) -> dict[str, tuple[int, int]]:
    """Of each form: in how many articles, and how many attributions."""
    kind = "=" if person else "<>"
    rows = connection.execute(
        f"""
        select s.name, count(distinct s.doc), sum(s.attributions)::bigint from {SPEAKERS} s semi join live using (doc)
        where s.type {kind} 'person' and s.name in (select unnest(?::varchar[])) group by s.name
        """,
        [names],
    ).fetchall()
    return {name: (articles, attributions) for name, articles, attributions in rows}


def _articles_of(connection: Any, names: list[str], person: bool) -> list[tuple[str, int, str | None]]:
    kind = "=" if person else "<>"
    rows: list[tuple[str, int, str | None]] = connection.execute(
        f"""
        select distinct a.id, a.story, coalesce(a.outlet, a.domain) from {SPEAKERS} s join live a using (doc)
        where s.type {kind} 'person' and s.name in (select unnest(?::varchar[]))
        """,
        [names],
    ).fetchall()
    return rows
