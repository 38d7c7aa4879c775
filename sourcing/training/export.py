"""Write the trained network as one int8 ONNX file that carries its decoding parameters.

Weights are quantised per output channel, activations dynamically (QInt8: QUInt8 is several times slower on common CPUs).
"""

import json
import warnings
from pathlib import Path
from typing import Any

import torch

from sourcing.training.network import Network, transition_scores

INPUTS = ("ids", "shape", "quote", "brk")


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
