"""Train the annotator: a few teachers with different seeds, then one student that learns from all of them.

    sourcing train --polnear DIR --gum DIR --out DIR        (needs the [train] extra; about 10 minutes on one GPU)

Every draw comes from `seed`. Articles whose hash falls into the validation part (one in twelve) are left out of training
unless `everything` is set; choices are made on them, never on the dev set.
"""

import math
import time
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from sourcing.annotate.decode import best_tags, bio_spans
from sourcing.annotate.encode import Encoded, load_tokenizer
from sourcing.annotate.windows import plan_windows
from sourcing.training.augment import augment
from sourcing.training.corpus import UNKNOWN, Example, Text, make_example, read_gum, read_polnear
from sourcing.training.network import (
    NAMES,
    Network,
    Outputs,
    log_partition,
    pointer_logits,
    sequence_score,
    span_means,
    split_outputs,
    transition_scores,
)


@dataclass(frozen=True)
class Plan:
    """The choices of a training run; docs/training.md has the table of what was tried."""

    epochs: int = 12
    batch: int = 8
    rate: float = 2e-4
    head_rate: float = 1e-3
    decay: float = 0.01
    smoothing: float = 0.05
    average: float = 0.97  # every AVERAGE_EVERY steps
    variants: int = 4
    longest: int = 2400  # words of an article read at a time
    window: tuple[int, int] = (192, 384)
    teachers: int = 4
    student_epochs: int = 20
    unlinked: float = 0.5  # share of the texts without attributions (GUM) read in each epoch
    warmup: float = 0.06
    minutes: float = 0.0  # stop after so long; 0: never
    seed: int = 1


AVERAGE_EVERY = 5  # steps


def is_validation(identity: str) -> bool:
    """One article in twelve, by hash of its id."""
    return zlib.crc32(identity.encode()) % 12 == 0


def read_texts(polnear: Path, gum: Path | None) -> tuple[list[Text], list[Text]]:
    """Return (training texts, validation texts); GUM is all training but its test part."""
    articles = list(read_polnear(polnear / "train.jsonl.gz"))
    rest = [t for name in ("train", "dev") for t in read_gum(gum / f"{name}.conllu.gz")] if gum else []
    valid = [t for t in articles if is_validation(t.id)]
    if gum:
        valid += list(read_gum(gum / "test.conllu.gz"))
    return [t for t in articles if not is_validation(t.id)] + rest, valid


def make_variants(texts: Sequence[Text], plan: Plan) -> list[list[Example]]:
    """Encode each text as it is and `plan.variants` times changed; on all cores, the draws depend on seed and id alone."""
    with ProcessPoolExecutor() as pool:
        return list(pool.map(partial(_variants, plan=plan), texts, chunksize=8))


def _variants(text: Text, plan: Plan) -> list[Example]:
    random = Random(f"{plan.seed}{text.id}")
    copies = [text] + [augment(text, random) for _ in range(plan.variants)]
    return [make_example(copy, load_tokenizer()) for copy in copies]


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
    return Example(
        example.id, encoded, example.tags[low:high], example.names[low:high], example.sentence[low:high],
        example.speech[low:high],
        [(r, move(q), t and move(t), w) for r, q, t, w in example.links if fits(q) and fits(t)],
        [(move(s), t) for s, t in example.types if fits(s)],
        [(move(q), [n - low for n in names if low <= n < high], w) for q, names, w in example.mentions
         if fits(q) and (not names or any(low <= n < high for n in names))],
        [move(s) for s in example.sources if fits(s)],
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
        with torch.autocast(self.device.type, torch.bfloat16, enabled=True):
            flat = net(*self.inputs)
        return split_outputs(flat[self.row, self.column])

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


def span_types(out: Outputs, spans: Tensor, document: Tensor) -> Tensor:
    """Type logits of spans: the mean over their words."""
    return span_means(out.types, spans, document)


def loss_of(net: Network, batch: Batch, plan: Plan, teachers: Sequence[Network] = (), hard: float = 1.0) -> Tensor:
    """The sum of all heads' losses; with teachers, their mean prediction is learned too (Hinton et al. 2015)."""
    out = batch.run(net)
    soft = _teach(teachers, batch) if teachers else None
    trans = transition_scores(net.transitions)
    labelled = (batch.tags != UNKNOWN).any(1)
    total = torch.zeros((), device=batch.device)
    if labelled.any():
        emissions, mask = out.tags[labelled], batch.mask_t[labelled]
        tags = batch.tags[labelled].clamp(min=0)
        gap = log_partition(emissions, trans, mask) - sequence_score(emissions, trans, tags, mask)
        cross = F.cross_entropy(emissions[mask], tags[mask], label_smoothing=plan.smoothing)
        total = total + hard * (gap.sum() / mask.sum() + 0.5 * cross)
    if soft:
        mask = batch.mask_t
        total = total + 2.0 * _match(out.tags[mask], soft.tags[mask]) + 0.3 * _match(out.names[mask], soft.names[mask])
    total = total + 0.5 * hard * F.cross_entropy(out.names.flatten(0, 1), batch.names.flatten(), ignore_index=UNKNOWN)
    total = total + 0.2 * _binary(out.sentence, batch.sentence) + 0.3 * _binary(out.speech, batch.speech)
    for relation, scale in ((0, 0.5), (1, 0.5), (2, 0.5)):
        items, target, none, weight = pointer_targets(batch, relation)
        if not items:
            continue
        spans, document = batch.spans(items)
        allowed = candidates(batch, relation, items, spans, document, target)
        logits, null = pointer_logits(net, out, relation, spans, document, batch.paragraph)
        logp = torch.cat([logits.masked_fill(~allowed, -1e4), null[:, None]], 1).log_softmax(1)
        right = torch.cat([target & allowed, none[:, None]], 1)
        nll = -torch.logsumexp(logp.masked_fill(~right, -1e4), 1)
        total = total + hard * scale * (nll * weight).sum() / weight.sum()
        if soft:
            taught = torch.stack([_pointer(t, o, relation, spans, document, batch, allowed) for t, o in soft.all]).mean(
                0
            )
            total = total + scale * -(taught * logp.clamp(min=-30)).sum(1).mean()
    typed = [(d, s, t) for d, e in enumerate(batch.examples) for s, t in e.types]
    if typed:
        spans, document = batch.spans([(d, s) for d, s, _ in typed])
        labels = torch.tensor([t for _, _, t in typed], device=batch.device)
        total = total + 0.5 * hard * F.cross_entropy(
            span_types(out, spans, document), labels, label_smoothing=plan.smoothing
        )
    sources = [(d, s) for d, e in enumerate(batch.examples) for s in e.sources]
    if soft and sources:
        spans, document = batch.spans(sources)
        taught = torch.stack([span_types(o, spans, document).softmax(-1) for _, o in soft.all]).mean(0)
        total = total - 0.5 * (taught * span_types(out, spans, document).log_softmax(-1)).sum(-1).mean()
    return total


@dataclass
class _Taught:
    tags: Tensor
    names: Tensor
    all: list[tuple[Network, Outputs]]


def _teach(teachers: Sequence[Network], batch: Batch) -> _Taught:
    with torch.no_grad():
        outs = [(t, batch.run(t)) for t in teachers]
        return _Taught(torch.stack([o.tags.softmax(-1) for _, o in outs]).mean(0),
                       torch.stack([o.names.softmax(-1) for _, o in outs]).mean(0), outs)  # fmt: skip


def _pointer(
    net: Network, out: Outputs, relation: int, spans: Tensor, document: Tensor, batch: Batch, allowed: Tensor
) -> Tensor:
    with torch.no_grad():
        logits, null = pointer_logits(net, out, relation, spans, document, batch.paragraph)
        return torch.cat([logits.masked_fill(~allowed, -1e4), null[:, None]], 1).softmax(1)


def _match(logits: Tensor, target: Tensor) -> Tensor:
    return -(target * logits.log_softmax(-1)).sum(-1).mean()


def _binary(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels != UNKNOWN
    if not known.any():
        return torch.zeros((), device=logits.device)
    return F.binary_cross_entropy_with_logits(logits[known], labels[known].float())


def fit(net: Network, data: list[list[Example]], plan: Plan, *, seed: int, epochs: int, device: torch.device,
        teachers: Sequence[Network] = (), hard: float = 1.0, report: Callable[[str], None] = print,
        keep: Callable[[dict[str, Tensor]], None] | None = None) -> Network:  # fmt: skip
    """Train `net` and return the moving average of its weights; `keep` is handed that average after every epoch.

    With `plan.minutes` the learning rate reaches its end by then, whatever epoch that is: a run on a busy machine ends
    well, but cannot be repeated bit by bit.
    """
    random = Random(seed)
    torch.manual_seed(seed)
    net.to(device).train()
    net.word.weight.requires_grad_(False)  # half of all weights, and 900 articles teach few words anything
    body = [p for n, p in net.named_parameters() if n.startswith(("layers", "position", "norm"))]
    heads = [p for n, p in net.named_parameters() if not n.startswith(("layers", "word", "position", "norm"))]
    optimizer = torch.optim.AdamW([{"params": body, "lr": plan.rate}, {"params": heads, "lr": plan.head_rate}],
                                  weight_decay=plan.decay, betas=(0.9, 0.98), fused=True)  # fmt: skip
    steps = epochs * math.ceil(len(data) / plan.batch)
    began = time.monotonic()

    def progress(step: int) -> float:
        elapsed = (time.monotonic() - began) / 60
        return min(1.0, max(step / steps, elapsed / plan.minutes if plan.minutes else 0.0))

    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda s: min(1.0, progress(s) / plan.warmup + 0.01) * max(0.02, 1 - progress(s))
    )
    trained = {k: v for k, v in net.named_parameters() if v.requires_grad}
    averaged = {k: v.detach().clone() for k, v in trained.items()}
    step = 0
    for epoch in range(epochs):
        losses = []
        for batch in _batches(data, plan, random, device):
            loss = loss_of(net, batch, plan, teachers, hard)
            optimizer.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(list(trained.values()), 1.0)
            optimizer.step()
            schedule.step()
            step += 1
            if step % AVERAGE_EVERY == 0:
                share = 1 - min(plan.average, (1 + step) / (10 + step))
                with torch.no_grad():
                    torch._foreach_lerp_(list(averaged.values()), [v.detach() for v in trained.values()], share)
            losses.append(float(loss.detach()))
            if step % 50 == 0:
                report(
                    f"seed {seed} step {step} loss {sum(losses[-50:]) / 50:.3f} {(time.monotonic() - began) / 60:.1f} min"
                )
            if progress(step) >= 1:
                break
        report(f"seed {seed} epoch {epoch + 1}/{epochs} loss {sum(losses) / len(losses):.4f}")
        if keep:
            keep(dict(net.state_dict()) | averaged)
        if progress(step) >= 1:
            break
    net.load_state_dict(dict(net.state_dict()) | averaged)
    return net.eval()


def _batches(data: list[list[Example]], plan: Plan, random: Random, device: torch.device) -> Iterator[Batch]:
    order = list(range(len(data)))
    random.shuffle(order)
    order = [n for n in order if data[n][0].links or random.random() < plan.unlinked]
    for k in range(0, len(order), plan.batch):
        chosen = []
        for n in order[k : k + plan.batch]:
            copies = data[n]
            example = copies[0] if random.random() < 0.5 else random.choice(copies[1:] or copies)
            spare = len(example.encoded.first) - plan.longest
            low = random.randint(0, spare) if spare > 0 else 0
            chosen.append(clip(example, low, min(len(example.encoded.first), low + plan.longest)))
        yield Batch(chosen, random.randint(*plan.window), device)


# ------------------------------------------------------------------------------------------------------ validation


def validate(net: Network, examples: Sequence[Example], device: torch.device, *, window: int = 256) -> dict[str, float]:
    """Figures on gold spans: word and exact-span F1 by role, accuracy of pointers, types and names."""
    net.eval()
    trans = transition_scores(net.transitions).detach().cpu().numpy()
    counts: dict[str, list[float]] = {}

    def add(key: str, right: float, guessed: float, gold: float) -> None:
        c = counts.setdefault(key, [0.0, 0.0, 0.0])
        for n, value in enumerate((right, guessed, gold)):
            c[n] += value

    with torch.no_grad():
        for example in examples:
            batch = Batch([example], window, device)
            out = batch.run(net)
            if (example.tags != UNKNOWN).any():
                guess = best_tags(out.tags[0].cpu().numpy(), trans)
                for role, b in (("source", 1), ("cue", 3), ("content", 5)):
                    g, p = example.tags >= b, guess >= b
                    g, p = g & (example.tags <= b + 1), p & (guess <= b + 1)
                    add(f"token.{role}", (g & p).sum(), p.sum(), g.sum())
                    gs, ps = bio_spans(example.tags, b), bio_spans(guess, b)
                    add(f"span.{role}", len(set(gs) & set(ps)), len(ps), len(gs))
                known = example.speech != UNKNOWN
                add(
                    "speech",
                    ((out.speech[0].cpu().numpy() > 0) == example.speech)[known].sum(),
                    known.sum(),
                    known.sum(),
                )
            if (example.names != UNKNOWN).any():
                labels = out.names[0].argmax(-1).cpu().numpy()
                kind = "gum" if (example.tags == UNKNOWN).all() else "silver"
                for name in ("person", "organization", "place"):
                    b = NAMES.index("B-" + name)
                    gs, ps = bio_spans(example.names, b), bio_spans(labels, b)
                    add(f"names.{kind}.{name}", len(set(gs) & set(ps)), len(ps), len(gs))
            known = example.sentence == 1
            starts = out.sentence[0].cpu().numpy() > 0
            add("sentence", (known & starts).sum(), starts.sum(), known.sum())
            for relation in range(3):
                items, target, none, weight = pointer_targets(batch, relation)
                if not items:
                    continue
                spans, document = batch.spans(items)
                allowed = candidates(batch, relation, items, spans, document, target)
                logits, null = pointer_logits(net, out, relation, spans, document, batch.paragraph)
                best = torch.cat([logits.masked_fill(~allowed, -1e4), null[:, None]], 1).argmax(1)
                right = torch.cat([target & allowed, none[:, None]], 1).gather(1, best[:, None])[:, 0].float()
                for trust in (1.0, 0.4):
                    chosen = (weight - trust).abs() < 0.01
                    if chosen.any():
                        add(
                            f"pointer{relation}@{trust}",
                            right[chosen].sum().item(),
                            chosen.sum().item(),
                            chosen.sum().item(),
                        )
            if example.types:
                spans, document = batch.spans([(0, s) for s, _ in example.types])
                right_types = span_types(out, spans, document).argmax(-1).cpu().numpy() == [t for _, t in example.types]
                add("types", right_types.sum(), len(right_types), len(right_types))
    return {k: round(2 * a / max(1.0, b + c), 4) for k, (a, b, c) in sorted(counts.items())}


def new_network(start: Path, seed: int) -> Network:
    """A network with MiniLM's weights and fresh heads."""
    from safetensors.torch import load_file

    torch.manual_seed(seed)
    net = Network()
    net.load_start(load_file(str(start)))
    return net


def train(texts: Sequence[Text], start: Path, plan: Plan, device: torch.device, report: Callable[[str], None] = print,
          valid: Sequence[Example] = (), save: Callable[[str, Network], None] | None = None) -> Network:  # fmt: skip
    """Teachers, then the student. `valid` is only looked at, `save` keeps what each stage gave."""
    data = make_variants(texts, plan)
    teachers: list[Network] = []
    for n in range(plan.teachers):
        net = fit(
            new_network(start, plan.seed + n),
            data,
            plan,
            seed=plan.seed + n,
            epochs=plan.epochs,
            device=device,
            report=report,
        )
        if valid:
            report(f"teacher {n}: {validate(net, valid, device)}")
        if save:
            save(f"teacher{n}", net)
        teachers.append(net)
    if not teachers:
        return fit(
            new_network(start, plan.seed),
            data,
            plan,
            seed=plan.seed,
            epochs=plan.student_epochs,
            device=device,
            report=report,
        )
    student = fit(new_network(start, plan.seed + 99), data, replace(plan, smoothing=0.0), seed=plan.seed + 99,
                  epochs=plan.student_epochs, device=device, teachers=teachers, hard=0.3, report=report)  # fmt: skip
    if valid:
        report(f"student: {validate(student, valid, device)}")
    return student
