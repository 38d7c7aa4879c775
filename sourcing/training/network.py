"""The network: MiniLM's six layers, three extra input features, and the heads, in plain torch.

Read word by word (a word is represented by its first piece), a document gives
  emissions  (words, 7)   BIO of source, cue, content, decoded with a learned transition matrix (a linear-chain CRF)
  names      (words, 7)   BIO of person, organization, place names
  types      (words, 7)   speaker type, averaged over a source span
  sentence   (words,)     does a sentence start here;  speech (words,)  is the quotation around this word somebody's speech
  queries, keys (words, 3, 64)   pointers: content -> cue, cue -> source, mention -> name

A pointer's logit from a span to a word is the mean query of the span times the word's key, plus learned biases for the
distance in words and in paragraphs (Dozat and Manning 2017, biaffine attention, in its dot-product form): the vectors
come from windows of the text, the products are taken over the whole article, so links cross window borders.
"""

import math
from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from sourcing.annotate.encode import BREAKS, QUOTE_STATES, SHAPES
from sourcing.training.labels import TAGS

RELATIONS = ("content_cue", "cue_source", "mention_name")
LINK = 64
DISTANCES = 23  # signed, logarithmic: 0, then 1, 2, 3-4, 5-8, ... 513+ on either side
PARAGRAPHS = 7  # -3 or more before ... 3 or more after
FORBIDDEN = -1e4
WIDTHS = (("tags", 7), ("names", 7), ("types", 7), ("sentence", 1), ("speech", 1))


class Outputs(NamedTuple):
    """The heads' outputs for every word, (documents, words, ...)."""

    tags: Tensor
    names: Tensor
    types: Tensor
    sentence: Tensor
    speech: Tensor
    queries: Tensor
    keys: Tensor


class Layer(nn.Module):
    """One transformer layer of BERT (post-norm). Without dropout: on a CPU it doubles the time of a step, and the
    changed copies of every text (augment.py) do its work."""

    def __init__(self, width: int, heads: int, inner: int) -> None:
        super().__init__()
        self.heads = heads
        self.query, self.key, self.value, self.output = (nn.Linear(width, width) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(width, eps=1e-12), nn.LayerNorm(width, eps=1e-12)
        self.inner, self.outer = nn.Linear(width, inner), nn.Linear(inner, width)

    def forward(self, x: Tensor, bias: Tensor | None) -> Tensor:
        """(windows, length, width) -> the same; bias: added to the attention scores."""
        batch, length, width = x.shape

        def split(y: Tensor) -> Tensor:
            return y.view(batch, length, self.heads, width // self.heads).transpose(1, 2)

        q, k, v = split(self.query(x)), split(self.key(x)), split(self.value(x))
        if q.is_cuda:
            mixed = F.scaled_dot_product_attention(q, k, v, attn_mask=None if bias is None else bias.to(q.dtype))
        else:  # faster than the fused kernel on a CPU, and what ONNX can quantise
            scores = (q * (width // self.heads) ** -0.5) @ k.transpose(-1, -2)
            # autocast would take the softmax to fp32, which costs a fifth of a step
            with torch.autocast(x.device.type, enabled=False):
                scores = scores if bias is None else scores + bias.to(scores.dtype)
                mixed = scores.softmax(-1).to(v.dtype) @ v
        x = self.norm1(x + self.output(mixed.transpose(1, 2).reshape(batch, length, width)))
        normed: Tensor = self.norm2(x + self.outer(F.gelu(self.inner(x))))
        return normed


class Network(nn.Module):
    """Encoder and heads. `forward` reads windows of pieces; the document's words are gathered by the caller."""

    def __init__(self, *, vocabulary: int = 30522, width: int = 384, layers: int = 6, heads: int = 12, inner: int = 1536,
                 dropout: float = 0.1) -> None:  # fmt: skip
        super().__init__()
        self.word = nn.Embedding(vocabulary, width)
        self.position = nn.Embedding(512, width)
        self.shape, self.quote, self.brk = (
            nn.Embedding(SHAPES, width),
            nn.Embedding(QUOTE_STATES, width),
            nn.Embedding(BREAKS, width),
        )
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.layers = nn.ModuleList(Layer(width, heads, inner) for _ in range(layers))
        self.dropout = dropout
        self.token = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Dropout(dropout))
        self.label = nn.Linear(width, sum(n for _, n in WIDTHS))
        self.link = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Dropout(dropout))
        self.pointer = nn.Linear(width, 2 * len(RELATIONS) * LINK)
        self.transitions = nn.Parameter(torch.zeros(len(TAGS), len(TAGS)))
        self.null = nn.Parameter(torch.zeros(len(RELATIONS), LINK))
        self.null_bias = nn.Parameter(torch.zeros(len(RELATIONS)))
        self.distance = nn.Parameter(torch.zeros(len(RELATIONS), DISTANCES))
        self.paragraph = nn.Parameter(torch.zeros(len(RELATIONS), PARAGRAPHS))
        for embedding in (self.shape, self.quote, self.brk):
            nn.init.normal_(embedding.weight, std=0.005)

    def forward(self, ids: Tensor, shape: Tensor, quote: Tensor, brk: Tensor, mask: Tensor | None) -> Tensor:
        """Windows of pieces, each (windows, length) -> (windows, length, labels + pointers); mask None: no padding."""
        return self.heads(self.encode(ids, shape, quote, brk, mask))

    def encode(self, ids: Tensor, shape: Tensor, quote: Tensor, brk: Tensor, mask: Tensor | None) -> Tensor:
        """Windows of pieces, each (windows, length) -> (windows, length, width)."""
        x = (
            self.word(ids)
            + self.position.weight[: ids.shape[1]]
            + self.shape(shape)
            + self.quote(quote)
            + self.brk(brk)
        )
        x = F.dropout(self.norm(x), self.dropout, self.training)
        bias = None if mask is None else (1.0 - mask[:, None, None, :].to(x.dtype)) * -10000.0
        for layer in self.layers:
            x = layer(x, bias)
        return x

    def heads(self, x: Tensor) -> Tensor:
        """Words or pieces as the encoder left them, (..., width) -> (..., labels + pointers)."""
        return torch.cat([self.label(self.token(x)), self.pointer(self.link(x))], dim=-1)

    def load_start(self, weights: dict[str, Tensor]) -> None:
        """Copy the start weights, named as in a BERT checkpoint, into the encoder."""
        take = {k.removeprefix("bert."): v.float() for k, v in weights.items()}
        with torch.no_grad():
            self.word.weight.copy_(take["embeddings.word_embeddings.weight"])
            segment = take["embeddings.token_type_embeddings.weight"][0]
            self.position.weight.copy_(take["embeddings.position_embeddings.weight"] + segment)
            _copy(self.norm, take, "embeddings.LayerNorm")
            for n, layer in enumerate(self.layers):
                assert isinstance(layer, Layer)
                base = f"encoder.layer.{n}."
                for part, name in ((layer.query, "attention.self.query"), (layer.key, "attention.self.key"),
                                   (layer.value, "attention.self.value"), (layer.output, "attention.output.dense"),
                                   (layer.norm1, "attention.output.LayerNorm"), (layer.inner, "intermediate.dense"),
                                   (layer.outer, "output.dense"), (layer.norm2, "output.LayerNorm")):  # fmt: skip
                    _copy(part, take, base + name)


def _copy(part: nn.Linear | nn.LayerNorm, weights: dict[str, Tensor], name: str) -> None:
    part.weight.copy_(weights[name + ".weight"])
    part.bias.copy_(weights[name + ".bias"])


def split_outputs(flat: Tensor) -> Outputs:
    """Cut the network's last dimension into its heads; pointers become (..., relations, LINK)."""
    labels = flat[..., : sum(n for _, n in WIDTHS)].float()
    tags, names, types, sentence, speech = labels.split([n for _, n in WIDTHS], dim=-1)
    pointers = flat[..., labels.shape[-1] :].float().unflatten(-1, (2, len(RELATIONS), LINK))
    return Outputs(tags, names, types, sentence[..., 0], speech[..., 0], pointers[..., 0, :, :], pointers[..., 1, :, :])


def transition_scores(transitions: Tensor) -> Tensor:
    """The learned scores with what BIO forbids (an I- after anything but its own B- or I-) set to FORBIDDEN."""
    forbidden = torch.zeros_like(transitions)
    for inside in (2, 4, 6):
        for before in range(len(TAGS)):
            if before not in (inside - 1, inside):
                forbidden[before, inside] = FORBIDDEN
    return transitions + forbidden


def log_partition(emissions: Tensor, transitions: Tensor, mask: Tensor) -> Tensor:
    """Log of the sum over all tag sequences, (documents,); a tree reduction, so that a GPU needs log(words) steps."""
    batch, length, tags = emissions.shape
    matrix = transitions + emissions[:, 1:, None, :]
    identity = torch.full((tags, tags), -1e4, device=emissions.device).fill_diagonal_(0.0)
    matrix = torch.where(mask[:, 1:, None, None], matrix, identity)
    while matrix.shape[1] > 1:
        if matrix.shape[1] % 2:
            matrix = torch.cat([matrix, identity.expand(batch, 1, tags, tags)], dim=1)
        left, right = matrix[:, ::2], matrix[:, 1::2]
        matrix = torch.logsumexp(left[..., :, :, None] + right[..., None, :, :], dim=-2)
    start = emissions[:, 0].clone()
    start = start + torch.tensor([0.0, 0, -1e4, 0, -1e4, 0, -1e4], device=start.device)
    final = torch.logsumexp(start[:, :, None] + matrix[:, 0], dim=1) if length > 1 else start
    return torch.logsumexp(final, dim=-1)


def sequence_score(emissions: Tensor, transitions: Tensor, tags: Tensor, mask: Tensor) -> Tensor:
    """Score of the given tag sequences, (documents,)."""
    emitted = emissions.gather(-1, tags[..., None])[..., 0] * mask
    moved = transitions[tags[:, :-1], tags[:, 1:]] * mask[:, 1:]
    return emitted.sum(1) + moved.sum(1)


def distance_bucket(delta: Tensor) -> Tensor:
    """Signed distances in words -> 0..DISTANCES-1; 11 is zero."""
    size = torch.ceil(torch.log2(delta.abs().clamp(min=1).float())).long() + 1
    return torch.where(delta == 0, 0, size.clamp(max=11) * delta.sign()) + 11


BUCKETS = distance_bucket(torch.arange(-1024, 1025))


def span_means(values: Tensor, spans: Tensor, document: Tensor) -> Tensor:
    """Mean rows of spans: values (documents, words, width), spans (n, 2) of documents (n,) -> (n, width)."""
    summed = torch.cat([torch.zeros_like(values[:, :1]), values.cumsum(1)], dim=1)
    total = summed[document, spans[:, 1]] - summed[document, spans[:, 0]]
    return total / (spans[:, 1:] - spans[:, :1]).clamp(min=1)


def pointer_logits(
    net: Network, out: Outputs, relation: int, spans: Tensor, document: Tensor, paragraph: Tensor
) -> tuple[Tensor, Tensor]:
    """Logits from spans (n, 2: first word, last word + 1) of their documents (n,) to every word and to nothing.

    paragraph: (documents, words) paragraph numbers. Spans come grouped by document. Returns (n, words) and (n,).
    """
    words = out.queries.shape[1]
    at = torch.arange(words, device=spans.device)[None]
    start, end = spans[:, :1], spans[:, 1:]
    query = span_means(out.queries[:, :, relation], spans, document)
    rows = []
    for number in range(len(out.queries)):
        mine = query[document == number]
        if len(mine):
            rows.append(mine @ out.keys[number, :, relation].T)
    logits = torch.cat(rows) / math.sqrt(LINK)
    delta = torch.where(at < start, at - start, torch.where(at >= end, at - end + 1, 0))
    logits = logits + net.distance[relation][BUCKETS.to(delta.device)[delta.clamp(-1024, 1024) + 1024]]
    here = paragraph[document].gather(1, start.clamp(max=words - 1))
    step = (paragraph[document] - here).clamp(-3, 3) + 3
    logits = logits + net.paragraph[relation][step]
    null = query @ net.null[relation] / math.sqrt(LINK) + net.null_bias[relation]
    return logits, null
