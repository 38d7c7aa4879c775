"""SRC104: a passage in which one anonymous source speaks and nobody else."""

from collections.abc import Iterator

from sourcing.findings.rule import Rule
from sourcing.findings.view import View
from sourcing.findings.wording import quoted
from sourcing.records import Extent, Finding

# Attributed sentences in a row. Measured on the 209 PolNeAR articles with gold speaker types: of 550 runs of
# consecutive sentences attributed to one anonymous speaker alone, 534 are one sentence long, 13 two, and 3 this long.
SENTENCES = 3


def check(view: View) -> Iterator[Finding]:
    """Yield the first such passage of each anonymous speaker."""
    told: set[str] = set()
    for speaker_id, first, past in runs(view):
        speaker = view.passages.speakers[speaker_id]
        if speaker.class_ != "anonymous" or past - first < SENTENCES or speaker_id in told:
            continue
        told.add(speaker_id)
        at = view.first_mention(speaker)
        yield RULE.finding(
            Extent(view.sentence(first).start, view.sentence(past - 1).end),
            f"{past - first} sentences in a row rest on {quoted(at.text) if at else 'one anonymous source'} alone: "
            "add a second source, or one that can be named.",
            speaker=speaker_id,
        )


def runs(view: View) -> Iterator[tuple[str, int, int]]:
    """Yield (speaker, first sentence, past the last) for each run of sentences attributed to one speaker alone."""
    alone = lone_speakers(view)
    number = 0
    while number < len(alone):
        speaker, first = alone[number], number
        while number < len(alone) and alone[number] == speaker:
            number += 1
        if speaker is not None:
            yield speaker, first, number


def lone_speakers(view: View) -> list[str | None]:
    """Return for each sentence the one speaker its attributed words belong to; None for nobody, several or unknown."""
    sentences = view.passages.sentences
    found: list[set[str | None]] = [set() for _ in sentences]
    for attribution in view.annotation.attributions:
        speaker = attribution.speaker if attribution.speaker in view.passages.speakers else None
        for start, end in view.passages.passage(attribution.content):
            number = view.sentence_with_word(start)
            while number < len(sentences) and sentences[number][0] < end:
                found[number].add(speaker)
                number += 1
    return [next(iter(speakers)) if len(speakers) == 1 else None for speakers in found]


RULE = Rule(
    code="SRC104",
    name="rests-on-one-anonymous",
    severity="warning",
    summary=f"A passage of {SENTENCES} or more sentences rests on one anonymous source.",
    why="A single anonymous source is the weakest support there is, and most stylebooks ask for a second one before "
    "anything of weight is published on it.",
    fix="Find a second source, named if possible, or shorten what rests on this one.",
    triggers="“The dam leaks,” a former engineer said. The engineer said the pumps ran day and night. The engineer "
    "said nobody in the capital wanted to hear of it.",
    passes="“The dam leaks,” a former engineer said. Olga Marsh, the district's mayor, said the pumps ran day and "
    "night. The engineer said nobody in the capital wanted to hear of it.",
    check=check,
)
