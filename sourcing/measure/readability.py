"""How hard narration and speech are to read, apart from each other (metrics.readability).

A reporter's sentences and a speaker's differ, and a quoted fragment is no sentence; so only whole sentences count.
Narration: sentences without a word of speech. Speech: the quoted words of sentences at least half of which are quoted.
Sentences that are neither, and headings, are left out.

>>> flesch(100, 5, 150), grade(100, 5, 150)
(59.635, 9.91)
"""

from collections.abc import Iterable

from sourcing.measure.attribution import in_headings
from sourcing.measure.passages import Passages, Ranges, overlaps
from sourcing.measure.shares import ratio
from sourcing.measure.syllables import syllables
from sourcing.records.metrics import ReadabilityMetrics

MINIMUM_WORDS = 100  # Flesch (1948) drew up his formula on samples of 100 words; on fewer it swings with a single word
SPEECH_FRACTION = 0.5  # a sentence with at least this share of its words in quotes counts as speech


def readability(passages: Passages) -> ReadabilityMetrics:
    """Return mean sentence length, Flesch reading ease and Flesch-Kincaid grade of narration and of speech."""
    narration, speech = _sentences(passages)
    english = passages.annotation.language.lower().split("-")[0] == "en"
    narration_words, speech_words = sum(map(len, narration)), sum(map(len, speech))
    narration_ease, narration_grade = _scores(narration, narration_words) if english else (None, None)
    speech_ease, speech_grade = _scores(speech, speech_words) if english else (None, None)
    return ReadabilityMetrics(
        narration_words=narration_words,
        narration_sentences=len(narration),
        narration_words_per_sentence=ratio(narration_words, len(narration)),
        narration_flesch=narration_ease,
        narration_grade=narration_grade,
        speech_words=speech_words,
        speech_sentences=len(speech),
        speech_words_per_sentence=ratio(speech_words, len(speech)),
        speech_flesch=speech_ease,
        speech_grade=speech_grade,
    )


def flesch(words: int, sentences: int, syllables: int) -> float:
    """Return the Flesch reading ease (Flesch 1948); higher is easier, 60 to 70 is plain English."""
    return round(206.835 - 1.015 * words / sentences - 84.6 * syllables / words, 4)


def grade(words: int, sentences: int, syllables: int) -> float:
    """Return the Flesch-Kincaid grade, years of US schooling (Kincaid et al. 1975)."""
    return round(0.39 * words / sentences + 11.8 * syllables / words - 15.59, 4)


def _sentences(passages: Passages) -> tuple[list[list[str]], list[list[str]]]:
    """Return the words of the narration's sentences and of the speech's."""
    narration: list[list[str]] = []
    speech: list[list[str]] = []
    headings = in_headings(passages.annotation.sentences, passages.article.headings)
    quoted = overlaps(passages.sentences, passages.speech)
    at = 0
    for number, (start, end) in enumerate(passages.sentences):
        if start == end or headings[number]:
            continue
        if not quoted[number]:
            narration.append(_words(passages, range(start, end)))
        elif quoted[number] >= SPEECH_FRACTION * (end - start):
            while passages.speech[at][1] <= start:
                at += 1
            speech.append(_words(passages, _inside(passages.speech, at, start, end)))
    return narration, speech


def _inside(ranges: Ranges, at: int, start: int, end: int) -> Iterable[int]:
    """Yield the word numbers of start..end that lie in `ranges`, from the range number `at` on."""
    while at < len(ranges) and ranges[at][0] < end:
        yield from range(max(start, ranges[at][0]), min(end, ranges[at][1]))
        at += 1


def _words(passages: Passages, numbers: Iterable[int]) -> list[str]:
    text, words = passages.article.text, passages.words
    return [text[words[number][0] : words[number][1]] for number in numbers]


def _scores(sentences: list[list[str]], words: int) -> tuple[float | None, float | None]:
    if words < MINIMUM_WORDS:
        return None, None
    count = sum(syllables(word) for sentence in sentences for word in sentence)
    return flesch(words, len(sentences), count), grade(words, len(sentences), count)
