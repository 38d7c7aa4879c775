"""Who says what after the corrections: quotes, attributions and speakers of a report, credited anew.

Ids stay; what is added gets the next free ones in the order of the text. So the outcome does not depend on the order in which
unrelated corrections were made.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from msgspec.structs import replace

from sourcing.corrections.records import NewSpeaker, WrongSpeaker, WrongType
from sourcing.corrections.standing import Standing
from sourcing.measure.passages import SPEECH_ROLES, merged, overlaps, size
from sourcing.records import CLASS_OF_TYPE, Anonymity, Attribution, Kind, Quote, Report, Span, Speaker
from sourcing.text import count_words

WHOLLY = 0.9  # share of the content in quotes from which it counts as direct, the annotator's own
CERTAIN = 1.0  # confidence of an attribution that an editor made


_Statement = tuple[Attribution, WrongSpeaker | None]


class Recredited(NamedTuple):
    """A report's annotation with corrections."""

    quotes: tuple[Quote, ...]
    attributions: tuple[Attribution, ...]
    speakers: tuple[Speaker, ...]


def recredit(report: Report, standing: Standing) -> Recredited:
    """Return the annotation with the corrections that stand."""
    struck = {
        q.id for q in report.quotes if standing.strikes(q.id) or (q.attribution and standing.strikes(q.attribution))
    }
    statements = _statements(report, standing, struck)
    cast = _Cast(report.speakers, standing)
    attributions = []
    for attribution, correction in statements:
        own = cast.find(correction.speaker) if correction else attribution.speaker
        attributions.append(replace(attribution, speaker=own))
    made = {c.target: a.id for a, (_, c) in zip(attributions, statements, strict=True) if c and c.target != a.id}
    quotes = _quotes(report, standing, struck, {a.id: a.speaker for a in attributions}, made)
    speakers = _counted(_with_mentions(cast.speakers, report, attributions), attributions, quotes)
    return Recredited(quotes, tuple(attributions), tuple(s for s in speakers if s.attributions or s.quotes))


class _Cast:
    """The speakers, right types and names first; new ones join as they are credited."""

    def __init__(self, speakers: Sequence[Speaker], standing: Standing) -> None:
        self.speakers = [_retyped(s, standing.speakers[s.id]) if s.id in standing.speakers else s for s in speakers]
        self.known = {(s.type, _fold(s.name)): s.id for s in reversed(self.speakers) if s.name}
        self.last = _last_number(s.id for s in speakers)

    def find(self, credit: str | NewSpeaker | None) -> str | None:
        """The id of who is credited."""
        if not isinstance(credit, NewSpeaker):
            return credit
        key = credit.type, _fold(credit.name or "")
        if credit.name and key in self.known:
            return self.known[key]
        self.last += 1
        identity = f"s{self.last}"
        self.known[key] = identity
        class_ = CLASS_OF_TYPE[credit.type]
        self.speakers.append(
            Speaker(
                id=identity,
                name=_tidy(credit.name) if credit.name else None,
                class_=class_,
                type=credit.type,
                anonymity=Anonymity(granted=False, reason=None) if class_ == "anonymous" else None,
            )
        )
        return identity


def _retyped(speaker: Speaker, correction: WrongType) -> Speaker:
    """The speaker as the editor has it; what a corpus said holds for the old name as a person's only."""
    class_ = CLASS_OF_TYPE[correction.type]
    anonymous = class_ == "anonymous"
    name = None if anonymous else _tidy(correction.name) if correction.name else speaker.name
    if (name, correction.type) == (speaker.name, speaker.type):
        return speaker
    return replace(
        speaker,
        name=name,
        class_=class_,
        type=correction.type,
        confidence=0.0,
        anonymity=(speaker.anonymity or Anonymity(granted=False, reason=None)) if anonymous else None,
        corpus=None,
    )


def _statements(report: Report, standing: Standing, struck: set[str]) -> list[_Statement]:
    """The attributions left and those that are new, in the order of the text, with what an editor says of their speaker."""
    quotes_of: dict[str, list[Quote]] = defaultdict(list)
    for quote in report.quotes:
        if quote.attribution:
            quotes_of[quote.attribution].append(quote)
    found: list[_Statement] = []
    for attribution in report.attributions:
        if standing.strikes(attribution.id):
            continue
        left = _without(attribution, quotes_of[attribution.id], struck)
        if left:
            correction = standing.statements.get(attribution.id)
            found.append((left, correction if isinstance(correction, WrongSpeaker) else None))
    last = _last_number(a.id for a in report.attributions)
    for quote in sorted(report.quotes, key=lambda q: (q.start, -q.end)):
        correction = standing.statements.get(quote.id)
        if isinstance(correction, WrongSpeaker) and correction.speaker is not None:
            last += 1
            found.append((_attributed(quote, f"a{last}"), correction))
    return _with_sentences(sorted(found, key=lambda item: item[0].content[0].start))


def _with_sentences(found: list[_Statement]) -> list[_Statement]:
    """The statements; a new one's sentence is that of the attribution before it, for a report has no sentences."""
    sentence, placed = 0, []
    for attribution, correction in found:
        if correction and correction.target != attribution.id:
            attribution = replace(attribution, sentence=sentence)
        sentence = attribution.sentence
        placed.append((attribution, correction))
    return placed


def _without(attribution: Attribution, quotes: Sequence[Quote], struck: set[str]) -> Attribution | None:
    """The attribution without the quotes that are no speech; None when nothing is left of it."""
    gone = [q for q in quotes if q.id in struck]
    if not gone:
        return attribution
    content = tuple(c for c in attribution.content if not any(q.start <= c.start and c.end <= q.end for q in gone))
    left = [q for q in quotes if q.id not in struck]
    return replace(attribution, content=content, kind=_kind(content, left)) if content else None


def _kind(content: Sequence[Span], quotes: Sequence[Quote]) -> Kind:
    """How much of the content stands in quotes: direct, mixed or indirect. Counted in characters, in one sweep."""
    spans = merged((c.start, c.end) for c in content)
    quoted = sum(overlaps(spans, merged((q.start, q.end) for q in quotes)))
    return "direct" if quoted and quoted >= WHOLLY * size(spans) else "mixed" if quoted else "indirect"


def _attributed(quote: Quote, identity: str) -> Attribution:
    """The attribution of a quote that had none."""
    return Attribution(
        id=identity,
        kind="direct",
        content=(Span(quote.start, quote.end, quote.text),),
        cue=None,
        source=None,
        speaker=None,
        sentence=0,
        confidence=CERTAIN,
    )


def _quotes(
    report: Report, standing: Standing, struck: set[str], speaker_of: dict[str, str | None], made: dict[str, str]
) -> tuple[Quote, ...]:
    """The quotes with their owners. speaker_of: the attributions that are left. made: the new ones, by quote."""
    found = []
    for quote in report.quotes:
        owner = made.get(quote.id, quote.attribution)
        if quote.id in struck:
            role = "term" if quote.role in SPEECH_ROLES else quote.role
            quote = replace(quote, role=role, attribution=None, speaker=None)
        elif owner in speaker_of:
            quote = replace(
                quote,
                role="speech" if quote.id in made else quote.role,
                attribution=owner,
                speaker=speaker_of[owner],
            )
        elif owner or quote.id in standing.statements:
            quote = replace(quote, role="unattributed", attribution=None, speaker=None)
        found.append(quote)
    return tuple(found)


def _with_mentions(speakers: Sequence[Speaker], report: Report, attributions: Sequence[Attribution]) -> list[Speaker]:
    """The speakers, with the sources of attributions won and without those of attributions lost."""
    before, after = _sources(report.attributions), _sources(attributions)
    found = []
    for speaker in speakers:
        had, has = before[speaker.id], after[speaker.id]
        if had != has:
            speaker = replace(speaker, mentions=tuple(sorted((set(speaker.mentions) - (had - has)) | has)))
        found.append(speaker)
    return found


def _sources(attributions: Iterable[Attribution]) -> dict[str, set[Span]]:
    found: dict[str, set[Span]] = defaultdict(set)
    for attribution in attributions:
        if attribution.source and attribution.speaker:
            found[attribution.speaker].add(attribution.source)
    return found


def _counted(
    speakers: Sequence[Speaker], attributions: Sequence[Attribution], quotes: Sequence[Quote]
) -> list[Speaker]:
    """The speakers with how much is theirs now."""
    said = Counter(a.speaker for a in attributions)
    spoken = Counter(q.speaker for q in quotes if q.role == "speech")
    words: Counter[str | None] = Counter()
    for attribution in attributions:
        words[attribution.speaker] += sum(count_words(c.text) for c in attribution.content)
    return [replace(s, attributions=said[s.id], quotes=spoken[s.id], words=words[s.id]) for s in speakers]


def _last_number(ids: Iterable[str]) -> int:
    return max((int(identity[1:]) for identity in ids), default=0)


def _tidy(name: str) -> str:
    return " ".join(name.split())


def _fold(name: str | None) -> str:
    return _tidy(name or "").casefold()
