"""Who the speakers are, and how much rests on which class of them (metrics.sources)."""

from collections import Counter

from sourcing.measure.passages import Passages, size
from sourcing.measure.shares import ratio, wilson
from sourcing.records import Speaker, SpeakerClass
from sourcing.records.metrics import SourceMetrics


def sources(passages: Passages) -> SourceMetrics:
    """Return counts of speakers by class and type, and shares of attributions and attributed words by class."""
    speakers = passages.annotation.speakers
    types = Counter(speaker.type for speaker in speakers)
    classes = Counter(speaker.class_ for speaker in speakers)
    count, attributed = len(passages.annotation.attributions), size(passages.attributed)
    resolved = sum(passages.attributions_of.values())
    named, institutional = attributions_of_class(passages, "named"), attributions_of_class(passages, "institutional")
    named_words, institutional_words = words_of_class(passages, "named"), words_of_class(passages, "institutional")
    identified = sum(1 for speaker in speakers if speaker.class_ == "named" and is_identified(speaker))
    resolved_low, resolved_high = wilson(resolved, count)
    named_low, named_high = wilson(named, count)
    institutional_low, institutional_high = wilson(institutional, count)
    identified_low, identified_high = wilson(identified, classes["named"])
    return SourceMetrics(
        speakers=len(speakers),
        named_speakers=classes["named"],
        institutional_speakers=classes["institutional"],
        anonymous_speakers=classes["anonymous"],
        persons=types["person"],
        organizations=types["organization"],
        outlets=types["outlet"],
        documents=types["document"],
        unnamed_persons=types["unnamed_person"],
        unnamed_groups=types["unnamed_group"],
        speakers_per_1000_words=ratio(len(speakers), len(passages.words), per=1000),
        attributions_with_speaker=resolved,
        attributions_with_speaker_share=ratio(resolved, count),
        attributions_with_speaker_share_low=resolved_low,
        attributions_with_speaker_share_high=resolved_high,
        named_attributions=named,
        named_attribution_share=ratio(named, count),
        named_attribution_share_low=named_low,
        named_attribution_share_high=named_high,
        named_words=named_words,
        named_word_share=ratio(named_words, attributed),
        institutional_attributions=institutional,
        institutional_attribution_share=ratio(institutional, count),
        institutional_attribution_share_low=institutional_low,
        institutional_attribution_share_high=institutional_high,
        institutional_words=institutional_words,
        institutional_word_share=ratio(institutional_words, attributed),
        identified_named_speakers=identified,
        identified_named_share=ratio(identified, classes["named"]),
        identified_named_share_low=identified_low,
        identified_named_share_high=identified_high,
    )


def is_identified(speaker: Speaker) -> bool:
    """Return whether the text says anything of who the speaker is besides the name."""
    return bool(speaker.description or speaker.title or speaker.affiliation)


def attributions_of_class(passages: Passages, class_: SpeakerClass) -> int:
    """Return how many attributions have a speaker of `class_`."""
    return sum(n for speaker, n in passages.attributions_of.items() if passages.speakers[speaker].class_ == class_)


def words_of_class(passages: Passages, class_: SpeakerClass) -> int:
    """Return how many words are attributed to speakers of `class_`, each word once."""
    return size(
        passages.passage(
            span
            for attribution in passages.annotation.attributions
            if (speaker := passages.speakers.get(attribution.speaker or "")) and speaker.class_ == class_
            for span in attribution.content
        )
    )
