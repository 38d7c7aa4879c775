"""Whom gendered pronouns stand for, read over the whole article.

Each "he" and "she" is pointed at people's names by the learned pointer. What the pronouns that point at one person have in
common says whether the article calls that person he or she, and that in turn corrects the single pronoun which a nearer
or more prominent name of the other gender had drawn to itself: a few rounds of expectation and correction.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from sourcing.annotate.names import ADDRESS, UNSEEN, Person

Floats = npt.NDArray[np.float32]
Pointed = tuple[int, Floats]
"""What link.point gives for a query: its first candidate, and log-probabilities of the candidates near it, "nobody" last."""

HE = frozenset(("he", "him", "his", "himself"))
SHE = frozenset(("she", "her", "hers", "herself"))
ROUNDS = 3  # 1, 3 and 5 give the same on the held-out articles


def gender_of(word: str) -> int | None:
    """0 for a form of "he", 1 for one of "she", None for any other word."""
    low = word.lower()
    return 0 if low in HE else 1 if low in SHE else None


def votes_of(pointed: Sequence[Pointed], genders: Sequence[int], names: int) -> Floats:
    """How many pronouns of either gender point at each place of a name, (names, 2), in expectation."""
    votes = np.zeros((names, 2), dtype=np.float32)
    for (low, logs), gender in zip(pointed, genders, strict=True):
        votes[low : low + len(logs) - 1, gender] += np.exp(logs[:-1])
    return votes


def agree(pointed: Sequence[Pointed], genders: Sequence[int], people: Sequence[Person]) -> list[Pointed]:
    """The pointers of gendered pronouns again, with what the article's other pronouns say of each person's gender."""
    owner = np.zeros(sum(len(p.spans) for p in people), dtype=np.int64)
    for number, person in enumerate(people):
        owner[list(person.spans)] = number
    address = np.array([p.address for p in people], dtype=np.float32).reshape(-1, 2) * ADDRESS
    near = [owner[low : low + len(logs) - 1] for low, logs in pointed]
    # which of the names near a pronoun are one person's
    alike = [np.unique(who, return_inverse=True)[1] for who in near]
    out = list(pointed)
    for _ in range(ROUNDS):
        votes = address.copy()
        for (_, logs), gender, who in zip(out, genders, near, strict=True):
            np.add.at(votes[:, gender], who, np.exp(logs[:-1]))
        for n, ((low, logs), gender, who, same) in enumerate(zip(pointed, genders, near, alike, strict=True)):
            own = np.exp(out[n][1][:-1])  # a pronoun is no evidence for itself
            mine = votes[who, gender] - np.bincount(same, own)[same]
            fit = np.log((mine + UNSEEN) / (mine + votes[who, 1 - gender] + 2 * UNSEEN) * 2)
            changed = np.append(logs[:-1] + fit, logs[-1]).astype(np.float32)
            out[n] = (low, changed - np.logaddexp.reduce(changed))
    return out
