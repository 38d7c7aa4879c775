"""Whom "the colonel" and "the minister" stand for: the people beside whose names the article puts that noun.

The learned pointer knows where names stand and how they read, but not that the one called "Colonel Kintu" or "Kintu, a
retired colonel" above is a colonel; words decide that, so it is added by rule to the pointer's log-odds.
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sourcing.annotate.decode import Spot
from sourcing.annotate.mentions import PREPOSITIONS, PRONOUNS
from sourcing.annotate.names import Person
from sourcing.annotate.pronouns import Pointed

BEFORE, AFTER = 5, 12  # words beside a name that may say who somebody is
ROLE_FIT = 2.0  # log-odds that a role noun beside a person's name is worth; held out: docs/training.md
SHORTENED = 3  # letters from which "Gov." stands for "governor"


def head_noun(mention: str) -> str:
    """The noun at the head of a mention in small letters, "" where it is none.

    >>> head_noun("the retired colonel, who denies it"), head_noun("chair of the board"), head_noun("They")
    ('colonel', 'chair', '')
    """
    words = re.split(r"[,;(—–]| - ", mention)[0].lower().split()
    stop = next((n for n, w in enumerate(words) if n and w in PREPOSITIONS), len(words))
    noun = words[stop - 1].strip("'’.") if words[:stop] else ""
    return noun if noun.isalpha() and noun not in PRONOUNS else ""


def fit_roles(
    pointed: Sequence[Pointed],
    nouns: Sequence[str],
    names: Sequence[Spot],
    people: Sequence[Person],
    words: Sequence[str],
    sentence: npt.NDArray[np.int64],
) -> list[Pointed]:
    """The pointers of mentions with these head nouns, with what the article says beside people's names.

    names: the word spans of the names that `people` number; sentence: each word's sentence number.
    """
    owner = np.zeros(len(names), dtype=np.int64)
    said: list[set[str]] = [set() for _ in people]
    for number, person in enumerate(people):
        for n in person.spans:
            owner[n] = number
            said[number].update(_beside(names[n], words, sentence, names[n - 1][1] if n else 0))
    out = []
    for (low, logs), noun in zip(pointed, nouns, strict=True):
        if noun:
            fits = np.array([any(_same(noun, word) for word in s) for s in said], dtype=np.float32)
            changed = np.append(logs[:-1] + ROLE_FIT * fits[owner[low : low + len(logs) - 1]], logs[-1])
            logs = (changed - np.logaddexp.reduce(changed)).astype(np.float32)
        out.append((low, logs))
    return out


def _beside(name: Spot, words: Sequence[str], sentence: npt.NDArray[np.int64], floor: int) -> set[str]:
    """The words right before a name, as far as another (`floor`), and, where a comma sets them off, after it, all of its
    sentence."""
    a, b = name
    here = sentence[a]
    before = [words[n] for n in range(max(floor, a - BEFORE), a) if sentence[n] == here]
    marks = [n for n, w in enumerate(before) if w in ',;:—–“”".']
    # "Gov." ends in a full stop of its own
    lead = before[marks[-1] + 1 :] if marks and before[marks[-1]] != "." else before
    after = [words[n] for n in range(b + 1, min(len(words), b + AFTER)) if sentence[n] == here]
    return {w.lower() for w in (*lead, *(after if b < len(words) and words[b] in ",(—–" else ()))}


def _same(noun: str, word: str) -> bool:
    return noun == word or (len(word) >= SHORTENED and noun.startswith(word) and len(noun) > len(word) + 1)
