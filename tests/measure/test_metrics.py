import math
import time
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.measure import corroboration, measure
from sourcing.measure.anonymity import is_reason_expected
from sourcing.measure.shares import wilson
from sourcing.records import (
    CLASS_OF_TYPE,
    Annotation,
    Article,
    Attribution,
    CorpusStatus,
    Elsewhere,
    Expected,
    Extent,
    ModelCard,
    Quote,
    Span,
    Speaker,
)

# 38 words in six sentences of 9, 5, 7, 5, 6 and 6; counted by hand below.
MARKUP = (
    "<s1:marsh>Olga Marsh</s>, the mayor, <u1>said</u> <c1>the wall had held</c>. "
    "<c2>“We are safe,”</c> <s2:marsh>she</s> <u2>said</u>. "
    "<s3:critics>Critics</s> <u3>say</u> <c3>it “leaks badly” in spring</c>. "
    "The ferry runs every hour. "
    "<s4:courier>The Valley Courier</s> <u4>reported</u> <c4>two cracks</c>. "
    "“Nobody told us about the water.”"
)
SPEAKERS = {
    "marsh": {"name": "Olga Marsh", "title": "mayor"},
    "critics": {"type": "unnamed_group"},
    "courier": {"type": "outlet", "name": "The Valley Courier"},
}
EXPECTED = {
    "attribution": {
        "words": 38,
        "sentences": 6,
        "attributions": 4,
        "density": 105.2632,
        "direct": 1,
        "direct_share": 0.25,
        "direct_share_low": 0.0456,
        "direct_share_high": 0.6994,
        "mixed": 1,
        "mixed_share": 0.25,
        "mixed_share_low": 0.0456,
        "mixed_share_high": 0.6994,
        "indirect": 2,
        "indirect_share": 0.5,
        "indirect_share_low": 0.15,
        "indirect_share_high": 0.85,
        "attributed_sentences": 4,
        "attributed_sentence_share": 0.6667,
        "attributed_words": 14,
        "attributed_word_share": 0.3684,
        "speech_words": 11,
        "speech_word_share": 0.2895,
        "quotes": 3,
        "quotes_speech": 2,
        "quotes_unattributed": 1,
        "quotes_scare": 0,
        "quotes_title": 0,
        "quotes_term": 0,
        "quotes_nested": 0,
        "speech_without_speaker": 1,
        "speech_without_speaker_words": 6,
        "speech_with_speaker_share": 0.4545,
        "longest_unattributed_sentences": 1,
        "longest_unattributed_words": 5,
    },
    "sources": {
        "speakers": 3,
        "named_speakers": 1,
        "institutional_speakers": 1,
        "anonymous_speakers": 1,
        "persons": 1,
        "organizations": 0,
        "outlets": 1,
        "documents": 0,
        "unnamed_persons": 0,
        "unnamed_groups": 1,
        "speakers_per_1000_words": 78.9474,
        "attributions_with_speaker": 4,
        "attributions_with_speaker_share": 1.0,
        "attributions_with_speaker_share_low": 0.5101,
        "attributions_with_speaker_share_high": 1.0,
        "named_attributions": 2,
        "named_attribution_share": 0.5,
        "named_attribution_share_low": 0.15,
        "named_attribution_share_high": 0.85,
        "named_words": 7,
        "named_word_share": 0.5,
        "institutional_attributions": 1,
        "institutional_attribution_share": 0.25,
        "institutional_attribution_share_low": 0.0456,
        "institutional_attribution_share_high": 0.6994,
        "institutional_words": 2,
        "institutional_word_share": 0.1429,
        "identified_named_speakers": 1,
        "identified_named_share": 1.0,
        "identified_named_share_low": 0.2065,
        "identified_named_share_high": 1.0,
    },
    "anonymity": {
        "anonymous_speakers": 1,
        "unnamed_persons": 0,
        "unnamed_groups": 1,
        "anonymous_attributions": 1,
        "anonymous_attribution_share": 0.25,
        "anonymous_attribution_share_low": 0.0456,
        "anonymous_attribution_share_high": 0.6994,
        "unnamed_person_attributions": 0,
        "unnamed_group_attributions": 1,
        "anonymous_words": 5,
        "anonymous_word_share": 0.3571,
        "anonymous_speech_words": 2,
        "anonymous_speech_share": 0.1818,
        "granted": 0,
        "reason_expected": 1,
        "reason_stated": 0,
        "reason_stated_share": 0.0,
    },
    "concentration": {
        "speaker_words": 14,
        "top_speaker_words": 7,
        "top_speaker_share": 0.5,
        "hhi": 0.398,
        "effective_sources": 2.5128,
        "evenness": 0.9032,
        "second_hand_attributions": 1,
        "second_hand_share": 0.25,
        "second_hand_share_low": 0.0456,
        "second_hand_share_high": 0.6994,
    },
    "corroboration": None,
    "readability": {
        "narration_words": 20,  # sentences 1, 4 and 5
        "narration_sentences": 3,
        "narration_words_per_sentence": 6.6667,
        "narration_flesch": None,
        "narration_grade": None,
        "speech_words": 9,  # sentences 2 and 6; the fragment in 3 is less than half of it
        "speech_sentences": 2,
        "speech_words_per_sentence": 4.5,
        "speech_flesch": None,
        "speech_grade": None,
    },
}


def test_every_figure_of_a_small_article(annotated):
    assert msgspec.to_builtins(measure(*annotated(MARKUP, **SPEAKERS))) == EXPECTED


@pytest.mark.parametrize("text", ["", " \n", "<skip>Share this story. Sign up now.</skip>"])
def test_no_words_give_counts_of_nought_and_no_shares(annotated, text):
    plain = msgspec.to_builtins(measure(*annotated(text)))
    assert plain.pop("corroboration") is None
    assert {value for group in plain.values() for value in group.values()} == {0, None}


def test_boilerplate_outside_the_body_is_not_counted(annotated):
    with_banner = MARKUP + "<skip> Donate today and read our newsletter.</skip>"
    assert msgspec.to_builtins(measure(*annotated(with_banner, **SPEAKERS))) == EXPECTED


def test_a_word_in_two_contents_counts_once_for_each_speaker(annotated):
    # The Courier (4 words: Olga Marsh had left) reports what Ruiz said (2 words: had left).
    article = annotated(
        "<s1:courier>The Courier</s> reported <c1><s2:ruiz>Ana Ruiz</s> said <c2>she left</c></c>.",
        courier={"type": "outlet", "name": "The Courier"},
        ruiz={"name": "Ana Ruiz"},
    )
    metrics = measure(*article)
    assert metrics.attribution.attributed_words == 5
    assert metrics.sources.named_words == 2
    assert metrics.sources.institutional_words == 5
    assert metrics.concentration.speaker_words == 7
    assert metrics.concentration.hhi == round((25 + 4) / 49, 4)


def test_an_attribution_without_a_speaker_counts_among_all_and_for_nobody(annotated):
    metrics = measure(*annotated("It was <u1>said</u> <c1>to leak</c>. <s2:m>Marsh</s> agreed <c2>at once</c>.", m={}))
    assert metrics.sources.attributions_with_speaker_share == 0.5
    assert metrics.sources.named_word_share == 0.5
    assert metrics.concentration.top_speaker_share == 1.0


def test_headings_neither_count_nor_break_a_stretch_nor_the_readability(annotated):
    metrics = measure(*annotated("The lake rose. It rained.\n<head>What comes next</head>\nThe ferry stopped."))
    assert metrics.attribution.longest_unattributed_sentences == 3
    assert metrics.attribution.longest_unattributed_words == 8
    assert metrics.readability.narration_words == 8
    assert metrics.attribution.words == 11


def test_readability_needs_english_and_a_hundred_words(annotated):
    metrics = measure(*annotated("[…]")).readability
    # a sentence has ten words and sixteen syllables (in the dictionary "every" has three, "hour" two)
    assert (metrics.narration_words, metrics.narration_sentences) == (200, 20)
    assert metrics.narration_flesch == pytest.approx(206.835 - 10.15 - 84.6 * 1.6)
    assert metrics.narration_grade == pytest.approx(3.9 + 11.8 * 1.6 - 15.59)
    assert metrics.speech_flesch is None
    assert measure(*annotated("[…]", language="de")).readability.narration_flesch is None
    assert measure(*annotated("[…]", language="en-GB")).readability.narration_flesch is not None


@pytest.mark.parametrize(
    ("fields", "mention", "quoted", "expected"),
    [
        ({"type": "unnamed_person"}, "a neighbour", False, True),
        ({"type": "unnamed_group"}, "two engineers", False, True),
        ({"type": "unnamed_group"}, "people familiar with the survey", False, True),
        ({"type": "unnamed_group"}, "sources", False, True),
        ({"type": "unnamed_group"}, "residents", True, True),
        ({"type": "unnamed_group", "granted": True}, "residents", False, True),
        ({"type": "unnamed_group"}, "voters", False, False),
        ({"type": "unnamed_group"}, "the two-thirds who stayed", False, False),
        ({"type": "person", "name": "Olga Marsh"}, "Olga Marsh", True, False),
        ({"type": "organization", "name": "the Dam Board"}, "sources at the Dam Board", False, False),
    ],
)
def test_who_must_be_accounted_for(annotated, fields, mention, quoted, expected):
    _, annotation = annotated(f"<s1:who>{mention}</s> said <c1>no</c>.", who=fields)
    assert is_reason_expected(annotation.speakers[0], quoted=quoted) is expected


def test_corroboration_counts_what_the_corpus_said():
    def status(value):
        return CorpusStatus(status=value, articles=1, outlets=1)

    statuses = ("quoted_elsewhere", "mentioned_elsewhere", "listed", "nowhere_else", "nowhere_else")
    speakers = {f"s{n}": status(value) for n, value in enumerate(statuses)}
    expected = Expected(share=0.2, low=0.1, high=0.3, compared=50, percentile=88.0)
    found = corroboration(Elsewhere(speakers=speakers, undetermined=1, expected=expected))
    assert (found.checked, found.quoted_elsewhere, found.mentioned_elsewhere, found.listed) == (5, 1, 1, 1)
    assert (found.nowhere_else, found.undetermined) == (2, 1)
    assert (found.attested_share, found.nowhere_else_share) == (0.6, 0.4)
    assert (found.expected_share, found.expected_share_low, found.compared, found.percentile) == (0.2, 0.1, 50, 88.0)
    nobody = corroboration(Elsewhere(speakers={}))
    assert (nobody.checked, nobody.attested_share, nobody.expected_share) == (0, None, None)
    assert corroboration(None) is None


# The values of Newcombe (1998), Statistics in Medicine 17:857-872, table I, method 3 (score, no continuity correction).
@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_agrees_with_the_literature(count, of, low, high):
    assert wilson(count, of) == (low, high)


@st.composite
def annotations(draw):
    """Any annotation that fits its article, sensible or not: spans overlap, speakers are missing or unknown."""
    text = draw(st.text(st.sampled_from("ab “”.,\n"), max_size=120))
    offsets = st.integers(0, len(text))

    def span():
        start, end = sorted((draw(offsets), draw(offsets)))
        return Span(start, end, text[start:end])

    edges = sorted(draw(st.lists(offsets, max_size=4, unique=True)))
    body = tuple(Extent(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    cuts = sorted(draw(st.sets(offsets, max_size=6)))
    sentences = tuple(Extent(a, b) for a, b in pairwise(cuts))
    types = draw(st.lists(st.sampled_from(sorted(CLASS_OF_TYPE)), max_size=4))
    speakers = tuple(
        Speaker(id=f"s{i}", name=None, class_=CLASS_OF_TYPE[type_], type=type_, mentions=(span(),))
        for i, type_ in enumerate(types)
    )
    who = st.sampled_from([None, "unknown", *(speaker.id for speaker in speakers)])
    attributions = tuple(
        Attribution(
            id=f"a{i}",
            kind=draw(st.sampled_from(["direct", "mixed", "indirect"])),
            content=tuple(span() for _ in range(draw(st.integers(1, 3)))),
            cue=None,
            source=None,
            speaker=draw(who),
            sentence=0,
            confidence=1.0,
        )
        for i in range(draw(st.integers(0, 5)))
    )
    roles = st.sampled_from(["speech", "scare", "title", "term", "nested", "unattributed"])
    passages = [span() for _ in range(draw(st.integers(0, 4)))]
    quotes = tuple(
        Quote(id=f"q{i}", start=p.start, end=p.end, text=p.text, role=draw(roles), speaker=draw(who))
        for i, p in enumerate(passages)
    )
    annotation = Annotation(
        language="en",
        sentences=sentences,
        quotes=quotes,
        attributions=attributions,
        speakers=speakers,
        model=ModelCard("drawn", "1"),
    )
    return Article(id="drawn", text=text, body=body), annotation


@given(annotations())
@settings(max_examples=150, deadline=None)
def test_any_annotation_gives_figures_in_their_bounds(drawn):
    metrics = measure(*drawn)
    for group in ("attribution", "sources", "anonymity", "concentration"):
        for name, value in msgspec.structs.asdict(getattr(metrics, group)).items():
            assert value is None or (math.isfinite(value) and value >= 0), name
            if value is not None and ("share" in name or name in ("hhi", "evenness")):
                assert value <= 1, name
            if name.endswith("_low") and value is not None:
                share = getattr(getattr(metrics, group), name.removesuffix("_low"))
                assert value <= share <= getattr(getattr(metrics, group), name.removesuffix("_low") + "_high")
    concentration = metrics.concentration
    if concentration.effective_sources is not None:
        assert 1 <= concentration.effective_sources <= len(drawn[1].speakers) + 0.001
    assert metrics.attribution.attributed_words <= metrics.attribution.words
    assert metrics.attribution.speech_without_speaker_words <= metrics.attribution.speech_words


def test_a_hundred_thousand_words_take_linear_time(annotated):
    # 2 words a sentence and everything attributed at once, with long overlaps. Measured: 0.5 s; squared, minutes.
    count = 50_000
    text = "It rained. " * count
    sentences = tuple(Extent(11 * i, 11 * i + 10) for i in range(count))
    spans = [Span(11 * i, 11 * i + 10, "It rained.") for i in range(count)]
    nested = [Span(0, 11 * i, "") for i in range(0, count, 50)]
    attributions = tuple(
        Attribution(
            id=f"a{i}",
            kind="indirect",
            content=(span,),
            cue=None,
            source=None,
            speaker=f"s{i % 500}",
            sentence=0,
            confidence=1.0,
        )
        for i, span in enumerate(spans + nested)
    )
    speakers = tuple(Speaker(id=f"s{i}", name=f"A B{i}", class_="named", type="person") for i in range(500))
    annotation = Annotation(
        language="en",
        sentences=sentences,
        quotes=(),
        attributions=attributions,
        speakers=speakers,
        model=ModelCard("drawn", "1"),
    )
    article = Article(id="long", text=text, body=(Extent(0, len(text)),))
    start = time.perf_counter()
    metrics = measure(article, annotation)
    assert time.perf_counter() - start < 10
    assert metrics.attribution.attributed_words == 2 * count
