"""How a speaker is shown: a name, a sign and a colour for the class, and what the text says of them."""

from sourcing.records import Report, Speaker, SpeakerClass
from sourcing.report.untrusted import one_line, shorten

SIGN: dict[SpeakerClass, str] = {"named": "●", "institutional": "■", "anonymous": "○"}
"""A shape for each class, so that nothing rests on colour alone."""

NO_SIGN = "?"
NOBODY = "nobody in sight"


def label(speaker: Speaker) -> str:
    """Return the name, or for a speaker without one the longest of the text's own words, on one line."""
    if speaker.name:
        return one_line(speaker.name)
    words = [speaker.description or "", *(mention.text for mention in speaker.mentions)]
    return shorten(max(words, key=len), 60) or type_words(speaker)


def type_words(speaker: Speaker) -> str:
    """Return the type in words: `unnamed person`."""
    return speaker.type.replace("_", " ")


def identification(speaker: Speaker) -> str:
    """Return title, affiliation, description and anonymity as the text gives them, none said twice."""
    parts: list[str] = []
    shown = label(speaker).casefold() if not speaker.name else ""
    for part in (speaker.title, speaker.description, speaker.affiliation):
        words = one_line(part) if part else ""
        said = [shown, *(earlier.casefold() for earlier in parts)]
        if words and not any(words.casefold() in earlier for earlier in said):
            parts = [earlier for earlier in parts if earlier.casefold() not in words.casefold()]
            parts.append(words)
    return " · ".join([*parts, *anonymity_words(speaker)])


def anonymity_words(speaker: Speaker) -> list[str]:
    """Return what the text says about withholding the name: nothing, the grant, or the reason."""
    if speaker.anonymity is None:
        return []
    if speaker.anonymity.reason:
        return [f"anonymity: {one_line(speaker.anonymity.reason)}"]
    return ["anonymity granted"] if speaker.anonymity.granted else []


def by_weight(report: Report) -> list[Speaker]:
    """Return the speakers, the one with most attributed words first."""
    return sorted(report.speakers, key=lambda speaker: (-speaker.words, -speaker.attributions))


def first_offset(report: Report, speaker: Speaker) -> int | None:
    """Return where the speaker is first met: the first mention, or else the first words attributed to them."""
    offsets = [mention.start for mention in speaker.mentions]
    offsets += [
        span.start
        for attribution in report.attributions
        if attribution.speaker == speaker.id
        for span in attribution.content
    ]
    return min(offsets, default=None)


def elsewhere_words(speaker: Speaker) -> str:
    """Return where else a corpus has the speaker, as `quoted elsewhere: 3 articles (2 stories, 3 outlets), e.g. a1, a2`; "" when
    none was asked."""
    known = speaker.corpus
    if known is None:
        return ""
    said = known.status.replace("_", " ")
    if not known.articles:
        return said
    articles = f"{known.articles:,} article{'' if known.articles == 1 else 's'}"
    stories = f"{known.stories:,} {'story' if known.stories == 1 else 'stories'}"
    outlets = f"{known.outlets:,} outlet{'' if known.outlets == 1 else 's'}"
    return f"{said}: {articles} ({stories}, {outlets}), e.g. {', '.join(map(one_line, known.examples[:3]))}"
