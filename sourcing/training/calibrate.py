"""Make confidences honest: fit the logistic curve on held-out articles, and measure how far probabilities are off.

An attribution counts as right when the gold standard has one whose content overlaps by half (evaluate.py); a speaker's class, when
such an attribution's gold speaker was judged and has the same. A curve has two
numbers, fitted by maximum likelihood (Platt 1999); the error is the expected calibration error over ten bins (Guo et al. 2017).
"""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from sourcing.evaluate import judge_attributions, pair_up

Floats = npt.NDArray[np.float64]
EDGE = 5e-4  # confidences are rounded to three decimals; 0 and 1 have no log-odds
BINS = 10


def collect(gold: Iterable[Mapping[str, Any]], reports: Mapping[str, Mapping[str, Any]]) -> tuple[Floats, Floats]:
    """Confidences and whether they were right (0 or 1), over all predicted attributions."""
    pairs = [pair for article in gold for pair in judge_attributions(article, reports[article["id"]])]
    return np.array([c for c, _ in pairs]), np.array([float(r) for _, r in pairs])


def collect_classes(
    gold: Iterable[Mapping[str, Any]], reports: Mapping[str, Mapping[str, Any]]
) -> tuple[Floats, Floats]:
    """Confidences of the speakers' classes and whether these were right, over matched attributions with a speaker on both sides."""
    sure, right = [], []
    for article in gold:
        report = reports[article["id"]]
        speakers = {s["id"]: s for s in report["speakers"]}
        pairing = pair_up(article, report)
        for g, f in pairing.pairs.items():
            speaker = speakers.get(report["attributions"][f]["speaker"])
            if speaker and pairing.golden[g].speaker:
                sure.append(speaker["confidence"])
                right.append(float(speaker["class"] == pairing.golden[g].speaker))
    return np.array(sure), np.array(right)


def fit_curve(confidence: Floats, right: Floats) -> list[float]:
    """Slope and intercept that map the log-odds of `confidence` to those of being right; Newton's method."""
    odds = _log_odds(confidence)
    design = np.stack([odds, np.ones_like(odds)], axis=1)
    weights = np.array([1.0, 0.0])
    for _ in range(50):
        chance = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (right - chance)
        curve = (design * (chance * (1 - chance))[:, None]).T @ design + 1e-6 * np.eye(2)
        step = np.linalg.solve(curve, slope)
        weights = weights + step
        if np.abs(step).max() < 1e-8:
            break
    return [round(float(w), 6) for w in weights]


def apply_curve(confidence: Floats, curve: list[float]) -> Floats:
    """The calibrated probabilities."""
    out: Floats = 1 / (1 + np.exp(-(curve[0] * _log_odds(confidence) + curve[1])))
    return out


def calibration_error(confidence: Floats, right: Floats) -> tuple[float, list[dict[str, float]]]:
    """Expected calibration error, and the reliability table: per bin its count, mean confidence and share right."""
    table = []
    error = 0.0
    for low in range(BINS):
        chosen = np.minimum((confidence * BINS).astype(int), BINS - 1) == low
        if chosen.any():
            mean, share = float(confidence[chosen].mean()), float(right[chosen].mean())
            error += chosen.mean() * abs(mean - share)
            table.append({"count": int(chosen.sum()), "confidence": round(mean, 3), "right": round(share, 3)})
    return round(error, 4), table


def _log_odds(confidence: Floats) -> Floats:
    safe = np.clip(confidence, EDGE, 1 - EDGE)
    return np.log(safe) - np.log1p(-safe)
