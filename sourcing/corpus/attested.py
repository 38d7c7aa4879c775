"""Where else the named speakers of the stored articles are met: of every article what corroborate.py finds of a draft.

Forms of names are looked for a piece at a time and kept in tables of DuckDB, which counts them and spills to disk, so that the
memory needed hardly grows with the corpus. What is met elsewhere is what is met anywhere, less what the article's own story has.

>>> attest_all(Store("news"), since="2026-03").filter(pc.field("status") == "nowhere_else")  # doctest: +SKIP
"""

import re
from typing import Any

from sourcing.corpus.attest import AT_ONCE, Match, matches_of, name_everybody
from sourcing.corpus.collecting import uncollected
from sourcing.corpus.layout import LISTED, SPEAKERS
from sourcing.corpus.store import Store
from sourcing.errors import UsageError

MEMORY = "2GB"  # that DuckDB may hold while everybody is looked up
CHOSEN = (
    "($outlet is null or lower(a.outlet) = lower($outlet) or a.domain = lower($outlet))"
    " and ($since is null or left(a.day, length($since)) >= $since)"
)
"""SQL that chooses articles `a` by outlet and date; its parameters are chosen_by's."""

OTHERS = "(select min(story) < max(story) from live)"
"""SQL that is true where articles of two stories are there; in a corpus of one, nobody can be met elsewhere."""

ATTESTED = (
    "select article, outlet, speaker, name, status, articles, quoting, stories, outlets, listed, title, affiliation,"
    " description, attributions, quotes, words from attested order by article, speaker"
)
"""SQL of the rows of `attest_all`, after `attest`."""


def chosen_by(outlet: str | None, since: str | None) -> dict[str, str | None]:
    """The parameters of CHOSEN; raises UsageError for a date that is none."""
    if since is not None and not re.fullmatch(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-3][0-9])?)?", since):
        raise UsageError(f"a date has to be YYYY, YYYY-MM or YYYY-MM-DD, not {since!r}")
    return {"outlet": outlet, "since": since}


def attest_all(store: Store, *, outlet: str | None = None, since: str | None = None) -> Any:
    """The named speakers of all articles, or of those by `outlet` (or its domain) published in or after `since`, as an Arrow table.

    article, speaker: their ids, in the corpus and in the report. outlet: the article's, or its domain. name, status, articles,
    quoting, stories, outlets, listed: as in records.CorpusStatus. The others: as in records.Speaker. A speaker by one name only
    has no row, nor has anybody in a corpus of one story. Raises UsageError for a date that is none.
    """
    connection = store.connect(SPEAKERS, LISTED, memory=MEMORY)
    attest(connection, f"{CHOSEN} and {OTHERS}", chosen_by(outlet, since))
    return connection.sql(ATTESTED).to_arrow_table()


def attest(connection: Any, chosen: str, parameters: dict[str, str | None] | None = None) -> None:
    """Make two views of the named speakers of the articles `a` that the SQL `chosen` picks, with their doc and story.

    attested: a row a speaker; of several who speak together the least attested stands for all, as in corroborate.py. everyone: a
    row each of these. connection: from Store.connect with SPEAKERS and LISTED.
    """
    connection.execute(
        f"""
        create temp table spoken as
        select a.doc, a.story, a.id as article, coalesce(a.outlet, a.domain) as outlet, s.speaker, s.name, s.title,
            s.affiliation, s.description, s.attributions, s.quotes, s.words
        from {SPEAKERS} s join live a using (doc)
        where s.type = 'person' and s.class = 'named' and s.speaker is not null and s.last <> '' and {chosen}
        """,
        parameters,
    )
    with uncollected():
        _find_forms(connection)
    _count_elsewhere(connection)
    connection.execute(
        """
        create temp view everyone as
        with found as (
            select s.*, coalesce(e.articles, 0)::int as articles, coalesce(e.quoting, 0)::int as quoting,
                coalesce(e.stories, 0)::int as stories, coalesce(e.outlets, 0)::int as outlets,
                w.number in (select number from entries) as listed
            from spoken s join wanted w using (name) left join elsewhere e using (number, story)
        )
        select *, case when quoting > 0 then 'quoted_elsewhere' when articles > 0 then 'mentioned_elsewhere'
            when listed then 'listed' else 'nowhere_else' end as status
        from found;

        create temp view attested as
        select * from everyone qualify row_number() over (
            partition by doc, speaker order by list_position(
                ['nowhere_else', 'listed', 'mentioned_elsewhere', 'quoted_elsewhere'], status), articles, name
        ) = 1
        """
    )


def _find_forms(connection: Any) -> None:
    """Number the names in `spoken` (table `wanted`); find their forms in the corpus (`forms`) and on lists (`entries`)."""
    connection.execute(
        """
        create temp table wanted as
        select row_number() over (order by name) as number, name from (select distinct name from spoken);
        create temp table forms (number bigint, name varchar);
        create temp table entries (number bigint, name varchar);
        """
    )
    (count,) = connection.execute("select count(*) from wanted").fetchall()[0]
    (on_lists,) = connection.execute(f"select count(*) from {LISTED}").fetchall()[0]
    everybody = name_everybody(connection)
    for low in range(0, count, AT_ONCE):
        rows = connection.execute(
            "select name, number from wanted where number > ? and number <= ?", [low, low + AT_ONCE]
        ).fetchall()
        numbers: dict[str, int] = dict(rows)
        _keep(connection, "forms", numbers, matches_of(connection, numbers, everybody))
        if on_lists:
            _keep(connection, "entries", numbers, matches_of(connection, numbers, LISTED))


def _keep(connection: Any, table: str, numbers: dict[str, int], matches: dict[str, list[Match]]) -> None:
    import pyarrow as pa

    pairs = [(numbers[name], match.name) for name, found in matches.items() for match in found]
    columns = {
        "number": pa.array([number for number, _ in pairs], pa.int64()),
        "name": pa.array([name for _, name in pairs], pa.string()),
    }
    connection.register("pairs", pa.table(columns))
    connection.execute(f"insert into {table} select number, name from pairs")
    connection.unregister("pairs")


def _count_elsewhere(connection: Any) -> None:
    """Make the table `elsewhere`: for each name and story with it, how many articles of other stories have a form of it, how many
    of them quote, and of how many stories and outlets they are.

    An outlet that has the name in one story is none elsewhere for that story; one that has it in more is, for each.
    """
    connection.execute(
        f"""
        create temp table hits as
        select f.number, a.story, s.doc, coalesce(a.outlet, a.domain) as outlet, bool_or(s.speaker is not null) as quoting
        from {SPEAKERS} s join forms f using (name) join live a using (doc) where s.type = 'person' group by all;

        create temp table elsewhere as
        with own as (
            select number, story, count(*) as articles, count(*) filter (quoting) as quoting from hits group by all
        ),
        met as (
            select number, sum(articles) as articles, sum(quoting) as quoting, count(*) as stories
            from own group by number having stories > 1
        ),
        places as (
            select number, min(story) as story, min(story) = max(story) as once
            from hits semi join met using (number) where outlet is not null group by number, outlet
        ),
        outlets as (select number, count(*) as outlets from places group by number),
        lost as (select number, story, count(*) as outlets from places where once group by all)
        select o.number, o.story, m.articles - o.articles as articles, m.quoting - o.quoting as quoting,
            m.stories - 1 as stories, coalesce(p.outlets, 0) - coalesce(l.outlets, 0) as outlets
        from own o join met m using (number) left join outlets p using (number) left join lost l using (number, story);

        drop table hits
        """
    )
