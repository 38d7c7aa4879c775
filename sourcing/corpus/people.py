"""The speakers of a corpus: who speaks nowhere else, and what is known of one name, with the reasons."""

from typing import Any

from sourcing.corpus.attest import candidates_of, matches_of
from sourcing.corpus.attested import CHOSEN, MEMORY, attest, chosen_by
from sourcing.corpus.body_names import body_search_keys, same_body
from sourcing.corpus.layout import ARTICLES, LISTED, SPEAKERS
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
    article: copies count once), then most words; invented people come in company and talk.
    """
    connection = store.connect(SPEAKERS, LISTED, memory=MEMORY)
    attest(connection, CHOSEN, chosen_by(outlet, since))
    return unattested_in(connection, limit)


def unattested_in(connection: Any, limit: int | None) -> list[Unattested]:
    """The same of a connection after `attest`."""
    some = "" if limit is None else f"limit {int(limit)}"
    rows = connection.execute(
        f"""
        with mine as (select * from everyone where status = 'nowhere_else'),
        company as (select doc, count(distinct name) as n from mine group by doc)
        select m.name, list_sort(list(distinct m.article)),
            list_sort(list(distinct m.outlet) filter (m.outlet is not null)), max(m.quotes)::bigint as quotes,
            max(m.attributions)::bigint, max(m.words)::bigint as words, max(c.n)::int as company,
            min(m.title), min(m.affiliation), min(m.description)
        from mine m join company c using (doc) group by m.name order by company desc, quotes desc, words desc, m.name
        {some}
        """
    ).fetchall()
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


def look_up(store: Store, name: str) -> WhoIs:
    """What the corpus knows under a name: all forms that are the same person's or body's, and like names kept apart.

    A name is taken for a body's when a body of the corpus has it, or one that `same_body` joins; else for a person's. A single
    word that is nobody's joins nobody; the people of that last name are given as kept apart. Raises UsageError for an empty name.
    """
    if not name.strip():
        raise UsageError("give a name to look up")
    connection = store.connect(SPEAKERS, LISTED)
    person = (
        is_specific(name)
        and not connection.execute(
            f"select 1 from {SPEAKERS} semi join {ARTICLES} using (doc)"
            " where type <> 'person' and lower(name) = lower(?) limit 1",
            [name],
        ).fetchall()
    )
    if not person and not is_specific(name):
        person = not any(same_body(name, other).same for other in _bodies_near(connection, name))
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


def _bodies_near(connection: Any, name: str) -> list[str]:
    import pyarrow as pa

    keys = sorted(body_search_keys(name))
    asked = {"key": ["@" + key.removesuffix("*") for key in keys], "prefix": [key.endswith("*") for key in keys]}
    connection.register("keys", pa.table(asked))
    rows = connection.execute(
        f"""
        select distinct s.name from {SPEAKERS} s join keys k
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
