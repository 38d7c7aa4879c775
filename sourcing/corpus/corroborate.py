"""A draft against a corpus: where else its named speakers are met, and who has its quotes otherwise.

The draft itself and its near-duplicate copies do not count as elsewhere.
"""

import re
from collections import defaultdict
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Any, Literal, NamedTuple

import pyarrow.parquet as pq

from sourcing.corpus.attest import Met, matches_of, meet
from sourcing.corpus.copies import SIMILAR, signature_of, similarities, stack_signatures, words_of
from sourcing.corpus.expected import expect, read_baseline
from sourcing.corpus.given_names import short_forms
from sourcing.corpus.layout import ARTICLES, BASELINE, KEYS, LISTED, QUOTES, SPEAKERS
from sourcing.corpus.name_parts import parse_name
from sourcing.corpus.person_names import is_specific, same_person
from sourcing.corpus.phrases import phrases_of
from sourcing.corpus.rows import content_of, people_of
from sourcing.corpus.store import Store
from sourcing.records import Annotation, Article, CorpusStatus, Elsewhere, OneRoad, QuoteElsewhere, Speaker
from sourcing.records.annotation import AttestedAs
from sourcing.text import join_extents, sha256_of

SAME_DRAFT = 0.15  # similarity from which an article of the draft's id is an earlier version of it
SAME_WORDS = 0.99  # similarity of quotes from which they have the same words (one may be cut shorter)
SAME_QUOTE = 0.8  # ... and from which they are one quote in different words
SURE_QUOTE = 0.95  # ... and from which two speakers cannot both have said them, as they may a stock phrase
LONG_QUOTE = 0.9  # ... of those that share LONG_RUN words in a row
LONG_RUN = 10
READ_AT_MOST = 20_000  # quotes elsewhere that are compared, those with most phrases in common first


Credit = Literal["same", "other", "unknown"]


class _Other(NamedTuple):
    """A quote elsewhere that shares a phrase with one of the draft's."""

    doc: int
    text: str
    speaker: str | None
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
    here = _people_here(annotation)
    met = meet(connection, matches_of(connection, names, here=here), apart)
    listed = {name for name, found in matches_of(connection, names, LISTED, here=here).items() if found}
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


def _people_here(annotation: Annotation) -> list[str]:
    """The full names of all people whom the article names."""
    speakers = (n for s in annotation.speakers if s.type == "person" and s.name for n in people_of(s.name))
    return sorted({name for name in (*speakers, *(p.name for p in annotation.people)) if is_specific(name)})


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
    same: dict[str, list[tuple[float, _Other]]] = {}
    for quote in annotation.quotes:
        candidates = {o for key in mine.get(quote.id, ()) for o in others.get(key, ())}
        rated = sorted(((compare_words(quote.text, o.text), o) for o in candidates), key=_best_first)
        same[quote.id] = [(rate, other) for rate, other in rated if rate >= SAME_QUOTE]
    people = _people_among(connection, {other for rated in same.values() for _, other in rated})
    for quote in annotation.quotes:
        speaker = speakers.get(quote.speaker or "")
        credits = [(_credit(speaker, other, people), rate, other) for rate, other in same[quote.id]]
        # two people's words that are only much alike are a stock phrase
        credits = [c for c in credits if c[0] != "other" or _is_sure(quote.text, c[2].text, c[1])]
        for _, _, other in credits:
            related.setdefault(other.doc, other)
        if credits and max(rate for _, rate, _ in credits) < SAME_WORDS:
            theirs = [(rate, other) for credit, rate, other in credits if credit != "other"]
            found.extend(_quote_elsewhere(quote.id, "wording", *best) for best in theirs[:1])
        if "same" not in {credit for credit, _, _ in credits}:
            theirs = [(rate, other) for credit, rate, other in credits if credit == "other"]
            found.extend(_quote_elsewhere(quote.id, "credit", *best) for best in theirs[:1])
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
        select q.doc, q.text, q.speaker, q.name, a.id, coalesce(a.outlet, a.domain), {", ".join("q." + c for c in columns)}
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
    for *other, phrases in ((*row[:6], row[6:]) for row in rows):
        for phrase in wanted.intersection(phrases):
            out[phrase].append(_Other(*other))
    return out


def compare_words(a: str, b: str) -> float:
    """How alike the words of two quotes are, 0..1; a shorter one is held against its best place in the longer.

    >>> compare_words("“We will rebuild the pier, whatever it costs.”", "“we will rebuild the pier”")
    1.0
    """
    from rapidfuzz import fuzz

    short, long = sorted((" ".join(words_of(text)) for text in (a, b)), key=len)
    if f" {short} " in f" {long} ":
        return 1.0
    return min(0.9899, fuzz.partial_ratio(short, long) / 100)


def _is_sure(a: str, b: str, rate: float) -> bool:
    """Can two people hardly have said both quotes, with words so alike?"""
    short, long = sorted((words_of(a), words_of(b)), key=len)
    if len(short) < min(LONG_RUN, len(long) / 2):  # a few words of a long quote may be another's, quoted there
        return False
    if rate >= SURE_QUOTE or rate < LONG_QUOTE:
        return rate >= SURE_QUOTE
    run = SequenceMatcher(None, short, long, autojunk=False).find_longest_match(0, len(short), 0, len(long))
    return run.size >= LONG_RUN


def _people_among(connection: Any, others: set[_Other]) -> set[tuple[int, str]]:
    """Which of those who say quotes elsewhere are people: doc and id."""
    if not others:
        return set()
    rows = connection.execute(
        f"select doc, speaker from {SPEAKERS} where type = 'person' and speaker is not null"
        " and doc in (select unnest(?::bigint[]))",
        [sorted({other.doc for other in others})],
    ).fetchall()
    return set(rows)


def _credit(speaker: Speaker | None, other: _Other, people: set[tuple[int, str]]) -> Credit:
    """Whether another article credits the same person: "unknown" where either is no named person, as when the body is credited for
    whom a spokeswoman speaks."""
    if speaker is None or speaker.type != "person" or not other.name or (other.doc, other.speaker) not in people:
        return "unknown"
    mine = [name for name in people_of(speaker.name or "") if is_specific(name)]
    if not mine:
        return "unknown"
    return "same" if any(_may_be(a, b) for a in mine for b in people_of(other.name)) else "other"


def _may_be(name: str, other: str) -> bool:
    """May a full name and another, which may be one word of it, be one person's?"""
    if is_specific(other):
        return same_person(name, other).same
    return bool(
        {*parse_name(name).words} & {form for word in parse_name(other).words for form in (word, *short_forms(word))}
    )


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
