import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.annotate.marks import pair_marks


def paragraphs(text):
    return [m.span() for m in re.finditer(r"[^\n]*\S[^\n]*", text)]


def passages(text):
    return [text[p.start : p.end] for p in pair_marks(text, paragraphs(text)).passages]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("“Go on,” he said. “Now.”", ["“Go on,”", "“Now.”"]),
        ('"Go on," he said. "Now."', ['"Go on,"', '"Now."']),
        ("‘The crews’ boat is ours,’ she said of the crews’ plan.", ["‘The crews’ boat is ours,’"]),
        ("'We won't go,' he said. 'It's ours.'", ["'We won't go,'", "'It's ours.'"]),
        ("the ‘shadow fleet’ campaign", ["‘shadow fleet’"]),
        ("“One ‘two three’ four,” he said", ["“One ‘two three’ four,”", "‘two three’"]),
        ("‘One “two three” four,’ he said", ["‘One “two three” four,’", "“two three”"]),
        ("“He told me “go away” and left,” she said.", ["“He told me “go away” and left,”", "“go away”"]),
        ("« Bonjour », dit-il. « Oui. »", ["« Bonjour »", "« Oui. »"]),
        ("„Guten Tag“, sagte er. »Ja«, sagte sie.", ["„Guten Tag“", "»Ja«"]),
        ("``Hello,'' she said.", ["``Hello,''"]),
        ("(“in brackets”) said—“dash”—ok", ["“in brackets”", "“dash”"]),
        ("‘We’re doin’ fine,’ he said.", ["‘We’re doin’ fine,’"]),
        ("‘diplomats’ and ‘spies’ met", ["‘diplomats’", "‘spies’"]),
        # no quotations at all
        ("He is 6'2\" tall and 5'11\".", []),
        ("the diplomats’ and spies’ view of James’ book", []),
        ("'Tis the season, and the '90s were good.", []),
        ("", []),
        ("'", []),
    ],
)
def test_passages(text, found):
    assert passages(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "“First.\n\n“Second.\n\n“Third,” he said.",
        "“First.\n\nSecond, cut by a blank line.” He left.",
        "‘Open here\n\n‘and on,’ he said.",
        "‘Cut\n\nby a blank line.’ He left.",
        '"First.\n\n"Second," he said.',
    ],
)
def test_one_passage_over_several_paragraphs(text):
    result = pair_marks(text, paragraphs(text))
    assert len(result.passages) == 1
    assert len(result.passages[0].parts) >= 2
    assert result.passages[0].closed
    assert result.unbalanced == []


@pytest.mark.parametrize(
    ("text", "found", "stray"),
    [
        ("“Lost mark he said. “Another one,” she said.", ["“Lost mark he said.", "“Another one,”"], [(0, 1)]),
        ("the end.” And “more” of it.", ["“more”"], [(8, 9)]),
        ("He said: “It goes on\n\nA new paragraph.", ["“It goes on"], [(9, 10)]),
    ],
)
def test_an_odd_mark_never_loses_the_article(text, found, stray):
    assert passages(text) == found
    assert pair_marks(text, paragraphs(text)).unbalanced == stray


def test_nested_passages_are_marked():
    text = "“One ‘two’ three,” he said of the ‘four’."
    assert [p.nested for p in pair_marks(text, paragraphs(text)).passages] == [False, True, False]


def test_time_grows_linearly():
    import time

    def seconds(count):
        text = "\n".join(["‘It’s the crews’ boat,” he “said ‘of 'em \"all"] * count)
        began = time.perf_counter()
        pair_marks(text, paragraphs(text))
        return time.perf_counter() - began

    seconds(500)
    assert seconds(8000) < 60 * max(seconds(500), 0.002)


MARKS = st.text(alphabet="“”\"‘’'«»„`ab S.,\n—", max_size=60)


@given(MARKS)
def test_any_marks(text):
    result = pair_marks(text, paragraphs(text))
    for passage in result.passages:
        assert 0 <= passage.start < passage.end <= len(text)
        assert all(a < b for a, b in passage.parts)
        assert all(x[1] <= y[0] for x, y in zip(passage.parts, passage.parts[1:], strict=False))
        assert all(passage.start <= a < b <= passage.end for a, b in passage.marks)
    starts = [p.start for p in result.passages]
    assert starts == sorted(starts)
    for a, b in result.unbalanced:
        assert 0 <= a < b <= len(text)
