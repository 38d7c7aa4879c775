"""Near-duplicates: what is one story, and what is not."""

import random

import numpy as np
import pytest

from sourcing.corpus.copies import SIGNATURE, group_copies, signature_of, similarities
from sourcing.corpus.known import Known

RANDOM = random.Random(3)
WORDS = [f"w{n}" for n in range(3000)]


def text_of(words=400):
    return " ".join(RANDOM.choice(WORDS) for _ in range(words))


def groups(texts, labels=None):
    signatures = np.frombuffer(b"".join(map(signature_of, texts)), np.uint8).reshape(-1, SIGNATURE)
    labels = np.arange(len(texts), dtype=np.int64) if labels is None else np.array(labels, dtype=np.int64)
    return group_copies(signatures, labels)


def test_copies_are_grouped_and_others_not():
    one, two = text_of(), text_of()
    cut = " ".join(one.split()[:260])
    changed = one.split()
    changed[100:103] = ["other", "words", "here"]
    found = groups([one, two, cut, " ".join(changed), text_of()])
    assert found.tolist() == [0, 1, 0, 0, 4]


def test_the_order_does_not_matter():
    texts = [text_of() for _ in range(20)]
    texts += [t + " more" for t in texts[:10]]
    labels = RANDOM.sample(range(1000), len(texts))
    expected = dict(zip(labels, groups(texts, labels).tolist(), strict=True))
    order = RANDOM.sample(range(len(texts)), len(texts))
    again = groups([texts[n] for n in order], [labels[n] for n in order])
    assert dict(zip((labels[n] for n in order), again.tolist(), strict=True)) == expected
    assert len(set(expected.values())) == 20


def test_texts_without_words_are_nobodys_copies():
    assert groups(["", "…", ""]).tolist() == [0, 1, 2]
    assert groups([]).tolist() == []
    assert similarities(np.zeros((2, SIGNATURE), np.uint8), signature_of("")).tolist() == [0.0, 0.0]


def test_short_texts():
    assert groups(["He left.", "He left.", "She left."]).tolist() == [0, 0, 2]


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_similarity_is_estimated(share):
    """Texts that have a known share of their shingles in common."""
    words = 3000
    same = round(words * share)
    common = " ".join(f"c{n}" for n in range(same))
    a, b = (common + " " + " ".join(f"{k}{n}" for n in range(words - same)) for k in "ab")
    signatures = np.frombuffer(signature_of(b), np.uint8).reshape(1, -1)
    assert similarities(signatures, signature_of(a))[0] == pytest.approx(share / (2 - share), abs=0.12)


def test_what_is_known_stays_known(monkeypatch):
    monkeypatch.setattr("sourcing.corpus.known.MERGED_AT", 10)
    known = Known()
    for n in range(35):
        known.add([f"id{n}"], [n], [n * 7])
    known.add(["id3"], [99], [1])
    assert len(known) == 35
    assert known.find("id3") == (99, 1)
    assert known.find("id20") == (20, 140)
    assert known.find("id99") is None
    assert known.has("id20", 140)
    assert not known.has("id20", 141)
