"""Forms of names, told apart: pairs labelled by a reader who had not seen the rules, with pinned floors.

The labels are of the names alone: would a careful researcher say that these are forms of one name? `python
tests/gold/test_identity_pairs.py` prints the pairs that are decided otherwise.
"""

from pathlib import Path

import pytest

from sourcing.corpus.body_names import body_key, body_search_keys, same_body
from sourcing.corpus.person_names import same_person, search_keys, stored_key

HERE = Path(__file__).parent
SETS = {"person": (HERE / "person_pairs.tsv", same_person), "body": (HERE / "body_pairs.tsv", same_body)}
FLOORS = {"person": (0.97, 0.87), "body": (0.98, 0.87)}  # precision, recall


def read_pairs(name):
    """(a, b, are they the same, what kind of pair) of a set."""
    lines = SETS[name][0].read_text(encoding="utf-8").splitlines()
    assert lines[0] == "a\tb\tsame\tkind"
    return [(a, b, same == "1", kind) for a, b, same, kind in (line.split("\t") for line in lines[1:])]


def figures(name):
    """Precision, recall, and the pairs decided otherwise."""
    decide = SETS[name][1]
    decided = [(pair, decide(pair[0], pair[1])) for pair in read_pairs(name)]
    right = sum(pair[2] and decision.same for pair, decision in decided)
    said, true = sum(decision.same for _, decision in decided), sum(pair[2] for pair, _ in decided)
    return right / said, right / true, [(pair, d.rule) for pair, d in decided if d.same != pair[2]]


@pytest.mark.parametrize("name", SETS)
def test_floors(name):
    precision, recall, _ = figures(name)
    assert precision >= FLOORS[name][0]
    assert recall >= FLOORS[name][1]


def test_the_sets_are_as_large_as_promised():
    for name, least in (("person", 300), ("body", 150)):
        pairs = read_pairs(name)
        assert len(pairs) >= least
        assert len({frozenset(pair[:2]) for pair in pairs}) >= len(pairs) - 2
        assert 0.4 < sum(pair[2] for pair in pairs) / len(pairs) < 0.6


def test_decisions_do_not_depend_on_the_order():
    for name, (_, decide) in SETS.items():
        for a, b, _, _ in read_pairs(name):
            assert decide(a, b).same == decide(b, a).same, (a, b)


def test_names_that_are_the_same_share_a_block():
    def fits(key, asked):
        return key.startswith(asked[:-1]) if asked.endswith("*") else key == asked

    for a, b, _, _ in read_pairs("person"):
        if same_person(a, b).same and stored_key(b) != ("", ""):
            last, given = stored_key(b)
            assert any(k == last and fits(given, g) for k, g in search_keys(a)), (a, b)
    for a, b, _, _ in read_pairs("body"):
        if same_body(a, b).same:
            assert any(fits(body_key(b), key) for key in body_search_keys(a)), (a, b)


if __name__ == "__main__":
    for name in SETS:
        precision, recall, wrong = figures(name)
        print(f"{name}: precision {precision:.3f}, recall {recall:.3f}")
        for pair, rule in wrong:
            print("  ", *pair, rule, sep="\t")
