"""How much of the body is attributed, how, and how much of it is speech (metrics.attribution)."""

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from sourcing.measure.passages import Passages, overlaps, size
from sourcing.measure.shares import ratio, wilson
from sourcing.records import Extent
from sourcing.records.metrics import AttributionMetrics


class Stretch(NamedTuple):
    """A run of sentences: the numbers of the first and the last, and how many sentences and words it has."""

    first: int
    last: int
    sentences: int
    words: int


def attribution(passages: Passages) -> AttributionMetrics:
    """Return counts and shares of attributions, attributed text, quotes and speech."""
    annotation, words = passages.annotation, len(passages.words)
    count = len(annotation.attributions)
    kinds = Counter(a.kind for a in annotation.attributions)
    roles = Counter(quote.role for quote in annotation.quotes)
    in_content = sum(1 for n in overlaps(passages.sentences, passages.attributed) if n)
    attributed, speech = size(passages.attributed), size(passages.speech)
    orphans = [quote for quote in passages.speech_quotes if quote.speaker not in passages.speakers]
    credited = size(passages.passage(q for q in passages.speech_quotes if q.speaker in passages.speakers))
    direct_low, direct_high = wilson(kinds["direct"], count)
    mixed_low, mixed_high = wilson(kinds["mixed"], count)
    indirect_low, indirect_high = wilson(kinds["indirect"], count)
    stretches = unattributed_stretches(passages)
    return AttributionMetrics(
        words=words,
        sentences=len(annotation.sentences),
        attributions=count,
        density=ratio(count, words, per=1000),
        direct=kinds["direct"],
        direct_share=ratio(kinds["direct"], count),
        direct_share_low=direct_low,
        direct_share_high=direct_high,
        mixed=kinds["mixed"],
        mixed_share=ratio(kinds["mixed"], count),
        mixed_share_low=mixed_low,
        mixed_share_high=mixed_high,
        indirect=kinds["indirect"],
        indirect_share=ratio(kinds["indirect"], count),
        indirect_share_low=indirect_low,
        indirect_share_high=indirect_high,
        attributed_sentences=in_content,
        attributed_sentence_share=ratio(in_content, len(annotation.sentences)),
        attributed_words=attributed,
        attributed_word_share=ratio(attributed, words),
        speech_words=speech,
        speech_word_share=ratio(speech, words),
        quotes=len(annotation.quotes),
        quotes_speech=roles["speech"],
        quotes_unattributed=roles["unattributed"],
        quotes_scare=roles["scare"],
        quotes_title=roles["title"],
        quotes_term=roles["term"],
        quotes_nested=roles["nested"],
        speech_without_speaker=len(orphans),
        speech_without_speaker_words=speech - credited,
        speech_with_speaker_share=ratio(credited, speech),
        longest_unattributed_sentences=max((stretch.sentences for stretch in stretches), default=0),
        longest_unattributed_words=max((stretch.words for stretch in stretches), default=0),
    )


def unattributed_stretches(passages: Passages) -> list[Stretch]:
    """Return the runs of sentences without a word of attributed content or speech.

    Headings neither count nor break a run.
    """
    spoken = overlaps(passages.sentences, passages.speech)
    attributed = overlaps(passages.sentences, passages.attributed)
    headings = in_headings(passages.annotation.sentences, passages.article.headings)
    stretches: list[Stretch] = []
    goes_on = False
    for number, (start, end) in enumerate(passages.sentences):
        if headings[number] or start == end:
            continue
        if spoken[number] or attributed[number]:
            goes_on = False
        elif goes_on:
            run = stretches[-1]
            stretches[-1] = Stretch(run.first, number, run.sentences + 1, run.words + end - start)
        else:
            goes_on = True
            stretches.append(Stretch(number, number, 1, end - start))
    return stretches


def in_headings(sentences: Sequence[Extent], headings: Sequence[Extent]) -> list[bool]:
    """Return for each sentence whether it is (part of) a heading."""
    return [n > 0 for n in overlaps([(s.start, s.end) for s in sentences], [(h.start, h.end) for h in headings])]
