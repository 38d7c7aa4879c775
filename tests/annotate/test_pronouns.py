"""Pronouns agree with each other over the article about who is he and who is she."""

import numpy as np
import pytest

from sourcing.annotate.names import Person
from sourcing.annotate.pronouns import agree, gender_of, votes_of

HE, SHE = 0, 1
ADA, BEN = Person("Ada Quill", (0, 2), (0, 0)), Person("Ben Moss", (1,), (0, 0))


def pointer(*shares):
    """From a pronoun to the places of names 0, 1, 2 ..., "nobody" last."""
    return 0, np.log(np.array(shares, dtype=np.float32))


@pytest.mark.parametrize(
    ("word", "gender"),
    [("He", HE), ("his", HE), ("HER", SHE), ("they", None), ("her-", None), ("", None)],
)
def test_gender_of(word, gender):
    assert gender_of(word) == gender


def test_votes_are_expected_counts():
    votes = votes_of([pointer(0.5, 0.2, 0.2, 0.1), pointer(0.1, 0.8, 0.05, 0.05)], [SHE, HE], 3)
    assert votes == pytest.approx(np.array([[0.1, 0.5], [0.8, 0.2], [0.05, 0.2]]))


def best(pointed):
    return int(pointed[1].argmax())


def test_a_pronoun_is_won_back_from_a_nearer_name_of_the_other_gender():
    sure = [pointer(0.9, 0.05, 0.04, 0.01)] * 3 + [pointer(0.02, 0.95, 0.02, 0.01)] * 3
    torn = pointer(0.3, 0.6, 0.05, 0.05)
    out = agree([*sure, torn], [SHE] * 3 + [HE] * 3 + [SHE], [ADA, BEN])
    assert best(torn) == 1
    assert best(out[-1]) == 0
    assert np.exp(out[-1][1]).sum() == pytest.approx(1.0, abs=1e-4)


def test_a_single_pronoun_is_no_evidence_for_itself():
    (alone,) = agree([pointer(0.3, 0.6, 0.05, 0.05)], [SHE], [ADA, BEN])
    assert np.exp(alone[1]) == pytest.approx([0.3, 0.6, 0.05, 0.05], abs=1e-4)


def test_a_form_of_address_decides_where_no_other_pronoun_does():
    mrs = Person("Quill", (0, 2), (0, 1)), Person("Moss", (1,), (1, 0))
    (alone,) = agree([pointer(0.3, 0.6, 0.05, 0.05)], [SHE], mrs)
    assert best(alone) == 0


def test_nothing_to_agree_on():
    assert agree([], [], []) == []
    ((_, logs),) = agree([pointer(1.0)], [HE], [])
    assert logs == pytest.approx([0.0])
