"""Resolve every source mention to a speaker of the article: type, name, and which mentions are one speaker.

The type of a mention is learned (the type head over its words), and so is the name that a mention without one stands for
(pointer mention -> name: "she", "the governor", "the analyst"). Names are grouped by rule (names.py), since their form decides.
"""

import math
import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, get_args

import numpy as np
import numpy.typing as npt
from msgspec.structs import replace

from sourcing.annotate.anonymity import find_anonymity
from sourcing.annotate.bodies import Bodies, institution_name, is_definite, is_proper, speaks_for, undetermined
from sourcing.annotate.confidence import calibrated, log_odds
from sourcing.annotate.decode import Spot
from sourcing.annotate.encode import Encoded, words_of
from sourcing.annotate.link import Linked, point
from sourcing.annotate.mentions import Introduction, head_names, introduce, is_pronoun, normal_form
from sourcing.annotate.model import MENTION_NAME, Parameters, Scores
from sourcing.annotate.names import HONORIFICS, Person, group_people, leading_honorific, with_suffix
from sourcing.annotate.pronouns import Pointed, agree, gender_of, votes_of
from sourcing.annotate.role_nouns import fit_roles, head_noun
from sourcing.records import CLASS_OF_TYPE, Extent, NamedPerson, Span, Speaker, SpeakerType

Floats = npt.NDArray[np.float32]
TYPES: tuple[SpeakerType, ...] = get_args(SpeakerType)
OTHER = len(TYPES)  # the type head's last class: the writer, "you", nobody in particular
PERSON, ORGANIZATION, OUTLET, DOCUMENT, UNNAMED_PERSON, UNNAMED_GROUP = range(OTHER)
INSTITUTIONS = (ORGANIZATION, OUTLET, DOCUMENT)
RELATIVE_END = re.compile(
    r"[\s,;—–-]+(?:who|which|that|whose)?[\s,]*$"
)  # what a cut relative clause leaves behind a mention
LIKELY_PERSON = 0.5  # probability of a person's type from which a source is looked through for a name
OVERLOOKED = 0.1  # probability of a personal name from which a word there is one
LEAST = 1e-6  # added to each type's probability, so that none has no logarithm
PLACES_READ = 6  # places of a name that are read for what they say of the person
NAMES_NEAR = 48  # name places looked at on either side of a mention


@dataclass
class _Mention:
    """A source mention on its way to a speaker."""

    span: Span
    kind: int
    chance: float  # probability of the kind's class
    people: tuple[int, ...] = ()
    name: str = ""
    key: tuple[Any, ...] = ()


class _Reading(NamedTuple):
    """The article as the network read it."""

    text: str
    encoded: Encoded
    words: Sequence[str]
    sentence: npt.NDArray[np.int64]  # each word's sentence number
    scores: Scores
    parameters: Parameters

    def span(self, spot: Spot) -> Span:
        """The text of a span of words."""
        start, end = int(self.encoded.start[spot[0]]), int(self.encoded.end[spot[1] - 1])
        return Span(start, end, self.text[start:end])

    def point(self, spots: Sequence[Spot], names: Sequence[Spot]) -> list[Pointed]:
        """The learned pointer from mentions to the names near them."""
        return point(spots, names, MENTION_NAME, self.scores, self.parameters, self.encoded.paragraph, near=NAMES_NEAR)


class _Cast(NamedTuple):
    """The people that the article names: where (spans of characters and of words), and who is one person."""

    spans: Sequence[Span]
    spots: Sequence[Spot]
    people: Sequence[Person]


@dataclass
class Resolved:
    """speakers, in order of first mention; of, sources: speaker id and source of each attribution; names: all places of people's
    names; people: whose they are."""

    speakers: list[Speaker]
    of: list[str | None]
    sources: list[Span | None]
    names: list[Span]
    people: list[NamedPerson]


def resolve(
    text: str,
    encoded: Encoded,
    scores: Scores,
    parameters: Parameters,
    linked: Sequence[Linked],
    names: Sequence[tuple[int, int, str]],
    sentences: Sequence[Extent],
) -> Resolved:
    """Return the speakers of the attributions."""
    words = words_of(text, encoded)
    starts = np.searchsorted(encoded.start, [s.start for s in sentences])
    sentence = np.searchsorted(starts, np.arange(len(words)), side="right")
    reading = _Reading(text, encoded, words, sentence, scores, parameters)
    span = reading.span
    spots = sorted({x.source for x in linked if x.source})
    names = sorted([*names, *_overlooked(spots, names, words, scores)])
    person_spots = [(a, b) for a, b, kind in names if kind == "person"]
    person_spans = [with_suffix(span(s), text) for s in person_spots]
    pronouns = [(n, g) for n, g in enumerate(map(gender_of, words)) if g is not None]
    pronoun_spots, genders = [(n, n + 1) for n, _ in pronouns], [g for _, g in pronouns]
    drawn = reading.point(pronoun_spots, person_spots)
    people = group_people(person_spans, text, votes_of(drawn, genders, len(person_spots)))
    agreed = dict(zip(pronoun_spots, agree(drawn, genders, people), strict=True))
    places = [span((a, b)) for a, b, kind in names if kind != "person"]
    bodies = [span((a, b)) for a, b, kind in names if kind == "organization"]
    judged = _judge(spots, places, _Cast(person_spans, person_spots, people), agreed, reading)
    mentions = dict(zip(spots, judged, strict=True))
    _group(judged, places)
    cues = sorted(span(x.cue) for x in linked if x.cue)
    groups: dict[tuple[Any, ...], list[_Mention]] = {}
    for mention in judged:
        if mention.kind != OTHER:
            groups.setdefault(mention.key, []).append(mention)
    speakers: list[Speaker] = []
    identity: dict[tuple[Any, ...], str] = {}
    for key, members in groups.items():
        identity[key] = f"s{len(speakers) + 1}"
        speaker = _speaker(identity[key], members, people, person_spans, bodies, text, sentences, cues)
        raw = log_odds(float(np.mean([m.chance for m in members])))
        speakers.append(replace(speaker, confidence=calibrated(raw, parameters.calibration["class"])))
    of = [identity.get(mentions[x.source].key) if x.source else None for x in linked]
    met = [
        NamedPerson(name=p.name, start=first.start, end=first.end, mentions=len(p.spans))
        for p in people
        if p.name
        for first in [person_spans[p.spans[0]]]
    ]
    sources = [mentions[x.source].span if x.source else None for x in linked]
    return Resolved(speakers, of, sources, person_spans, met)


# ---------------------------------------------------------------------------------------------- type and person


def _overlooked(
    spots: Sequence[Spot], names: Sequence[tuple[int, int, str]], words: Sequence[str], scores: Scores
) -> list[tuple[int, int, str]]:
    """Names that the tagger of names just missed, in sources of a person's type that hold no name: else the pointer would give
    them to somebody else."""
    named = np.zeros(len(words), dtype=bool)
    for a, b, _ in names:
        named[a:b] = True
    found = []
    for a, b in spots:
        if named[a:b].any() or _chance(scores.types[a:b].mean(0), (PERSON,)) <= LIKELY_PERSON:
            continue
        rows = scores.names[a:b]
        chance = np.exp(rows - np.logaddexp.reduce(rows, axis=1)[:, None])[:, 1:3].sum(1)
        fits = [
            p > OVERLOOKED and w[:1].isupper() and w.lower() not in HONORIFICS and gender_of(w) is None
            for p, w in zip(chance.tolist(), words[a:b], strict=True)
        ]
        if any(fits):
            low = fits.index(True)
            high = next((n for n in range(low, len(fits)) if not fits[n]), len(fits))
            found.append((a + low, a + high, "person"))
    return found


def _judge(
    spots: Sequence[Spot], places: Sequence[Span], cast: _Cast, agreed: Mapping[Spot, Pointed], reading: _Reading
) -> list[_Mention]:
    """Decide each mention's type, and the people it stands for. agreed: the pointers of gendered pronouns (pronouns.py)."""
    spans = [_with_whole_name(reading.span(spot), cast.spans, reading.text) for spot in spots]
    owner = {n: k for k, person in enumerate(cast.people) for n in person.spans}
    number_at = {p.start: n for n, p in enumerate(cast.spans)}
    rest = [s for s in spots if s not in agreed]
    nouns = [head_noun(reading.span(s).text) for s in rest]
    alone = fit_roles(reading.point(rest, cast.spots), nouns, cast.spots, cast.people, reading.words, reading.sentence)
    pointed = {**dict(zip(rest, alone, strict=True)), **agreed}
    found = []
    for span, spot, types in zip(spans, spots, _types(spans, spots, reading.scores), strict=True):
        low, logs = pointed[spot]
        own = head_names(span, _within(cast.spans, span), reading.text)
        best, null = _best_person(logs, low, owner)
        if own and _speaks_as_person(types):
            chosen = tuple(dict.fromkeys(owner[number_at[n.start]] for n in own))
            found.append(_Mention(span, PERSON, _chance(types, (PERSON, UNNAMED_PERSON)), chosen))
            continue
        options = _named_or_not(types, null if best is not None else 0.0)
        if speaks_for(span, _within(places, span)):
            # the guidelines' rule: a nameless spokesperson is the body's voice; only one whom the article names is not
            kind, chance = ORGANIZATION, 1.0 - _chance(options, (PERSON,))
        else:
            kind, chance = _likeliest(options)
        found.append(_Mention(span, kind, chance, (best,) if kind == PERSON and best is not None else ()))
    return found


def _with_whole_name(mention: Span, names: Sequence[Span], text: str) -> Span:
    """The mention with the suffix of the name that it ends in: "said Martin Vale Jr" and then a full stop."""
    whole = with_suffix(mention, text)
    return whole if any(name.end == whole.end for name in _within(names, mention)) else mention


def _types(spans: Sequence[Span], spots: Sequence[Spot], scores: Scores) -> list[Floats]:
    """The type head's log-probabilities for each mention; the same proper name is of one type throughout an article."""
    chances = [np.exp(_log_softmax(scores.types[a:b].mean(0))) for a, b in spots]
    heads = [undetermined(re.split("[,;(—–]", span.text)[0]) for span in spans]
    forms = [normal_form(head) if is_proper(head) and not is_pronoun(head) else "" for head in heads]
    alike: dict[str, list[Floats]] = {}
    for form, chance in zip(forms, chances, strict=True):
        alike.setdefault(form, []).append(chance)
    pooled = {form: np.mean(group, axis=0) for form, group in alike.items() if form}
    return [np.log(pooled.get(form, chance) + LEAST) for form, chance in zip(forms, chances, strict=True)]


def _speaks_as_person(types: Floats) -> bool:
    """Is a mention with a personal name a person's? The tagger of names takes some bodies for people, above all single words."""
    person = _chance(types, (PERSON, UNNAMED_PERSON))
    return person > max(_chance(types, INSTITUTIONS), _chance(types, (UNNAMED_GROUP,)))


def _named_or_not(types: Floats, null: float) -> Floats:
    """Split what speaks for an individual between named and unnamed, by the type head and the pointer to names together.

    null: log-probability that the mention stands for no name.
    """
    named = math.log(max(1e-6, 1.0 - math.exp(null))) - null
    odds = float(types[PERSON] - types[UNNAMED_PERSON]) + named
    individual = np.logaddexp(types[PERSON], types[UNNAMED_PERSON])
    out = types.copy()
    out[PERSON] = individual - np.logaddexp(0.0, -odds) if null < 0 else -np.inf
    out[UNNAMED_PERSON] = individual - np.logaddexp(0.0, odds) if null < 0 else individual
    return out


def _likeliest(options: Floats) -> tuple[int, float]:
    """The likeliest type of the likeliest class, and that class's probability: three types of body share what speaks for one."""
    groups = ((PERSON,), INSTITUTIONS, (UNNAMED_PERSON, UNNAMED_GROUP), (OTHER,))
    best = max(groups, key=lambda g: _chance(options, g))
    return max(best, key=lambda t: float(options[t])), _chance(options, best)


def _chance(options: Floats, kinds: Sequence[int]) -> float:
    """The probability of any of the kinds, from log-probabilities of all, up to a constant."""
    return float(np.exp(np.logaddexp.reduce(options[list(kinds)]) - np.logaddexp.reduce(options)))


def _within(spans: Sequence[Span], outer: Span) -> list[Span]:
    low = bisect_left(spans, outer.start, key=lambda s: s.start)
    high = bisect_left(spans, outer.end, key=lambda s: s.start)
    return list(spans[low:high])


def _best_person(logs: Floats, low: int, owner: dict[int, int]) -> tuple[int | None, float]:
    """The person with the most probability over all places of the name, and the log-probability of nobody."""
    total: dict[int, float] = {}
    for k, log in enumerate(logs[:-1].tolist()):
        person = owner[low + k]
        total[person] = float(np.logaddexp(total.get(person, -np.inf), log))
    return (max(total, key=lambda p: total[p]) if total else None), float(logs[-1])


def _log_softmax(logits: Floats) -> Floats:
    shifted: Floats = logits - np.logaddexp.reduce(logits)
    return shifted


# ------------------------------------------------------------------------------------------------------ grouping


def _group(mentions: list[_Mention], places: Sequence[Span]) -> None:
    """Set each mention's key: equal keys are one speaker."""
    bodies = Bodies()
    latest: dict[int, tuple[Any, ...]] = {}
    for mention in mentions:
        kind = mention.kind
        if kind == PERSON:
            mention.key = (PERSON, *sorted(mention.people))
        elif is_pronoun(mention.span.text) and kind in latest:
            mention.key = latest[kind]
        elif kind in INSTITUTIONS:
            mention.name = institution_name(mention.span, _within(places, mention.span))
            if is_proper(mention.name):
                back = bodies.find(mention.name)
            else:  # "the channel" goes back to the body of its kind named last, "the report" to the body named last
                back = bodies.ending_in(mention.name)
                if back is None and is_definite(mention.span.text):
                    back = bodies.last(None if kind == DOCUMENT else kind)
            mention.key = back or (kind, mention.name)
            if is_proper(mention.key[1]):
                bodies.add(mention.key)
        else:
            mention.key = (kind, _anonymous_key(mention, latest.get(kind)))
        latest[kind] = mention.key


def _anonymous_key(mention: _Mention, previous: tuple[Any, ...] | None) -> str:
    """Anonymous mentions are one speaker when their words are; "the adviser" goes back to "a senior adviser"."""
    form = normal_form(mention.span.text)
    if previous and is_definite(mention.span.text):
        before = str(previous[1])
        if form.split()[-1:] and form.split()[-1] in before.split():
            return before
    return form


# ------------------------------------------------------------------------------------------------------- records


def _speaker(
    identity: str, members: list[_Mention], people: Sequence[Person], person_spans: Sequence[Span],
    bodies: Sequence[Span], text: str, sentences: Sequence[Extent], cues: Sequence[Span],
) -> Speaker:  # fmt: skip
    kind: SpeakerType = TYPES[_common_kind(members)]
    spans = [m.span for m in members]
    name: str | None = None
    intro = Introduction(None, None, None)
    if kind == "person":
        who = [people[n] for n in members[0].people]
        name = " & ".join(p.name for p in who)
        intro = _introduction([person_spans[n] for n in who[0].spans], spans, text, sentences, bodies) if who else intro
        if intro.title is None:  # "said Dr." and the name may stand in two paragraphs
            intro = intro._replace(title=next((a for s in spans if (a := leading_honorific(s.text))), None))
    elif CLASS_OF_TYPE[kind] == "institutional":
        name = max((m.name for m in members if m.name), key=lambda n: (is_proper(n), len(n)), default="")
    else:
        fullest = max(spans, key=lambda s: len(s.text))
        body = next(iter(_within(bodies, fullest)), None)
        plain = is_pronoun(fullest.text)
        intro = Introduction(None, None if plain else RELATIVE_END.sub("", fullest.text), body.text if body else None)
    class_ = CLASS_OF_TYPE[kind]
    return Speaker(
        id=identity,
        name=name or None,
        class_=class_,
        type=kind,
        title=intro.title,
        description=intro.description,
        affiliation=intro.affiliation,
        anonymity=find_anonymity(text, spans, sentences, cues) if class_ == "anonymous" else None,
        mentions=tuple(spans),
    )


def _common_kind(members: list[_Mention]) -> int:
    """The commonest type among a speaker's mentions; a body with a report of its own is the body, not the report."""
    kinds = [m.kind for m in members if m.kind != DOCUMENT] or [DOCUMENT]
    return Counter(kinds).most_common(1)[0][0]


def _introduction(
    places: Sequence[Span], mentions: Sequence[Span], text: str, sentences: Sequence[Extent], bodies: Sequence[Span]
) -> Introduction:
    """Put together what the first places of a name say: the first title, description and affiliation found."""
    title = description = affiliation = None
    for place in places[:PLACES_READ]:
        bounds = sentence_around(place, sentences)
        mention = next((m for m in mentions if m.start <= place.start and place.end <= m.end), None)
        found = introduce(place, mention, text, bounds, _within(bodies, Span(bounds[0], bounds[1], "")))
        title, description = title or found.title, description or found.description
        affiliation = affiliation or found.affiliation
    return Introduction(title, description, affiliation)


def sentence_around(span: Span, sentences: Sequence[Extent]) -> tuple[int, int]:
    """The bounds of the sentence in which a span starts."""
    k = bisect_right(sentences, span.start, key=lambda s: s.start) - 1
    if k >= 0 and sentences[k].end > span.start:
        return sentences[k].start, max(sentences[k].end, span.end)
    return span.start, span.end
