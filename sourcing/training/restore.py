"""Read a network back from the ONNX file that ships: training goes on from there, where the fp32 weights are not at hand.

What int8 rounded off stays off; training mends it within the first steps. The word embeddings, which training never
touches, are taken anew from the start weights.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch

from sourcing.training.network import FORBIDDEN, Network


def restore(path: Path, start: Mapping[str, torch.Tensor]) -> Network:
    """The network in `path` (export.py's), with the word embeddings of the start weights (load_start's names)."""
    import onnx
    from onnx import numpy_helper

    model: Any = onnx.load(str(path))
    arrays = {i.name: numpy_helper.to_array(i) for i in model.graph.initializer}
    net = Network()
    weights = {
        name: torch.tensor(_plain(arrays, "net." + name)) for name in net.state_dict() if _known(arrays, "net." + name)
    }
    made_by = {output: node for node in model.graph.node for output in node.output}
    for node in model.graph.node:
        bias = next((i for i in node.input if i.startswith("net.") and i.endswith(".bias")), None)
        if node.op_type == "Add" and bias:
            product = _product(made_by, next(i for i in node.input if i != bias))
            weight = _plain(arrays, product.input[1].removesuffix("_quantized")).T
            layer = bias.removesuffix(".bias")
            if layer.endswith(".linear"):  # export.Smoothed
                layer = layer.removesuffix(".linear")
                weight = weight * _plain(arrays, layer + ".shrink")
                weights[layer.removeprefix("net.") + ".bias"] = torch.tensor(_plain(arrays, bias))
            weights[layer.removeprefix("net.") + ".weight"] = torch.tensor(weight.copy())
    parameters = json.loads(next(p.value for p in model.metadata_props if p.key == "parameters"))
    for name in ("transitions", "null", "null_bias", "distance", "paragraph"):
        weights[name] = torch.tensor(parameters[name]).float()
    forbidden = weights["transitions"] < FORBIDDEN / 2  # export added these, and training adds them itself
    weights["transitions"] = weights["transitions"].masked_fill(forbidden, 0.0)
    weights["word.weight"] = start["embeddings.word_embeddings.weight"].float()
    net.load_state_dict(weights)
    return net


def _known(arrays: Mapping[str, Any], name: str) -> bool:
    return name in arrays or name + "_quantized" in arrays


def _plain(arrays: Mapping[str, Any], name: str) -> Any:
    """An initializer in fp32, whether it was quantised or not."""
    if name in arrays:
        return arrays[name].astype(np.float32)
    shifted = arrays[name + "_quantized"].astype(np.float32) - arrays[name + "_zero_point"].astype(np.float32)
    return shifted * arrays[name + "_scale"]


def _product(made_by: Mapping[str, Any], name: str) -> Any:
    """The matrix product whose scaled result `name` is."""
    node = made_by[name]
    while node.op_type not in ("MatMul", "MatMulInteger"):
        node = next(made_by[i] for i in node.input if i in made_by and made_by[i].op_type != "DynamicQuantizeLinear"
                    and not i.endswith("_scale"))  # fmt: skip
    return node
