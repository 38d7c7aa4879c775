"""Article and annotation from marked-up text, so that a test shows what it annotates.

    <s1:marsh>Olga Marsh</s> <u1>said</u> <c1>the wall had held</c>.

<sN:ID> source of attribution N and a mention of speaker ID, <uN> its cue, <cN> (a piece of) its content, <cN:ID> one
with a speaker but no source; <m:ID> a further mention. “…” inside content is speech, elsewhere unattributed, unless it
stands in <scare>, <title>, <term> or <nested>, which make a quote of whatever they enclose. <bad> marks an unbalanced
mark, <head> a heading, <skip> boilerplate outside the body. […] becomes 200 words of narration.
"""

import re
from collections import Counter, defaultdict

import pytest

from sourcing.records import (
    CLASS_OF_TYPE,
    Annotation,
    Anonymity,
    Article,
    Attribution,
    Extent,
    ModelCard,
    Quote,
    Span,
    Speaker,
)
from sourcing.text import count_words

FILLER = " ".join(["The old ferry crosses the long lake every single hour."] * 20)
TAG = re.compile(r"<(?:/(\w+)|([scu])(\d+)(?::(\w+))?|m:(\w+)|(scare|title|term|nested|bad|head|skip))>")
SENTENCE = re.compile(r"[^\n]+?(?:[.!?]”?(?= |\n|$)|(?=\n)|$)")


@pytest.fixture(scope="session")
def annotated():
    return build


def plain(markup):
    return TAG.sub("", markup.replace("[…]", FILLER))


def build(markup, *, language="en", **speakers):
    """Return (article, annotation); each speaker is given by id as the fields that differ from a bare person's."""
    text, marks = strip(markup.replace("[…]", FILLER))

    def span(extent):
        return Span(extent[0], extent[1], text[extent[0] : extent[1]])

    skipped = [extent for kind, _, _, extent in marks if kind == "skip"]
    headings = tuple(Extent(*extent) for kind, _, _, extent in marks if kind == "head")
    bad = tuple(Extent(*extent) for kind, _, _, extent in marks if kind == "bad")
    edges = [0, *(edge for extent in skipped for edge in extent), len(text)]
    body = tuple(Extent(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if a < b)
    sentences = tuple(
        Extent(match.start() + len(match.group()) - len(match.group().lstrip()), match.end())
        for extent in body
        for match in SENTENCE.finditer(text, extent.start, extent.end)
        if match.group().strip()
    )
    parts, owner, mentions = defaultdict(lambda: defaultdict(list)), {}, defaultdict(list)
    for kind, number, speaker, extent in marks:
        if kind in ("s", "c", "u"):
            parts[number][kind].append(span(extent))
            owner[number] = speaker or owner.get(number)
        if kind in ("s", "m"):
            mentions[speaker].append(span(extent))
    quotes = find_quotes(text, marks, parts, owner, bad)
    attributions = tuple(
        Attribution(
            id=f"a{number}",
            kind=kind_of(text, pieces["c"], quotes),
            content=tuple(pieces["c"]),
            cue=next(iter(pieces["u"]), None),
            source=next(iter(pieces["s"]), None),
            speaker=owner[number],
            sentence=0,
            confidence=1.0,
        )
        for number, pieces in sorted(parts.items())
    )
    counts = Counter(attribution.speaker for attribution in attributions)
    records = tuple(
        speaker_record(key, fields, tuple(sorted(mentions[key])), counts[key]) for key, fields in speakers.items()
    )
    assert set(owner.values()) - {None} <= set(speakers), "a speaker of the markup is not described"
    article = Article(id="sample", text=text, body=body, headings=headings)
    annotation = Annotation(
        language=language,
        sentences=sentences,
        quotes=tuple(quotes),
        attributions=attributions,
        speakers=records,
        unbalanced=bad,
        model=ModelCard("by hand", "1"),
    )
    return article, annotation


def strip(markup):
    """Return the text without tags, and the marks as (kind, number, speaker, (start, end)), in order of their start."""
    text, marks, open_, last = "", [], [], 0
    for match in TAG.finditer(markup):
        text += markup[last : match.start()]
        last = match.end()
        closing, part, number, speaker, mention, role = match.groups()
        if closing:
            kind, n, s, start = open_.pop()
            assert kind == closing, f"<{kind}> is closed by </{closing}>"
            marks.append((kind, n, s, (start, len(text))))
        else:
            kind = part or ("m" if mention else role)
            open_.append((kind, int(number) if number else None, speaker or mention, len(text)))
    assert not open_, "a tag is not closed"
    return text + markup[last:], sorted(marks, key=lambda mark: mark[3])


def find_quotes(text, marks, parts, owner, bad):
    given = [(extent, kind) for kind, _, _, extent in marks if kind in ("scare", "title", "term", "nested")]
    taken = [extent for extent, _ in given] + [(extent.start, extent.end) for extent in bad]
    found = [
        (match.span(), None)
        for match in re.finditer("“[^”]*”", text)
        if not any(start <= match.start() < end for start, end in taken)
    ]
    quotes = []
    for number, ((start, end), role) in enumerate(sorted(given + found), 1):
        inside = [n for n, pieces in parts.items() if any(c.start <= start < c.end for c in pieces["c"])]
        role = role or ("speech" if inside else "unattributed")
        speech = role == "speech"
        quotes.append(
            Quote(
                id=f"q{number}",
                start=start,
                end=end,
                text=text[start:end],
                role=role,
                attribution=f"a{inside[-1]}" if speech else None,
                speaker=owner[inside[-1]] if speech else None,
            )
        )
    return quotes


def kind_of(text, content, quotes):
    words = sum(count_words(text, span.start, span.end) for span in content)
    spoken = sum(
        count_words(text, max(span.start, quote.start), min(span.end, quote.end))
        for span in content
        for quote in quotes
        if quote.role == "speech" and quote.start < span.end and span.start < quote.end
    )
    return "indirect" if not spoken else "direct" if spoken == words else "mixed"


def speaker_record(key, fields, mentions, attributions):
    fields = dict(fields)
    type_ = fields.pop("type", "person")
    granted, reason = fields.pop("granted", False), fields.pop("reason", None)
    class_ = CLASS_OF_TYPE[type_]
    return Speaker(
        id=key,
        name=fields.pop("name", None),
        class_=class_,
        type=type_,
        anonymity=Anonymity(granted, reason) if class_ == "anonymous" else None,
        mentions=mentions,
        attributions=attributions,
        **fields,
    )
