"""A draft against a corpus: where else its named speakers are met, and who has its quotes otherwise.

The draft itself and its near-duplicate copies do not count as elsewhere.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, NamedTuple

import pyarrow.parquet as pq

from sourcing.corpus.attest import Met, matches_of, meet
from sourcing.corpus.copies import SIMILAR, signature_of, similarities, stack_signatures
from sourcing.corpus.expected import expect, read_baseline
from sourcing.corpus.layout import ARTICLES, BASELINE, KEYS, LISTED, QUOTES, SPEAKERS
from sourcing.corpus.person_names import is_specific, same_person, stored_key
from sourcing.corpus.phrases import phrases_of
from sourcing.corpus.rows import content_of, people_of
from sourcing.corpus.store import Store
from sourcing.records import Annotation, Article, CorpusStatus, Elsewhere, OneRoad, QuoteElsewhere, Speaker
from sourcing.records.annotation import AttestedAs
from sourcing.text import join_extents, sha256_of

SAME_DRAFT = 0.15  # similarity from which an article of the draft's id is an earlier version of it
SAME_WORDS = 0.99  # similarity of quotes from which they have the same words (one may be cut shorter)
SAME_QUOTE = 0.8  # ... and from which they are one quote in different words
SURE_QUOTE = 0.9  # ... and from which two speakers cannot both have said them, but stock phrases
READ_AT_MOST = 20_000  # quotes elsewhere that are compared, those with most phrases in common first


class _Other(NamedTuple):
    """A quote elsewhere that shares a phrase with one of the draft's."""

    doc: int
    text: str
    name: str | None
    article: str
    outlet: str | None


def find_elsewhere(store: Store, article: Article, annotation: Annotation) -> Elsewhere:
    """All that the corpus says of an annotated article."""
    connection = store.connect(SPEAKERS, QUOTES, LISTED, BASELINE)
    apart = _own_stories(store, connection, article)
    if not _has_others(connection, apart):
        return Elsewhere(speakers={}, warning=f"there is no other article in the corpus {store.path}")
    named = [s for s in annotation.speakers if s.class_ == "named" and s.name]
    full = {s.id: [n for n in people_of(s.name or "") if is_specific(n)] for s in named}
    names = sorted({name for found in full.values() for name in found})
    met = meet(connection, matches_of(connection, names), apart)
    listed = {name for name, found in matches_of(connection, names, LISTED).items() if found}
    speakers = {identity: _status(found, met, listed) for identity, found in full.items() if found}
    nowhere = sum(status.status == "nowhere_else" for status in speakers.values())
    quotes, related = _quotes(connection, annotation, apart)
    return Elsewhere(
        speakers=speakers,
        undetermined=len(named) - len(speakers),
        quotes=tuple(quotes),
        road=_one_road(connection, annotation, article, related),
        expected=expect(read_baseline(connection), len(speakers), nowhere, apart),
    )


# ------------------------------------------------------------------------------------------------------- speakers


def _own_stories(store: Store, connection: Any, article: Article) -> list[int]:
    """The stories that the draft is in: those of its copies, and of what has its id and reads much like it."""
    own = signature_of(join_extents(article.text, article.body))
    content = content_of(sha256_of(article.text))
    docs: list[int] = []
    alike: list[int] = []
    for file in store.files(ARTICLES):
        rows = pq.read_table(file, columns=["doc", "signature", "content"])
        similar = similarities(stack_signatures(rows["signature"]), own)
        # the very text may be there as a report without it, whose signature is of less
        similar[rows["content"].to_numpy() == content] = 1.0
        at = rows["doc"].to_numpy()
        docs.extend(at[similar >= SIMILAR].tolist())
        alike.extend(at[similar >= SAME_DRAFT].tolist())
    if not alike:
        return []
    rows = connection.execute(
        f"select doc, id, story from live where doc in ({', '.join('?' * len(alike))})", alike
    ).fetchall()
    copies = set(docs)
    return sorted({story for doc, identity, story in rows if doc in copies or identity == article.id})


def _has_others(connection: Any, apart: Sequence[int]) -> bool:
    """Is there any article outside of these stories?"""
    (articles,) = connection.execute(f"select count(*) from {ARTICLES}").fetchall()[0]
    if not articles or not apart:
        return bool(articles)
    (own,) = connection.execute(
        "select count(*) from live where story in (select unnest(?::bigint[]))", [apart]
    ).fetchall()[0]
    return bool(articles > own)


def _status(names: Sequence[str], met: dict[str, Met], listed: set[str]) -> CorpusStatus:
    """Of one speaker, or of several who speak together: the least attested of them decides, whose name it then carries.

    The least attested has the lowest status, then is met in the fewest articles (then is first in the alphabet).
    """
    statuses = [_one_status(name, met.get(name), name in listed) for name in names]
    order = ("nowhere_else", "listed", "mentioned_elsewhere", "quoted_elsewhere")
    return min(statuses, key=lambda s: (order.index(s.status), s.articles, s.name))


def _one_status(name: str, met: Met | None, listed: bool) -> CorpusStatus:
    if met is None:
        status: AttestedAs = "listed" if listed else "nowhere_else"
        return CorpusStatus(name=name, status=status, articles=0, outlets=0, listed=listed)
    return CorpusStatus(
        name=name,
        status="quoted_elsewhere" if met.quoting else "mentioned_elsewhere",
        articles=met.articles,
        quoting=met.quoting,
        stories=met.stories,
        outlets=met.outlets,
        names=met.names,
        examples=met.examples,
        listed=listed,
    )


# --------------------------------------------------------------------------------------------------------- quotes


def _quotes(
    connection: Any, annotation: Annotation, apart: Sequence[int]
) -> tuple[list[QuoteElsewhere], dict[int, _Other]]:
    """Quotes that others have otherwise, and the articles that have one of the draft's quotes in any form, by doc."""
    speakers = {s.id: s for s in annotation.speakers}
    found: list[QuoteElsewhere] = []
    related: dict[int, _Other] = {}
    mine = {q.id: phrases_of(q.text) for q in annotation.quotes if q.role == "speech"}
    others = _others(connection, sorted({k for keys in mine.values() for k in keys}), apart)
    for quote in annotation.quotes:
        candidates = {o for key in mine.get(quote.id, ()) for o in others.get(key, ())}
        rated = sorted(((compare_words(quote.text, o.text), o) for o in candidates), key=_best_first)
        same = [(rate, other) for rate, other in rated if rate >= SAME_QUOTE]
        for _, other in same:
            related.setdefault(other.doc, other)
        speaker = speakers.get(quote.speaker or "")
        if same and same[0][0] < SAME_WORDS:
            found.append(_quote_elsewhere(quote.id, "wording", *same[0]))
        credited = [(rate, o) for rate, o in same if rate >= SURE_QUOTE and speaker and _somebody_else(speaker, o)]
        agreed = any(o.name and speaker and not _somebody_else(speaker, o) for _, o in same)
        if credited and not agreed:
            found.append(_quote_elsewhere(quote.id, "credit", *credited[0]))
    return found, related


def _best_first(rated: tuple[float, _Other]) -> tuple[float, str, str, str]:
    rate, other = rated
    return -rate, other.article, other.text, other.name or ""


def _others(connection: Any, keys: list[int], apart: Sequence[int]) -> dict[int, list[_Other]]:
    if not keys:
        return {}
    columns = [f"k{n + 1}" for n in range(KEYS)]
    among = (
        f"in ({', '.join(map(str, keys))})"  # numbers written out: a list that is a query would be asked for each row
    )
    rows = connection.execute(
        f"""
        select q.doc, q.text, q.name, a.id, coalesce(a.outlet, a.domain), {", ".join("q." + c for c in columns)}
        from (select * from {QUOTES} where {" or ".join(f"{c} {among}" for c in columns)}) q join live a using (doc)
        where a.story not in (select unnest(?::bigint[]))
        qualify row_number() over (partition by a.story, q.text, q.name order by a.id) = 1
        order by {" + ".join(f"(q.{c} {among})::int" for c in columns)} desc, a.id, q.quote
        limit {READ_AT_MOST}
        """,
        [list(apart)],
    ).fetchall()
    out: dict[int, list[_Other]] = defaultdict(list)
    wanted = set(keys)
    for doc, text, name, identity, outlet, *phrases in rows:
        for phrase in wanted.intersection(phrases):
            out[phrase].append(_Other(doc, text, name, identity, outlet))
    return out


def compare_words(a: str, b: str) -> float:
    """How alike the words of two quotes are, 0..1; a shorter one is held against its best place in the longer.

    >>> compare_words("“We will rebuild the pier, whatever it costs.”", "“we will rebuild the pier”")
    1.0
    """
    from rapidfuzz import fuzz

    one, two = (" ".join(re.findall(r"\w+", text.lower().replace("’", "'"))) for text in (a, b))
    short, long = sorted((one, two), key=len)
    if f" {short} " in f" {long} ":
        return 1.0
    return min(0.9899, fuzz.partial_ratio(short, long) / 100)


def _somebody_else(speaker: Speaker, other: _Other) -> bool:
    """Do two articles credit different people? A last name alone may be anybody's of that name."""
    if speaker.type != "person" or not speaker.name or not other.name:
        return False
    for mine in people_of(speaker.name):
        for theirs in people_of(other.name):
            if (
                same_person(mine, theirs).same
                or not is_specific(theirs)
                or stored_key(mine)[0] == stored_key(theirs)[0]
            ):
                return False
    return is_specific(speaker.name)


def _quote_elsewhere(quote: str, kind: Any, rate: float, other: _Other) -> QuoteElsewhere:
    return QuoteElsewhere(quote=quote, kind=kind, text=other.text, speaker=other.name, article=other.article,
                          outlet=other.outlet, similarity=round(rate, 3))  # fmt: skip


# ------------------------------------------------------------------------------------------------------- one road


def _one_road(connection: Any, annotation: Annotation, article: Article, related: dict[int, _Other]) -> OneRoad | None:
    """The one outlet on which the draft and all other articles with its quotes rest, if there is one.

    Every article that is not by that outlet has to cite it, or another of these articles' outlets, and nobody else.
    """
    cited = {s.name for s in annotation.speakers if s.type == "outlet" and s.name}
    if len(cited) != 1 or not related:
        return None
    (road,) = cited
    rows = connection.execute(
        f"""
        select a.id, a.outlet, a.domain, list(s.name) filter (s.type = 'outlet' and s.speaker is not null)
        from live a left join (select * from {SPEAKERS} where type = 'outlet') s using (doc)
        where a.doc in (select unnest(?::bigint[])) group by all order by a.id
        """,
        [list(related)],
    ).fetchall()
    own = {_outlet_word(name) for _, *names, _ in rows for name in (*names, article.outlet) if name}
    source = _outlet_word(road)
    for _, outlet, domain, names in rows:
        by_it = source in {_outlet_word(name) for name in (outlet, domain) if name}
        cites = {_outlet_word(name) for name in names or ()}
        if not by_it and not (cites and cites <= own | {source}):
            return None
    return OneRoad(outlet=road, articles=tuple(row[0] for row in rows))


def _outlet_word(name: str) -> str:
    """An outlet's name, reduced to what its variants share.

    >>> _outlet_word("The Northern Ledger") == _outlet_word("northern ledger")
    True
    """
    return re.sub(r"^the\s+|\W", "", name.lower())
