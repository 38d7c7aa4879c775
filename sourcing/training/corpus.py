"""Read the training data into one shape: marked-up texts, and the arrays that the network learns from.

PolNeAR gives attributions (and, for some articles, speaker types and canonical names; judged.txt has them for the others);
GUM gives names, sentence starts and which mention stands for which name. PolNeAR's own names, sentences and coreference are
CoreNLP's of 2018: silver, used where nothing better exists and weighted down (`trust`).
"""

import gzip
import json
import re
import zlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from tokenizers import Tokenizer

from sourcing.annotate.encode import Encoded, encode
from sourcing.annotate.marks import pair_marks
from sourcing.annotate.mentions import head_names
from sourcing.errors import UsageError
from sourcing.records import Span
from sourcing.training.labels import TAGS, TYPES

Pair = tuple[int, int]
UNKNOWN = -100
SILVER_NAMES = {"PERSON": 1, "ORGANIZATION": 3, "LOCATION": 5}
GUM_NAMES = {"person": 1, "organization": 3, "place": 5}
JUDGED = Path(__file__).with_name("judged.txt")
JUDGED_TYPES = {"p": "person", "o": "organization", "u": "outlet", "d": "document", "s": "unnamed_person", "g": "unnamed_group",
                "x": "other"}  # fmt: skip
HONORIFICS = frozenset(
    "mr mrs ms miss dr prof professor sir dame lord lady president senator sen rep gov governor judge justice king queen "
    "prince princess pope saint st captain colonel general".split()
)


@dataclass(frozen=True)
class Relation:
    """One attribution: character spans. type is None where nobody judged it."""

    source: tuple[Pair, ...]
    cue: tuple[Pair, ...]
    content: tuple[Pair, ...]
    type: str | None = None
    canonical: str | None = None
    trust: float = 1.0


@dataclass(frozen=True)
class Mention:
    """A mention (character span) and the places where its name stands; no places: it has no name in the text."""

    span: Pair
    names: tuple[Pair, ...]
    trust: float


@dataclass(frozen=True)
class Text:
    """A marked-up text. relations is None where attributions are not annotated; names are (start, end, first BIO label), and
    `all_names` is false where only the names of speakers are known."""

    id: str
    text: str
    paragraphs: tuple[Pair, ...]
    relations: tuple[Relation, ...] | None
    names: tuple[tuple[int, int, int], ...] | None
    sentences: tuple[int, ...] | None
    mentions: tuple[Mention, ...] = ()
    all_names: bool = True


Ints = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Example:
    """What the network learns from one text. Spans are (first word, last word + 1); labels are UNKNOWN where not annotated.

    links: (relation, query span, target span or None, weight). types: (span, TYPES index, weight). mentions: (query span, words
    of its name, weight).
    """

    id: str
    encoded: Encoded
    tags: Ints
    names: Ints
    sentence: Ints
    speech: Ints
    links: list[tuple[int, Pair, Pair | None, float]] = field(default_factory=list)
    types: list[tuple[Pair, int, float]] = field(default_factory=list)
    mentions: list[tuple[Pair, list[int], float]] = field(default_factory=list)
    hidden: Any = None  # the encoder's output for each word, once kept (train.refine)


def paragraphs_of(text: str) -> tuple[Pair, ...]:
    """Non-blank lines, as (start, end)."""
    return tuple(m.span() for m in re.finditer(r"[^\n]*\S[^\n]*", text))


# ------------------------------------------------------------------------------------------------------- PolNeAR


Judgements = dict[int, dict[int, tuple[str, tuple[Pair, ...]]]]
"""By CRC-32 of an article's id and number of its attribution: speaker type, and where the persons' full names stand."""


def read_judged(path: Path = JUDGED) -> Judgements:
    """Read the judgements of who speaks in PolNeAR's untyped training articles, kept without a word of their text.

    A line an article: CRC-32 of its id, then an item an attribution: its number, the type's letter (JUDGED_TYPES), and for a
    person the start and end of the full name in the text, several joined by '&': `3o 4p103-117 5p103-117&220-231`.
    """
    out: Judgements = {}
    for line in path.read_text(encoding="ascii").splitlines():
        article, *items = line.split()
        out[int(article, 16)] = judged = {}
        for item in items:
            number, letter, names = re.fullmatch(r"(\d+)([a-z])(.*)", item).groups()  # type: ignore[union-attr]
            places = [tuple(map(int, name.split("-"))) for name in names.split("&") if name]
            judged[int(number)] = JUDGED_TYPES[letter], tuple((a, b) for a, b in places)
    return out


def read_polnear(path: Path, judgements: Judgements | None = None) -> Iterator[Text]:
    """Yield the articles of a PolNeAR JSON Lines file (gzip or plain), or of own gold in the same format."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for line in lines:
            article = json.loads(line)
            _add_judgements(article, (judgements or {}).get(zlib.crc32(article["id"].encode()), {}))
            yield _polnear_text(article)


def _add_judgements(article: dict[str, Any], judged: dict[int, tuple[str, tuple[Pair, ...]]]) -> None:
    """Set type and canonical name of the attributions that were judged, in an article without types of its own."""
    if article["typed"] or not judged:
        return
    if max(judged) >= len(article["attributions"]):
        raise UsageError(f"{article['id']}: the judgements were made on other attributions than these")
    for number, (kind, names) in judged.items():
        article["attributions"][number] |= {
            "type": kind,
            "canonical": " & ".join(article["text"][a:b] for a, b in names) or None,
        }


def _polnear_text(article: dict[str, Any]) -> Text:
    def spans(x: Iterable[list[int]]) -> tuple[Pair, ...]:
        return tuple((int(a), int(b)) for a, b in x)

    relations = tuple(
        Relation(spans(a["source"]), spans(a["cue"]), spans(a["content"]), a.get("type"), a.get("canonical"))
        for a in article["attributions"]
    )
    text, nlp = article["text"], article.get("corenlp")
    names: list[tuple[int, int, int]] = []
    sentences: list[int] = []
    mentions: list[Mention] = []
    if nlp:
        for sentence in nlp["sentences"]:
            sentences.append(sentence[0][0])
            names.extend(_silver_names(sentence))
        mentions = list(_silver_mentions(nlp, names))
    judged = {
        r.source[0]: Mention(r.source[0], tuple(_places(text, r.canonical or "")) if r.type == "person" else (), 1.0)
        for r in relations
        if r.type is not None and r.type != "other" and r.source
    }
    settled = {r.source[0] for r in relations if r.type and r.source}
    if nlp and not article["typed"]:
        relations = tuple(r if r.type else _silver_type(r, text, nlp, names) for r in relations)
        mentions = [m for m in mentions if m.span not in settled]
    return Text(
        article["id"],
        text,
        paragraphs_of(text),
        relations,
        tuple(names) if nlp else _speakers_names(text, relations),
        tuple(sentences) if nlp else None,
        (*judged.values(), *(() if article["typed"] else mentions)),
        all_names=bool(nlp),
    )


def _speakers_names(text: str, relations: Iterable[Relation]) -> tuple[tuple[int, int, int], ...]:
    """Where the judged speakers' full names stand, and their last names where no capitalised word goes before."""
    people = {r.canonical for r in relations if r.type == "person" and r.canonical}
    full = {place for person in people for place in _places(text, person) if " " in text[slice(*place)]}
    alone = {place for person in people for place in _places(text, person)} - full
    parts = {word for place in full for word in text[slice(*place)].split()}

    def stands_alone(place: Pair) -> bool:
        before = text[max(0, place[0] - 30) : place[0]].split()
        word = before[-1] if before else ""
        own = word in parts or "’" in word[:1]  # "Ben Slimane", "van ’t Hoff" by half
        capital = word[:1].isupper() and word[-1].isalpha() and word.lower() not in HONORIFICS
        return not own and not capital and not any(a <= place[0] < b for a, b in full)

    kept = {place for place in alone if stands_alone(place)}
    return tuple((a, b, SILVER_NAMES["PERSON"]) for a, b in sorted(full | kept))


# Words that make a named body a news outlet, and nouns that make a source a document: for guessing only, where nobody judged.
OUTLET = re.compile(
    r"\b(?:Times|Post|News|Journal|Tribune|Herald|Magazine|Reuters|Press|CNN|NBC|ABC|CBS|MSNBC|BBC|Politico)\b"
)
DOCUMENTS = frozenset(
    "report poll study survey letter email memo filing lawsuit book transcript data document bill law".split()
)


def _silver_type(relation: Relation, text: str, nlp: dict[str, Any], names: list[tuple[int, int, int]]) -> Relation:
    """Guess the type of an untyped source from CoreNLP's tags where they leave little doubt, a third trusted."""
    if not relation.source:
        return relation
    start, end = relation.source[0][0], relation.source[-1][1]
    k = bisect_right(nlp["sentences"], start, key=lambda s: s[0][0]) - 1
    tokens = [t for t in nlp["sentences"][max(0, k)] if t[0] >= start and t[1] <= end]
    mention = Span(start, end, text[start:end])
    people = [Span(a, b, text[a:b]) for a, b, label in names if label == 1 and a >= start and b <= end]
    cut = next((n for n, t in enumerate(tokens) if n and t[2] in ("IN", ",", "WP", "WDT", "-LRB-")), len(tokens))
    nouns = [t for t in tokens[:cut] if t[2].startswith("NN")]
    kind: str | None = None
    if head_names(mention, people, text) or mention.text.lower() in ("he", "she"):
        kind = "person"
    elif nouns and nouns[-1][4].startswith("spokes"):
        kind = "organization"
    elif nouns and any(t[3] == "ORGANIZATION" for t in tokens[:cut]) and nouns[-1][3] == "ORGANIZATION":
        kind = "outlet" if OUTLET.search(mention.text) else "organization"
    elif nouns and nouns[-1][2] == "NNS":
        kind = "unnamed_group"
    elif nouns and nouns[-1][4] in DOCUMENTS:
        kind = "document"
    elif nouns and nouns[-1][2] == "NN" and tokens[0][4] in ("a", "an", "one") and nouns[-1][3] == "O":
        kind = "unnamed_person"
    return replace(relation, type=kind, trust=0.3) if kind else relation


def _silver_names(sentence: list[list[Any]]) -> Iterator[tuple[int, int, int]]:
    run: list[Any] | None = None
    for token in sentence:
        label = SILVER_NAMES.get(token[3])
        if run and label == run[2] and token[0] - run[1] <= 1:
            run[1] = token[1]
            continue
        if run:
            yield (run[0], run[1], run[2])
        run = [token[0], token[1], label] if label else None
    if run:
        yield (run[0], run[1], run[2])


def _silver_mentions(nlp: dict[str, Any], names: list[tuple[int, int, int]]) -> Iterator[Mention]:
    """Short mentions without a name of chains that hold a person's name; half trusted."""
    people = sorted((a, b) for a, b, label in names if label == 1)
    starts = np.array([a for a, _ in people])
    for chain in nlp["coref"]:
        found: list[Pair] = []
        nameless: list[Pair] = []
        for number, low, high, _ in chain:
            tokens = nlp["sentences"][number][low:high]
            if not tokens or len(tokens) > 5:
                continue
            span = (tokens[0][0], tokens[-1][1])
            k = int(np.searchsorted(starts, span[0]))
            if k < len(people) and people[k][1] <= span[1]:
                found.append(people[k])
            elif not any(t[3] == "PERSON" for t in tokens):
                nameless.append(span)
        if found:
            yield from (Mention(span, tuple(found), 0.4) for span in nameless)


def _places(text: str, canonical: str) -> Iterator[Pair]:
    """Where the person called `canonical` (several joined by ' & ') is named: the full name, or the last name alone."""
    for name in canonical.split(" & "):
        last = name.split()[-1] if name.split() else ""
        if len(last) > 1:
            pattern = rf"(?<!\w)(?:{re.escape(name)}|{re.escape(last)})(?!\w)"
            yield from (m.span() for m in re.finditer(pattern, text))


# ----------------------------------------------------------------------------------------------------------- GUM


def read_gum(path: Path) -> Iterator[Text]:
    """Yield the documents of a GUM CoNLL-U file (gzip)."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for block in re.split(r"(?m)^(?=# newdoc id)", stream.read()):
            if block.strip():
                yield _gum_text(block)


def _gum_text(block: str) -> Text:
    identity = block.split("\n", 1)[0].split("=")[1].strip()
    text, spans, pos, sentences, fields, forms = "", [], [], [], [], []
    fresh, glued, space = True, 0, True
    for line in block.splitlines():
        if line.startswith("# newpar") and text and not line.startswith("# newpar_block"):
            text = text.rstrip() + "\n"
        elif line.startswith("# sent_id"):
            fresh, glued, space = True, 0, True
        elif line and line[0].isdigit():
            cells = line.split("\t")
            if "-" in cells[0]:  # a contraction: its parts stand without space, and it says what follows them
                glued = int(cells[0].split("-")[1])
                space = "SpaceAfter=No" not in cells[9]
                continue
            if "." in cells[0]:
                continue
            if fresh:
                sentences.append(len(text))
                fresh = False
            spans.append((len(text), len(text) + len(cells[1])))
            pos.append(cells[3])
            forms.append(cells[1])
            fields.append(cells[9])
            if int(cells[0]) <= glued:
                text += cells[1] + (" " if space and int(cells[0]) == glued else "")
            else:
                text += cells[1] + ("" if "SpaceAfter=No" in cells[9] else " ")
    entities = list(_gum_entities(fields))
    names: list[tuple[int, int, int]] = []
    named: dict[str, list[Pair]] = {}
    for low, high, kind, group, head in entities:
        label = GUM_NAMES.get(kind)
        if label is None or not (low <= head < high) or pos[head] != "PROPN":
            continue
        a = b = head
        while a > low and pos[a - 1] == "PROPN":
            a -= 1
        while b + 1 < high and pos[b + 1] == "PROPN":
            b += 1
        while label == 1 and a < b and forms[a].lower().strip(".") in HONORIFICS:
            a += 1
        place = (spans[a][0], spans[b][1])
        names.append((*place, label))
        if label == 1:
            named.setdefault(group, []).append(place)
    mentions = [
        Mention((spans[low][0], spans[high - 1][1]), tuple(named.get(group, ())), 1.0)
        for low, high, kind, group, head in entities
        if kind == "person" and high - low <= 6 and not any(p == "PROPN" for p in pos[low:high])
    ]
    names.sort()
    flat: list[tuple[int, int, int]] = []
    for name in names:  # longest of overlapping names
        if not flat or name[0] >= flat[-1][1]:
            flat.append(name)
    return Text(identity, text, paragraphs_of(text), None, tuple(flat), tuple(sentences), tuple(mentions))


def _gum_entities(fields: list[str]) -> Iterator[tuple[int, int, str, str, int]]:
    """Yield (first token, last + 1, type, entity id, head token) of the bracketed entities in MISC."""
    stack: dict[str, list[tuple[int, list[str]]]] = {}
    for index, misc in enumerate(fields):
        match = re.search(r"Entity=([^|]*)", misc)
        if not match:
            continue
        for opened, closed in re.findall(r"\(([^()]+)\)?|([^()]+)\)", match.group(1)):
            if opened:
                parts = opened.split("-")
                stack.setdefault(parts[0], []).append((index, parts))
            if closed or (opened and f"({opened})" in match.group(1)):
                key = closed or parts[0]
                if stack.get(key):
                    start, entity = stack[key].pop()
                    heads = re.match(r"\d+", entity[5]) if len(entity) > 5 else None
                    yield start, index + 1, entity[1], key, start + (int(heads.group()) - 1 if heads else 0)


# ------------------------------------------------------------------------------------------------------ examples


def make_example(text: Text, tokenizer: Tokenizer) -> Example:
    """Encode a text and lay its annotation over the words."""
    pairing = pair_marks(text.text, text.paragraphs)
    encoded = encode(text.text, text.paragraphs, pairing, tokenizer)
    n = len(encoded.start)

    def words(span: Pair) -> Pair:
        low = int(np.searchsorted(encoded.end, span[0], side="right"))
        high = int(np.searchsorted(encoded.start, span[1], side="left"))
        return low, max(low, high)

    def bio(spans: Iterable[tuple[int, int, int]], out: Ints) -> Ints:
        for a, b, label in spans:
            low, high = words((a, b))
            out[low:high] = label + 1
            if high > low:
                out[low] = label
        return out

    unknown = np.full(n, UNKNOWN, dtype=np.int64)
    tags, names, sentence, speech = (unknown.copy() for _ in range(4))
    example = Example(text.id, encoded, tags, names, sentence, speech)
    if text.names is not None:
        if text.all_names:
            names[:] = 0
        else:  # what stands beside a speaker's name is no part of it
            beside = [w for a, b, _ in text.names for low, high in [words((a, b))] for w in (low - 1, high)]
            names[[w for w in beside if 0 <= w < n]] = 0
        bio(text.names, names)
    if text.sentences is not None:
        sentence[:] = 0
        sentence[[w for s in text.sentences if (w := words((s, s + 1))[0]) < n]] = 1
    if text.relations is not None:
        tags[:] = 0
        for role in ("content", "cue", "source"):
            bio(((a, b, TAGS.index("B-" + role)) for r in text.relations for a, b in getattr(r, role)), tags)
        mend(tags)
        _label_speech(pairing.passages, words, tags, speech)
        _link(text.relations, words, example)
    for mention in text.mentions:
        query = words(mention.span)
        inside = set(range(*query))
        places = [w for place in mention.names for w in range(*words(place))]
        if query[1] > query[0] and not inside.intersection(places):
            example.mentions.append((query, sorted(set(places)), mention.trust))
    return example


def mend(tags: Ints) -> None:
    """Make a tag sequence well-formed, in place: an I- that follows nothing of its kind becomes a B-.

    A few gold spans overlap, and a text cut for length may start inside a span.
    """
    before = np.concatenate([[0], tags[:-1]])
    inside = (tags > 0) & (tags % 2 == 0)
    stranded = inside & (before != tags) & (before != tags - 1)
    tags[stranded] -= 1


def _label_speech(passages: Iterable[Any], words: Any, tags: Ints, speech: Ints) -> None:
    content = TAGS.index("B-content")
    for passage in passages:
        for part in passage.parts:
            low, high = words(part)
            if not passage.nested and high > low:
                speech[low:high] = int(np.mean(tags[low:high] >= content) >= 0.5)


def _link(relations: Iterable[Relation], words: Any, example: Example) -> None:
    for relation in relations:
        cue = words((relation.cue[0][0], relation.cue[-1][1])) if relation.cue else None
        source = words((relation.source[0][0], relation.source[-1][1])) if relation.source else None
        for piece in relation.content:
            span = words(piece)
            if span[1] > span[0]:
                example.links.append((0, span, cue, 1.0))
        if cue and cue[1] > cue[0] and not (source and cue[0] <= source[0] and source[1] <= cue[1]):
            example.links.append(
                (1, cue, source, 1.0)
            )  # a cue in two pieces around its source cannot point outside itself
        if source and source[1] > source[0] and relation.type:
            example.types.append((source, TYPES.index(relation.type), relation.trust))
