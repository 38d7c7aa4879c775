"""What rests on unnamed people, and whether the article accounts for them (metrics.anonymity).

The questions are those of the stylebooks: AP, Reuters, BBC and Guardian ask that an anonymous source be described as
closely as possible and that the reason for anonymity be given (docs/findings.md names the chapters).
"""

import re

from sourcing.measure.passages import Passages, size
from sourcing.measure.shares import ratio, wilson
from sourcing.measure.sources import attributions_of_class, words_of_class
from sourcing.records import Speaker, SpeakerType
from sourcing.records.metrics import AnonymityMetrics

# A counted few, and people called sources or said to be in the know: the wordings that stylebooks discuss.
COUNTED = re.compile(r"(?:at least |more than )?(?:two|three|four|five|six|seven|eight|nine|ten|\d+)\s", re.IGNORECASE)
IN_THE_KNOW = re.compile(
    r"\b(?:sources?|insiders?|familiar with|close to|briefed on|knowledge of|privy to)\b", re.IGNORECASE
)


def anonymity(passages: Passages) -> AnonymityMetrics:
    """Return counts and shares of anonymous speakers, their attributions, words and speech, and the reasons given."""
    unnamed = [speaker for speaker in passages.annotation.speakers if speaker.class_ == "anonymous"]
    quoted = quoted_speakers(passages)
    expected = [speaker for speaker in unnamed if is_reason_expected(speaker, quoted=speaker.id in quoted)]
    stated = sum(1 for speaker in expected if speaker.anonymity and speaker.anonymity.reason)
    count, resting = len(passages.annotation.attributions), attributions_of_class(passages, "anonymous")
    words = words_of_class(passages, "anonymous")
    ids = {speaker.id for speaker in unnamed}
    speech = size(passages.passage(quote for quote in passages.speech_quotes if quote.speaker in ids))
    low, high = wilson(resting, count)
    return AnonymityMetrics(
        anonymous_speakers=len(unnamed),
        unnamed_persons=sum(1 for speaker in unnamed if speaker.type == "unnamed_person"),
        unnamed_groups=sum(1 for speaker in unnamed if speaker.type == "unnamed_group"),
        anonymous_attributions=resting,
        anonymous_attribution_share=ratio(resting, count),
        anonymous_attribution_share_low=low,
        anonymous_attribution_share_high=high,
        unnamed_person_attributions=attributions_of_type(passages, "unnamed_person"),
        unnamed_group_attributions=attributions_of_type(passages, "unnamed_group"),
        anonymous_words=words,
        anonymous_word_share=ratio(words, size(passages.attributed)),
        anonymous_speech_words=speech,
        anonymous_speech_share=ratio(speech, size(passages.speech)),
        granted=sum(1 for speaker in unnamed if speaker.anonymity and speaker.anonymity.granted),
        reason_expected=len(expected),
        reason_stated=stated,
        reason_stated_share=ratio(stated, len(expected)),
    )


def is_reason_expected(speaker: Speaker, *, quoted: bool) -> bool:
    """Return whether the newsroom dealt with this anonymous speaker, so that readers may expect to hear why unnamed.

    True for one person, a counted few ("two officials"), people quoted in speech, granted anonymity, called sources, or
    said to be in the know ("people familiar with the plan"). False for a mass nobody interviewed ("voters", "critics").

    >>> voters = Speaker(id="s1", name=None, class_="anonymous", type="unnamed_group")
    >>> is_reason_expected(voters, quoted=False), is_reason_expected(voters, quoted=True)
    (False, True)
    """
    if speaker.class_ != "anonymous":
        return False
    if speaker.type == "unnamed_person" or quoted or (speaker.anonymity and speaker.anonymity.granted):
        return True
    wordings = [mention.text for mention in speaker.mentions] + [speaker.description or ""]
    return any(COUNTED.match(text) or IN_THE_KNOW.search(text) for text in wordings)


def quoted_speakers(passages: Passages) -> set[str]:
    """Return the ids of the speakers with at least one quote of speech."""
    return {quote.speaker for quote in passages.speech_quotes if quote.speaker is not None}


def attributions_of_type(passages: Passages, type_: SpeakerType) -> int:
    """Return how many attributions have a speaker of `type_`."""
    return sum(n for speaker, n in passages.attributions_of.items() if passages.speakers[speaker].type == type_)
