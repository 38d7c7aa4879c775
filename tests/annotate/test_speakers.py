"""Types of mentions: the decisions that need no model."""

from types import SimpleNamespace

import numpy as np
import pytest

from sourcing.annotate.speakers import (
    ORGANIZATION,
    OUTLET,
    PERSON,
    UNNAMED_PERSON,
    _likeliest,
    _named_or_not,
    _overlooked,
    _types,
)
from sourcing.records import Span

SURE = 4.0


def row(kind, odds=SURE):
    out = np.zeros(7, dtype=np.float32)
    out[kind] = odds
    return out


def test_a_proper_name_is_of_one_type_throughout():
    mentions = [
        "Strand TV",
        "Strand TV, a broadcaster",
        "She",
        "She",
        "A spokesman, Ada Quill",
        "A spokesman, who left",
    ]
    own = [row(PERSON, 1.0), row(OUTLET), row(PERSON), row(UNNAMED_PERSON), row(PERSON), row(ORGANIZATION)]
    spans = [Span(n, n + 1, text) for n, text in enumerate(mentions)]
    types = _types(spans, [(n, n + 1) for n in range(len(spans))], SimpleNamespace(types=np.stack(own)))
    assert [int(t.argmax()) for t in types] == [OUTLET, OUTLET, PERSON, UNNAMED_PERSON, PERSON, ORGANIZATION]
    assert [float(np.exp(t).sum()) for t in types] == pytest.approx([1.0] * 6, abs=1e-3)


def test_three_types_of_body_share_what_speaks_for_one():
    options = np.log(np.array([0.05, 0.25, 0.2, 0.1, 0.1, 0.27, 0.03], dtype=np.float32))
    kind, chance = _likeliest(options)
    assert kind == ORGANIZATION
    assert chance == pytest.approx(0.55, abs=1e-3)


@pytest.mark.parametrize(
    ("null", "kind"), [(np.log(0.01), PERSON), (np.log(0.99), UNNAMED_PERSON), (0.0, UNNAMED_PERSON)]
)
def test_the_pointer_decides_where_the_type_does_not(null, kind):
    torn = np.log(np.array([0.4, 0.05, 0.05, 0.05, 0.4, 0.03, 0.02], dtype=np.float32))
    assert _likeliest(_named_or_not(torn, float(null)))[0] == kind


def test_a_name_that_the_tagger_just_missed():
    words = ["said", "Dr", "Ada", "Quill", ",", "a", "nurse"]
    names = np.zeros((7, 7), dtype=np.float32)
    names[:, 0] = 3.0
    names[1:4, 1] = 2.0  # B-person, half as likely as none
    scores = SimpleNamespace(types=np.stack([row(PERSON)] * 7), names=names)
    assert _overlooked([(1, 7)], [], words, scores) == [(2, 4, "person")]
    assert _overlooked([(1, 7)], [(2, 4, "person")], words, scores) == []
    assert _overlooked([(4, 7)], [], words, scores) == []
    scores.types[:] = row(ORGANIZATION)
    assert _overlooked([(1, 7)], [], words, scores) == []
