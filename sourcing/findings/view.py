"""What a rule sees: the article, its annotation, metrics and reference, and the look-ups that several rules need."""

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from sourcing.findings.wording import word_list
from sourcing.measure.anonymity import quoted_speakers
from sourcing.measure.distribution import Reference
from sourcing.measure.passages import Passages
from sourcing.records import (
    Annotation,
    Article,
    Attribution,
    Elsewhere,
    Extent,
    Metrics,
    Quote,
    QuoteElsewhere,
    Span,
    Speaker,
)


@dataclass(frozen=True)
class View:
    """One analyzed article; the look-ups are worked out once, when the first rule asks."""

    article: Article
    annotation: Annotation
    metrics: Metrics
    reference: Reference
    elsewhere: Elsewhere | None = None

    @cached_property
    def passages(self) -> Passages:
        """The body's words and sentences, and which of them are attributed or speech."""
        return Passages(self.article, self.annotation)

    @cached_property
    def quoted(self) -> set[str]:
        """The ids of the speakers quoted in speech."""
        return quoted_speakers(self.passages)

    @cached_property
    def attributions_of(self) -> dict[str, list[Attribution]]:
        """The attributions of each speaker."""
        found: dict[str, list[Attribution]] = defaultdict(list)
        for attribution in self.annotation.attributions:
            if attribution.speaker is not None:
                found[attribution.speaker].append(attribution)
        return found

    @cached_property
    def quotes_of(self) -> dict[str, list[Quote]]:
        """The quotes of each speaker."""
        found: dict[str, list[Quote]] = defaultdict(list)
        for quote in self.annotation.quotes:
            if quote.speaker is not None:
                found[quote.speaker].append(quote)
        return found

    @cached_property
    def sentence_ends(self) -> list[int]:
        """The number of the word after each sentence's last."""
        return [end for _, end in self.passages.sentences]

    @cached_property
    def has_unresolved_source(self) -> bool:
        """Whether some attribution has a source that no speaker stands for: then `speakers` is not everybody."""
        return any(a.source is not None and a.speaker is None for a in self.annotation.attributions)

    def quotes_elsewhere(self, kind: str) -> list[QuoteElsewhere]:
        """What a corpus has of the article's quotes in other words ("wording") or as somebody else's ("credit")."""
        return [other for other in self.elsewhere.quotes if other.kind == kind] if self.elsewhere else []

    def quote(self, identity: str) -> Quote:
        """Return a quote by its id."""
        return next(quote for quote in self.annotation.quotes if quote.id == identity)

    def first_mention(self, speaker: Speaker) -> Span | Quote | None:
        """Return where a remark on `speaker` belongs: the first mention that is no pronoun, else the first words."""
        if speaker.mentions:
            pronouns = word_list("pronouns")
            return min(speaker.mentions, key=lambda mention: (mention.text.lower() in pronouns, mention))
        attributions = self.attributions_of.get(speaker.id, [])
        spans = [span for a in attributions for span in ((a.source,) if a.source else a.content)]
        return min(spans, default=next(iter(self.quotes_of.get(speaker.id, [])), None))

    def sentence_with_word(self, word: int) -> int:
        """Return the number of the first sentence that ends after the body word number `word`."""
        return bisect_right(self.sentence_ends, word)

    def sentence(self, number: int) -> Extent:
        """Return a body sentence by its number."""
        return self.annotation.sentences[number]
