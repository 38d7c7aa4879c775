"""Write the trained network as one int8 ONNX file that carries its decoding parameters.

Weights are quantised per output channel, activations dynamically (QInt8: QUInt8 is several times slower on common CPUs), one
step size for a whole tensor. A few inputs of the feed-forward layers are ten times as large as the rest, which would leave the
rest three bits: `smooth` moves that size into the weights first (SmoothQuant: Xiao et al. 2023).
"""

import json
import warnings
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

import torch

from sourcing.training.batches import Batch
from sourcing.training.corpus import Example
from sourcing.training.network import Network, transition_scores

INPUTS = ("ids", "shape", "quote", "brk")
SMOOTHED = ("inner",)  # of a layer's parts; docs/training.md has what the others gave


class Smoothed(torch.nn.Module):
    """A linear layer with every input divided by a constant and its weights multiplied by it: the same function."""

    shrink: torch.Tensor

    def __init__(self, linear: torch.nn.Linear, peaks: torch.Tensor) -> None:
        super().__init__()
        size = (peaks.clamp(min=1e-3) / linear.weight.abs().amax(0).clamp(min=1e-3)).sqrt()
        size = size / size.log().mean().exp()
        self.register_buffer("shrink", 1 / size)
        self.linear = torch.nn.Linear(linear.in_features, linear.out_features)
        with torch.no_grad():
            self.linear.weight.copy_(linear.weight * size)
            self.linear.bias.copy_(linear.bias)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The layer's output."""
        out: torch.Tensor = self.linear(x * self.shrink)
        return out


def smooth(net: Network, texts: Sequence[Example]) -> Network:
    """A copy of `net` whose feed-forward layers are smoothed by the largest inputs that they see in `texts`."""
    net = deepcopy(net).eval().cpu()
    peaks: dict[torch.nn.Module, torch.Tensor] = {}

    def watch(layer: torch.nn.Module, inputs: tuple[torch.Tensor, ...], _: torch.Tensor) -> None:
        seen = inputs[0].detach().flatten(0, -2).abs().amax(0)
        peaks[layer] = torch.maximum(peaks[layer], seen) if layer in peaks else seen

    parts = [(layer, name) for layer in net.layers for name in SMOOTHED]
    hooks = [getattr(layer, name).register_forward_hook(watch) for layer, name in parts]
    with torch.no_grad():
        for text in texts:
            net(*Batch([text], 256, torch.device("cpu")).inputs)
    for hook in hooks:
        hook.remove()
    for layer, name in parts:
        setattr(layer, name, Smoothed(getattr(layer, name), peaks[getattr(layer, name)]))
    return net


class _Windows(torch.nn.Module):
    """All windows of a call have one length, so there is nothing to mask."""

    def __init__(self, net: Network) -> None:
        super().__init__()
        self.net = net

    def forward(self, ids: torch.Tensor, shape: torch.Tensor, quote: torch.Tensor, brk: torch.Tensor) -> torch.Tensor:
        """The network without its mask."""
        out: torch.Tensor = self.net(ids, shape, quote, brk, None)
        return out


def export(
    net: Network, path: Path, *, name: str, version: str, calibration: dict[str, list[float]], int8: bool = True
) -> None:
    """Write `net` to `path`; `int8=False` keeps fp32, for measuring what quantisation costs."""
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    net = net.eval().cpu()
    example = tuple(torch.ones(2, 64, dtype=torch.long) for _ in INPUTS)
    full = path.with_suffix(".fp32.onnx")
    axes = {n: {0: "windows", 1: "pieces"} for n in (*INPUTS, "scores")}
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the exporter is called legacy; the newer one needs a package more and gains nothing
        torch.onnx.export(_Windows(net), example, str(full), input_names=list(INPUTS), output_names=["scores"],
                          dynamic_axes=axes, opset_version=17, dynamo=False)  # fmt: skip
    if int8:
        quantize_dynamic(str(full), str(path), weight_type=QuantType.QInt8, per_channel=True)
        full.unlink()
    else:
        full.replace(path)
    model: Any = onnx.load(str(path))
    parameters = {
        "transitions": transition_scores(net.transitions).tolist(),
        "null": net.null.tolist(),
        "null_bias": net.null_bias.tolist(),
        "distance": net.distance.tolist(),
        "paragraph": net.paragraph.tolist(),
        "calibration": calibration,
    }
    metadata = {"name": name, "version": version, "parameters": json.dumps(parameters)}
    onnx.helper.set_model_props(model, metadata)
    onnx.save(model, str(path))
