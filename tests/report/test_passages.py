import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sourcing.records import Attribution, Extent, Span
from sourcing.report.article_view import view_of
from sourcing.report.passages import Mark, cut

MARKS = st.lists(
    st.builds(
        lambda start, length, kind: Mark(start, start + length, kind, "a1"),
        st.integers(0, 40),
        st.integers(0, 20),
        st.sampled_from(["content", "cue", "source", "quote", "finding"]),
    ),
    max_size=12,
)


@given(MARKS, st.integers(0, 30), st.integers(1, 30))
def test_pieces_cover_the_stretch_and_hold_every_mark(marks, start, length):
    end = start + length
    pieces = list(cut(marks, start, end))
    assert [piece.start for piece in pieces] == [start, *(piece.end for piece in pieces[:-1])]
    assert pieces[-1].end == end
    for offset in range(start, end):
        here = next(piece for piece in pieces if piece.start <= offset < piece.end)
        assert sorted(here.marks) == sorted(mark for mark in marks if mark.start <= offset < mark.end)
        widths = [mark.end - mark.start for mark in here.marks]
        assert widths == sorted(widths, reverse=True)


@settings(max_examples=60, deadline=None)
@given(
    st.text(st.sampled_from("ab .\n\r“”"), max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(1, 30)), max_size=6),
    st.lists(st.integers(0, 60), max_size=4),
)
def test_the_page_shows_every_word_once_in_order(text, spans, borders):
    from pathlib import Path

    from sourcing.records import Report

    report = Report.from_json((Path(__file__).parent / "golden" / "harbour.json").read_bytes())
    size = len(text)
    content = [(min(start, size), min(start + length, size)) for start, length in spans]
    attributions = tuple(
        Attribution(
            id=f"a{number}",
            kind="indirect",
            content=(Span(start, end, text[start:end]),),
            cue=None,
            source=None,
            speaker=f"s{1 + number % 7}",
            sentence=0,
            confidence=1.0,
        )
        for number, (start, end) in enumerate(content, start=1)
        if start < end
    )
    edges = sorted({min(border, size) for border in borders})
    body = tuple(Extent(a, b) for a, b in zip(edges[::2], edges[1::2], strict=False))
    article = msgspec.structs.replace(report.article, text=text, body=body)
    view = view_of(
        msgspec.structs.replace(report, article=article, attributions=attributions, quotes=(), findings=()), "x"
    )
    shown = "".join(run.text for block in view.blocks for run in block.runs)
    assert "".join(shown.split()) == "".join(text.split())
    anchors = [anchor for block in view.blocks for run in block.runs for anchor in run.anchors]
    if text.strip():
        assert sorted(anchors) == sorted(item.id for item in attributions if not _lost(item, view, text))
    assert len(anchors) == len(set(anchors))


def _lost(item, view, text):
    """White space after the last word is shown nowhere."""
    return item.content[0].start >= len(text.rstrip())


def test_a_long_article_takes_time_in_proportion(harbour):
    import time

    def seconds(times):
        size = len(harbour.article.text)
        parts = [
            msgspec.structs.replace(
                item,
                id=f"a{turn * 8 + number}",
                content=tuple(Span(s.start + turn * size, s.end + turn * size, s.text) for s in item.content),
                cue=None,
                source=None,
            )
            for turn in range(times)
            for number, item in enumerate(harbour.attributions, start=1)
        ]
        shifts = [turn * size for turn in range(times)]
        body = tuple(Extent(part.start + by, part.end + by) for by in shifts for part in harbour.article.body)
        article = msgspec.structs.replace(harbour.article, text=harbour.article.text * times, body=body)
        report = msgspec.structs.replace(harbour, article=article, attributions=tuple(parts), quotes=(), findings=())
        begin = time.process_time()
        view_of(report, "x")
        return time.process_time() - begin

    seconds(5)
    assert seconds(400) < 40 * max(seconds(40), 0.01)
