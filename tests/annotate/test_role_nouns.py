"""Role nouns go to the person beside whose name the article puts them."""

import math

import numpy as np
import pytest

from sourcing.annotate.names import Person
from sourcing.annotate.role_nouns import fit_roles, head_noun


def likeliest(text, noun, *, names=("Quill", "Brand"), odds=(0.0, 0.0)):
    lines = [line.split() for line in text.split(" / ")]
    words = [word for line in lines for word in line]
    spots = [(words.index(n), words.index(n) + 1) for n in names]
    people = [Person(n, (k,), (0, 0)) for k, n in enumerate(names)]
    sentence = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    logs = np.array([*odds, -3.0], dtype=np.float32)
    ((low, out),) = fit_roles([(0, logs)], [noun], spots, people, words, sentence)
    assert low == 0
    assert float(np.exp(out).sum()) == pytest.approx(1.0 if noun else float(np.exp(logs).sum()), abs=1e-4)
    return names[int(out[:-1].argmax())] if abs(float(out[0] - out[1])) > 1e-4 else None


@pytest.mark.parametrize(
    ("text", "noun", "who"),
    [
        ("Colonel Quill met Mayor Brand .", "mayor", "Brand"),
        ("Colonel Quill met Mayor Brand .", "colonel", "Quill"),
        ("Quill , a retired colonel , met Brand .", "colonel", "Quill"),
        ("Gov . Quill met Brand .", "governor", "Quill"),
        ("Quill met Brand . / The colonel left .", "colonel", None),
        ("The colonel left . / Quill met Brand .", "colonel", None),
        ("Colonel Quill met Mayor Brand .", "", None),
    ],
)
def test_whose_role(text, noun, who):
    assert likeliest(text, noun) == who


def test_the_pointer_may_know_better():
    assert likeliest("Colonel Quill met Mayor Brand .", "mayor", odds=(math.log(1000), 0.0)) == "Quill"


@pytest.mark.parametrize(
    ("mention", "noun"),
    [("the chair", "chair"), ("The former treasurer, 52,", "treasurer"), ("minister of state", "minister"), ("He", ""),
     ("his 52", ""), ("", "")],
)  # fmt: skip
def test_head_noun(mention, noun):
    assert head_noun(mention) == noun
