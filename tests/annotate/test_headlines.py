"""Names in headlines are cut to what the running text calls the person."""

from types import SimpleNamespace

import numpy as np
import pytest

from sourcing.annotate.decode import trim_headlines, widen_names


def names_of(text, names):
    """Paragraphs are split by ' / '; names are given as they stand."""
    words, paragraph, start = [], [], []
    position = 0
    for number, line in enumerate(text.split(" / ")):
        for word in line.split():
            words.append(word)
            paragraph.append(number)
            start.append(position)
            position += len(word) + 1
        position += 2
    starts = np.array(start)
    encoded = SimpleNamespace(paragraph=np.array(paragraph), start=starts, end=starts + [len(w) for w in words])
    found, after = [], 0
    for name in names:
        parts = name.split()
        a = next(n for n in range(after, len(words)) if words[n : n + len(parts)] == parts)
        found.append((a, a + len(parts), "person"))
        after = a + len(parts)
    return [" ".join(words[a:b]) for a, b, _ in trim_headlines(found, encoded, text, [])]


@pytest.mark.parametrize(
    ("text", "names", "cut"),
    [
        ("Ada Quill Says No / Ada Quill said no .", ["Ada Quill Says", "Ada Quill"], ["Ada Quill", "Ada Quill"]),
        ("Is Quill right ? / It is Ada Quill .", ["Is Quill", "Ada Quill"], ["Quill", "Ada Quill"]),
        ("Tom Quill wins / It is Ada Quill .", ["Tom Quill", "Ada Quill"], ["Tom Quill", "Ada Quill"]),
        ("Will Quill go ? / Quill will go .", ["Will Quill", "Quill"], ["Will Quill", "Quill"]),
        ("Nothing here / Captain Ada Quill met Ada Quill", ["Captain Ada Quill", "Ada Quill"], ["Captain Ada Quill", "Ada Quill"]),
    ],
)  # fmt: skip
def test_headlines(text, names, cut):
    assert names_of(text, names) == cut


@pytest.mark.parametrize(
    ("before", "chance", "name"),
    [
        ("Crooked", 0.3, "Ada Quill"),
        ("Maria", 0.7, "Maria Ada Quill"),
        ("A", 0.3, "A Ada Quill"),
        ("Martin", 0.3, "Martin Vale III"),
        ("Captain", 0.3, "Vale III"),
    ],
)
def test_a_whole_name_takes_in_only_what_is_surely_a_name(before, chance, name):
    words = [before, *name.split()[-2:], "spoke"]
    text = " ".join(words)
    start = np.cumsum([0, *(len(w) + 1 for w in words[:-1])])
    encoded = SimpleNamespace(start=start, end=start + [len(w) for w in words], paragraph=np.zeros(4, int))
    person = np.array([chance, 0.99, 0.99, 0.01])
    names = np.full((4, 7), -20.0)
    names[:, 0], names[:, 1] = np.log(1 - person), np.log(person)
    ((a, b, _),) = widen_names([(1, 3, "person")], encoded, SimpleNamespace(names=names), text)
    assert " ".join(words[a:b]) == name
