"""Everybody who speaks in a corpus under a name: people and bodies, how much, and where else they are met."""

from typing import Any

from sourcing.corpus.attested import MEMORY, OTHERS, attest
from sourcing.corpus.layout import LISTED, SPEAKERS
from sourcing.corpus.store import Store

EXAMPLES = 5  # articles named of a speaker

DIRECTORY = f"""
    with spoken as (
        select s.name, s.class, s.type, s.title, s.affiliation, s.description, s.quotes, s.attributions, s.words,
            a.id, a.story, coalesce(a.outlet, a.domain) as outlet, a.domain
        from {SPEAKERS} s join live a using (doc) where s.speaker is not null and s.name is not null
    ),
    met as (
        select name, bool_and(quoting > 0) as quoted, bool_and(articles > 0) as mentioned,
            bool_and(articles > 0 or listed) as listed
        from everyone group by name
    )
    select s.name, s.class, mode(s.type order by s.type) as type,
        any_value(case when m.name is null then null when quoted then 'quoted_elsewhere'
            when mentioned then 'mentioned_elsewhere' when listed then 'listed' else 'nowhere_else' end) as status,
        count(distinct s.id)::int as articles, count(distinct s.story)::int as stories,
        count(distinct s.outlet)::int as outlets, sum(s.attributions)::int as attributions, sum(s.quotes)::int as quotes,
        sum(s.words)::int as words, min(s.title) as title, min(s.affiliation) as affiliation,
        min(s.description) as description, list_sort(list(distinct s.id))[:{EXAMPLES}] as examples,
        list_sort(list_distinct(list(s.outlet) || list(s.domain))) as "in"
    from spoken s left join met m on s.name = m.name and s.class = 'named'
    group by s.name, s.class order by s.name, s.class
"""


def list_speakers(store: Store) -> Any:
    """The speakers of all articles as an Arrow table, a row a name and class, by name.

    status: of people with a full name, the least that is true of them in any of their articles, as in records.CorpusStatus; null
    for others, and in a corpus of one story. articles, stories, outlets: where they speak. examples: ids of some of the articles;
    in: the outlets and domains. title, affiliation, description: one that an article gives.
    """
    connection = store.connect(SPEAKERS, LISTED, memory=MEMORY)
    attest(connection, OTHERS)
    return speakers_in(connection)


def speakers_in(connection: Any) -> Any:
    """The same of a connection after `attest`."""
    return connection.sql(DIRECTORY).to_arrow_table()
