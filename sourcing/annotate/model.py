"""Run the network over a whole article: windows in, one row of scores a word out.

The weights are one int8 ONNX file; the few numbers used outside the graph (transitions, pointer biases, calibration) ride in
its metadata, so that weights and decoding can never be of two versions.
"""

import json
import os
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from sourcing.annotate.encode import MODEL_FOLDER, Encoded
from sourcing.annotate.windows import plan_windows
from sourcing.errors import ModelError
from sourcing.records import ModelCard

Floats = npt.NDArray[np.float32]

WINDOW, OVERLAP = 256, 48
BATCH = 8  # windows at a time: the cores are busy, and only the rows (1.6 kB a word) grow with the article
LINK = 64
WIDTHS = {"tags": 7, "names": 7, "types": 7, "sentence": 1, "speech": 1}
CONTENT_CUE, CUE_SOURCE, MENTION_NAME = range(3)
RELATIONS = 3


class Scores(NamedTuple):
    """One row a word. tags, names, types: (words, 7) logits; sentence, speech: (words,) logits; queries, keys:
    (words, 3, 64) pointer vectors of the relations content -> cue, cue -> source, mention -> name."""

    tags: Floats
    names: Floats
    types: Floats
    sentence: Floats
    speech: Floats
    queries: Floats
    keys: Floats


class Parameters(NamedTuple):
    """What the graph does not hold. transitions (7, 7); null (3, 64), null_bias (3,), distance (3, 23), paragraph (3, 7):
    the pointers' biases; calibration: the logistic curves of the confidences."""

    transitions: Floats
    null: Floats
    null_bias: Floats
    distance: Floats
    paragraph: Floats
    calibration: dict[str, list[float]]


class Model:
    """The weights, loaded. `score` is all that it does."""

    def __init__(self, path: Path = MODEL_FOLDER / "model.onnx", *, threads: int = 0) -> None:
        import onnxruntime

        if not path.is_file():
            raise ModelError(f"the model file {path.name} is missing; reinstall the package")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
            meta = self._session.get_modelmeta().custom_metadata_map
            self.card = ModelCard(meta["name"], meta["version"])
            self.parameters = _parameters(json.loads(meta["parameters"]))
        except Exception as error:  # onnxruntime raises its own types for a damaged file
            raise ModelError(f"the model file {path.name} is damaged: {error}".splitlines()[0]) from error

    def score(self, encoded: Encoded) -> Scores:
        """Read the article in overlapping windows and keep each word's row from the window that shows most around it."""
        words = len(encoded.first)
        width = sum(WIDTHS.values()) + 2 * RELATIONS * LINK
        rows = np.zeros((words, width), dtype=np.float32)
        windows = plan_windows(len(encoded.ids), size=WINDOW, overlap=OVERLAP)
        for k in range(0, len(windows), BATCH):
            group = windows[k : k + BATCH]
            spots = [slice(w.start, w.end) for w in group]
            feed = {
                name: np.stack([values[s] for s in spots])
                for name, values in zip(("ids", "shape", "quote", "brk"), encoded[:4], strict=True)
            }
            out = self.forward(feed)
            for number, window in enumerate(group):
                low, high = np.searchsorted(encoded.first, (window.core_start, window.core_end))
                rows[low:high] = out[number, encoded.first[low:high] - window.start]
        return _split(rows)

    def forward(self, feed: dict[str, npt.NDArray[np.int64]]) -> Floats:
        """The bare forward pass over a stack of windows, (windows, pieces, width)."""
        out = self._session.run(["scores"], feed)[0]
        scores: Floats = out
        return scores


@cache
def load_model() -> Model:
    """The model that ships with the package, loaded once a process; SOURCING_THREADS limits the cores it uses (0: all)."""
    threads = os.environ.get("SOURCING_THREADS", "0")
    return Model(threads=int(threads) if threads.isdecimal() else 0)


def _parameters(plain: dict[str, Any]) -> Parameters:
    arrays = {k: np.array(plain[k], dtype=np.float32) for k in Parameters._fields[:-1]}
    return Parameters(**arrays, calibration=plain["calibration"])


def _split(rows: Floats) -> Scores:
    parts: list[Any] = []
    at = 0
    for width in WIDTHS.values():
        parts.append(rows[:, at : at + width] if width > 1 else rows[:, at])
        at += width
    pointers = rows[:, at:].reshape(len(rows), 2, RELATIONS, LINK)
    tags, names, types, sentence, speech = parts
    return Scores(tags, names, types, sentence, speech, pointers[:, 0], pointers[:, 1])
