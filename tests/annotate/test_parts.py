"""The small pure steps: windows, Viterbi, spans, roles."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sourcing.annotate.decode import allowed, best_tags, bio_spans
from sourcing.annotate.roles import role_without_speech
from sourcing.annotate.windows import plan_windows


@given(st.integers(0, 5000), st.integers(8, 300), st.integers(0, 100))
def test_windows_tile_the_text(pieces, size, overlap):
    overlap = min(overlap, size // 2)
    windows = plan_windows(pieces, size=size, overlap=overlap)
    at = 0
    for window in windows:
        assert window.core_start == at
        assert window.start <= window.core_start < window.core_end <= window.end
        assert window.end - window.start == min(size, pieces)
        at = window.core_end
    assert at == pieces


@given(st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_viterbi_finds_the_best_path(words, seed):
    random = np.random.default_rng(seed)
    emissions = random.normal(size=(words, 3)).astype(np.float32)
    transitions = random.normal(size=(3, 3)).astype(np.float32)

    def score(path):
        moves = sum(transitions[a, b] for a, b in pairwise(path))
        return sum(emissions[i, t] for i, t in enumerate(path)) + moves

    padded = np.full((words, 7), -1e3, dtype=np.float32)
    padded[:, [0, 1, 3]] = emissions  # tags that may start a sequence
    full = np.zeros((7, 7), dtype=np.float32)
    full[np.ix_([0, 1, 3], [0, 1, 3])] = transitions
    best = max(product(range(3), repeat=words), key=score)
    assert [{0: 0, 1: 1, 3: 2}[t] for t in best_tags(padded, full).tolist()] == list(best)


@given(st.integers(0, 2**32 - 1), st.integers(1, 80))
def test_decoded_tags_are_well_formed(seed, words):
    emissions = np.random.default_rng(seed).normal(scale=5, size=(words, 7)).astype(np.float32)
    tags = best_tags(emissions, allowed(np.zeros((7, 7), dtype=np.float32))).tolist()
    for before, tag in zip([0, *tags], tags, strict=False):
        assert tag not in (2, 4, 6) or before in (tag - 1, tag)


def test_spans():
    tags = np.array([0, 5, 6, 6, 3, 1, 2, 5, 5, 6])
    assert bio_spans(tags, 5) == [(1, 4), (7, 8), (8, 10)]
    assert bio_spans(tags, 3) == [(4, 5)]
    assert bio_spans(tags, 1) == [(5, 7)]


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("She wrote a novel called “the low road” last year.", "term"),
        ("She saw “The Long Tide” twice.", "title"),
        ("His new book “Salt” is out.", "title"),
        ("the so-called “shadow fleet” left", "term"),
        ("a “reform” that nobody wanted", "scare"),
    ],
)
def test_roles_of_what_nobody_said(text, role):
    assert role_without_speech(text, text.index("“"), text.index("”") + 1) == role
