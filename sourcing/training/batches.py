"""Examples as tensors: windows of pieces in, labels and pointer targets beside them."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

from sourcing.annotate.encode import Encoded
from sourcing.annotate.windows import plan_windows
from sourcing.training.corpus import UNKNOWN, Example, mend
from sourcing.training.network import Network, Outputs, pointer_logits, span_means, split_outputs


def clip(example: Example, low: int, high: int) -> Example:
    """The words low..high of an example; what crosses the border is dropped."""
    e = example.encoded
    if low == 0 and high >= len(e.first):
        return example
    a, b = int(e.first[low]), int(e.first[high]) if high < len(e.first) else len(e.ids)

    def fits(span: tuple[int, int] | None) -> bool:
        return span is None or (span[0] >= low and span[1] <= high)

    def move(span: tuple[int, int]) -> tuple[int, int]:
        return span[0] - low, span[1] - low

    encoded = Encoded(e.ids[a:b], e.shape[a:b], e.quote[a:b], e.brk[a:b], e.first[low:high] - a, e.start[low:high],
                      e.end[low:high], e.paragraph[low:high])  # fmt: skip
    tags = example.tags[low:high].copy()
    mend(tags)
    return Example(
        example.id, encoded, tags, example.names[low:high], example.sentence[low:high],
        example.speech[low:high],
        [(r, move(q), t and move(t), w) for r, q, t, w in example.links if fits(q) and fits(t)],
        [(move(s), t, w) for s, t, w in example.types if fits(s)],
        [(move(q), [n - low for n in names if low <= n < high], w) for q, names, w in example.mentions
         if fits(q) and (not names or any(low <= n < high for n in names))],
        None if example.hidden is None else example.hidden[low:high],
    )  # fmt: skip


class Batch:
    """Examples as tensors: windows of pieces, where each word's first piece went, and the labels, padded."""

    def __init__(self, examples: Sequence[Example], window: int, device: torch.device) -> None:
        self.examples = examples
        rows: list[tuple[Encoded, int, int]] = []
        words = max(len(e.encoded.first) for e in examples)
        row = np.zeros((len(examples), words), dtype=np.int64)
        column = np.zeros_like(row)
        self.mask = np.zeros((len(examples), words), dtype=bool)
        for d, example in enumerate(examples):
            first = example.encoded.first
            for w in plan_windows(len(example.encoded.ids), size=window, overlap=window // 8):
                low, high = np.searchsorted(first, (w.core_start, w.core_end))
                row[d, low:high] = len(rows)
                column[d, low:high] = first[low:high] - w.start
                rows.append((example.encoded, w.start, w.end))
            self.mask[d, : len(first)] = True
        length = max(b - a for _, a, b in rows)
        inputs = np.zeros((5, len(rows), length), dtype=np.int64)
        for r, (e, a, b) in enumerate(rows):
            for k, values in enumerate((e.ids, e.shape, e.quote, e.brk)):
                inputs[k, r, : b - a] = values[a:b]
            inputs[4, r, : b - a] = 1
        self.inputs = torch.from_numpy(inputs).to(device)
        self.row, self.column = torch.from_numpy(row).to(device), torch.from_numpy(column).to(device)
        self.mask_t = torch.from_numpy(self.mask).to(device)
        self.device = device

        self.hidden: Tensor | None = None
        if all(e.hidden is not None for e in examples):
            kept = [e.hidden.to(device).float() for e in examples if e.hidden is not None]
            self.hidden = torch.nn.utils.rnn.pad_sequence(kept, batch_first=True)

        def padded(values: Iterable[Any], fill: int) -> Tensor:
            out = np.full((len(examples), words), fill, dtype=np.int64)
            for d, v in enumerate(values):
                out[d, : len(v)] = v
            return torch.from_numpy(out).to(device)

        self.paragraph = padded((e.encoded.paragraph for e in examples), 10**6)
        self.tags = padded((e.tags for e in examples), UNKNOWN)
        self.names = padded((e.names for e in examples), UNKNOWN)
        self.sentence = padded((e.sentence for e in examples), UNKNOWN)
        self.speech = padded((e.speech for e in examples), UNKNOWN)

    def run(self, net: Network) -> Outputs:
        """The network's outputs for every word, (documents, words, ...)."""
        with torch.autocast(self.device.type, torch.bfloat16):
            if self.hidden is not None:
                return split_outputs(net.heads(self.hidden))
            flat = net(*self.inputs)
        return split_outputs(flat[self.row, self.column])

    def encode(self, net: Network) -> Tensor:
        """What the encoder makes of the first example's words, (words, width) in bfloat16."""
        with torch.autocast(self.device.type, torch.bfloat16):
            return net.encode(*self.inputs)[self.row[0], self.column[0]].bfloat16().cpu()

    def spans(self, items: Sequence[tuple[int, tuple[int, int]]]) -> tuple[Tensor, Tensor]:
        """(document, span) pairs as tensors: spans (n, 2) and documents (n,)."""
        spans = torch.tensor([s for _, s in items], device=self.device)
        return spans, torch.tensor([d for d, _ in items], device=self.device)


def pointer_targets(batch: Batch, relation: int) -> tuple[list[tuple[int, tuple[int, int]]], Tensor, Tensor, Tensor]:
    """Queries of a relation, the words that are right (n, words), whether nothing is right (n,), weights (n,)."""
    items: list[tuple[int, tuple[int, int]]] = []
    right: list[Sequence[int]] = []
    weights: list[float] = []
    for d, example in enumerate(batch.examples):
        if relation == 2:
            for query, names, weight in example.mentions:
                items.append((d, query))
                right.append(names)
                weights.append(weight)
        else:
            for r, query, target, weight in example.links:
                if r == relation:
                    items.append((d, query))
                    right.append(range(*target) if target else ())
                    weights.append(weight)
    words = batch.mask.shape[1]
    marked = np.zeros((len(items), words), dtype=bool)
    for n, chosen in enumerate(right):
        marked[n, list(chosen)] = True
    none = torch.from_numpy(~marked.any(1)).to(batch.device)
    return items, torch.from_numpy(marked).to(batch.device), none, torch.tensor(weights, device=batch.device)


def candidates(batch: Batch, relation: int, items: list[tuple[int, tuple[int, int]]], spans: Tensor, document: Tensor,
               target: Tensor) -> Tensor:  # fmt: skip
    """The words that a pointer may choose: all of the text, or for names the words of people's names outside the query."""
    allowed = batch.mask_t[document]
    if relation == 2:
        people = (batch.names == 1) | (batch.names == 2)
        allowed = people[document] | target
    at = torch.arange(allowed.shape[1], device=batch.device)[None]
    return allowed & ~((at >= spans[:, :1]) & (at < spans[:, 1:]))


def point(net: Network, out: Outputs, batch: Batch, relation: int) -> tuple[Tensor, Tensor, Tensor] | None:
    """A relation's pointers over a batch: logits to every word and, last, to nothing (n, words + 1), which of these are right,
    and the weights (n,); None when the batch has no such pointer."""
    items, target, none, weight = pointer_targets(batch, relation)
    if not items:
        return None
    spans, document = batch.spans(items)
    allowed = candidates(batch, relation, items, spans, document, target)
    logits, null = pointer_logits(net, out, relation, spans, document, batch.paragraph)
    every = torch.cat([logits.masked_fill(~allowed, -1e4), null[:, None]], 1)
    right = torch.cat([target & allowed, none[:, None]], 1)
    kept = right.any(1)  # a source inside its own cue's words cannot be pointed at
    return every[kept], right[kept], weight[kept]


def span_types(out: Outputs, spans: Tensor, document: Tensor) -> Tensor:
    """Type logits of spans: the mean over their words."""
    return span_means(out.types, spans, document)
