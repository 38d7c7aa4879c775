"""How sure the annotator is: scores turned into probabilities.

An attribution's raw evidence is the log-odds of (mean probability that its words are content) x (that its cue's are cue) x
(probability of its links); a logistic curve fitted on held-out training articles maps it to the share of attributions that
are right (Platt 1999). A speaker's evidence is the mean probability of its class over its mentions, with a curve of its own.
"""

import math
from collections.abc import Sequence

import numpy as np

from sourcing.annotate.decode import B_CONTENT, B_CUE
from sourcing.annotate.link import Linked
from sourcing.annotate.model import Scores

TINY = 1e-4


def evidence(scores: Scores, item: Linked) -> float:
    """The raw log-odds of an attribution."""
    words = np.concatenate([np.arange(a, b) for a, b in item.content])
    logits = scores.tags[words]
    shares = np.exp(logits - np.logaddexp.reduce(logits, axis=1)[:, None])
    chance = float(shares[:, B_CONTENT:].sum(1).mean()) * item.probability
    if item.cue:
        cue = scores.tags[item.cue[0] : item.cue[1]]
        chances = np.exp(cue - np.logaddexp.reduce(cue, axis=1)[:, None])
        chance *= float(chances[:, B_CUE:B_CONTENT].sum(1).mean())
    return log_odds(chance)


def log_odds(chance: float) -> float:
    """The log-odds of a probability, kept finite."""
    chance = min(1 - TINY, max(TINY, chance))
    return math.log(chance / (1 - chance))


def calibrated(raw: float, curve: Sequence[float]) -> float:
    """The probability, three decimals, that raw log-odds stand for. curve: slope and intercept (Parameters.calibration)."""
    slope, intercept = curve
    return round(1.0 / (1.0 + math.exp(-(slope * raw + intercept))), 3)
