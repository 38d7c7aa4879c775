"""The figures of a report: plain counts and shares, flat inside each group, so that a table column is `group.field`.

Three rules hold for every field (formulas and sources: docs/metrics.md).
A share lies in 0..1, stands beside the counts it is made of, and is None when its denominator is 0.
A share of attributions (or of speakers) has `_low` and `_high`, its Wilson 95 % interval; a share of words has none.
Nothing is ever NaN or infinite.
"""

import msgspec


class AttributionMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """How much of the body is somebody's, and in whose words.

    words, sentences: of the body. density: attributions per 1,000 words.
    attributed_sentences: sentences with at least one word of attributed content.
    speech_words: words inside quotes of role speech or unattributed.
    speech_without_speaker: such quotes with no speaker; speech_with_speaker_share: share of speech words that have one.
    longest_unattributed_*: the longest run of sentences without a word of attributed content or speech.
    """

    words: int
    sentences: int
    attributions: int
    density: float | None
    direct: int
    direct_share: float | None
    direct_share_low: float | None
    direct_share_high: float | None
    mixed: int
    mixed_share: float | None
    mixed_share_low: float | None
    mixed_share_high: float | None
    indirect: int
    indirect_share: float | None
    indirect_share_low: float | None
    indirect_share_high: float | None
    attributed_sentences: int
    attributed_sentence_share: float | None
    attributed_words: int
    attributed_word_share: float | None
    speech_words: int
    speech_word_share: float | None
    quotes: int
    quotes_speech: int
    quotes_unattributed: int
    quotes_scare: int
    quotes_title: int
    quotes_term: int
    quotes_nested: int
    speech_without_speaker: int
    speech_without_speaker_words: int
    speech_with_speaker_share: float | None
    longest_unattributed_sentences: int
    longest_unattributed_words: int


class SourceMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """Who the speakers are. Shares of attributions and of attributed words are of all of them, speaker or not.

    attributions_with_speaker: those whose speaker is resolved.
    identified_named_speakers: named speakers with a description, title or affiliation in the text.
    """

    speakers: int
    named_speakers: int
    institutional_speakers: int
    anonymous_speakers: int
    persons: int
    organizations: int
    outlets: int
    documents: int
    unnamed_persons: int
    unnamed_groups: int
    speakers_per_1000_words: float | None
    attributions_with_speaker: int
    attributions_with_speaker_share: float | None
    attributions_with_speaker_share_low: float | None
    attributions_with_speaker_share_high: float | None
    named_attributions: int
    named_attribution_share: float | None
    named_attribution_share_low: float | None
    named_attribution_share_high: float | None
    named_words: int
    named_word_share: float | None
    institutional_attributions: int
    institutional_attribution_share: float | None
    institutional_attribution_share_low: float | None
    institutional_attribution_share_high: float | None
    institutional_words: int
    institutional_word_share: float | None
    identified_named_speakers: int
    identified_named_share: float | None
    identified_named_share_low: float | None
    identified_named_share_high: float | None


class AnonymityMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """What rests on people the article does not name.

    granted: anonymous speakers the article says were granted, or asked for, anonymity.
    reason_expected: anonymous speakers the newsroom dealt with: one person, a counted few, people quoted in speech,
    granted anonymity, called sources, or said to be in the know. reason_stated: those of them with a stated reason.
    """

    anonymous_speakers: int
    unnamed_persons: int
    unnamed_groups: int
    anonymous_attributions: int
    anonymous_attribution_share: float | None
    anonymous_attribution_share_low: float | None
    anonymous_attribution_share_high: float | None
    unnamed_person_attributions: int
    unnamed_group_attributions: int
    anonymous_words: int
    anonymous_word_share: float | None
    anonymous_speech_words: int
    anonymous_speech_share: float | None
    granted: int
    reason_expected: int
    reason_stated: int
    reason_stated_share: float | None


class ConcentrationMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """How evenly the attributed words are spread over the speakers, and how much is second-hand.

    speaker_words: sum over speakers of the words attributed to each. hhi: Herfindahl-Hirschman index, 0..1.
    effective_sources: 1 / hhi, the Hill number of order 2. evenness: Shannon's, 0..1, None for fewer than two speakers.
    second_hand_attributions: attributions to outlets.
    """

    speaker_words: int
    top_speaker_words: int
    top_speaker_share: float | None
    hhi: float | None
    effective_sources: float | None
    evenness: float | None
    second_hand_attributions: int
    second_hand_share: float | None
    second_hand_share_low: float | None
    second_hand_share_high: float | None


class CorroborationMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """Which named speakers a corpus knows; only there once a corpus has been asked.

    checked: named speakers with a corpus status. undetermined: named speakers with one name only, which fits too many.
    attested: quoted or mentioned elsewhere, or listed. expected_share: the mean share of nowhere_else among the corpus's articles
    of like size, each held against the others, with its 95 % interval; compared: how many these are; percentile: the per
    cent of them with a smaller share, half of the equal ones counted.
    """

    checked: int
    quoted_elsewhere: int
    mentioned_elsewhere: int
    listed: int
    nowhere_else: int
    undetermined: int
    attested_share: float | None
    attested_share_low: float | None
    attested_share_high: float | None
    nowhere_else_share: float | None
    expected_share: float | None
    expected_share_low: float | None
    expected_share_high: float | None
    compared: int
    percentile: float | None


class ReadabilityMetrics(msgspec.Struct, frozen=True, kw_only=True):
    """How hard narration and speech are to read; flesch and grade are None for too few words or another language.

    words_per_sentence: mean sentence length. flesch: Flesch reading ease. grade: Flesch-Kincaid US school grade.
    """

    narration_words: int
    narration_sentences: int
    narration_words_per_sentence: float | None
    narration_flesch: float | None
    narration_grade: float | None
    speech_words: int
    speech_sentences: int
    speech_words_per_sentence: float | None
    speech_flesch: float | None
    speech_grade: float | None


class Metrics(msgspec.Struct, frozen=True, kw_only=True):
    """Every figure of one article, in six groups."""

    attribution: AttributionMetrics
    sources: SourceMetrics
    anonymity: AnonymityMetrics
    concentration: ConcentrationMetrics
    corroboration: CorroborationMetrics | None
    readability: ReadabilityMetrics


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One part of the score; higher is always better.

    value: the raw figure, None when undefined for the article.
    weight: its share of the score, 0..1; the weights in use add up to 1, a component left out has 0.
    percentile: where the value lies in the reference, 0..100; None when it cannot be placed.
    """

    name: str
    value: float | None
    weight: float
    percentile: float | None
    explanation: str


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The weighted mean of the components' percentiles, 0..100 with one decimal; 0.0 for an article without words.

    profile: the name of the weights in use.
    """

    value: float
    components: tuple[Component, ...]
    profile: str
