"""Train the annotator: encoder and heads together, then the heads alone on the finished encoder.

    sourcing train --data DIR --out DIR        (needs the [train] extra; 6 minutes an epoch on two CPU cores)

Every draw comes from `seed`. Articles whose hash falls into the validation part (one in twelve) are held out of training;
choices are made on them, never on the dev set.
"""

import math
import time
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from random import Random

import torch
from torch import Tensor
from torch.nn import functional as F

from sourcing.annotate.encode import load_tokenizer
from sourcing.training.augment import augment
from sourcing.training.batches import Batch, clip, point, span_types
from sourcing.training.corpus import UNKNOWN, Example, Text, make_example, read_gum, read_judged, read_polnear
from sourcing.training.network import (
    RELATIONS,
    Network,
    log_partition,
    sequence_score,
    transition_scores,
)
from sourcing.training.restore import restore


@dataclass(frozen=True)
class Plan:
    """The choices of a training run; docs/training.md has the table of what was tried."""

    epochs: int = 20
    batch: int = 4
    rate: float = 1.5e-4
    head_rate: float = 7e-4
    decay: float = 0.01
    smoothing: float = 0.05
    average: float = 0.98  # every AVERAGE_EVERY steps
    variants: int = 2
    longest: int = 2000  # words of an article read at a time
    window: tuple[int, int] = (224, 288)
    refine_epochs: int = 6
    unlinked: float = 0.4  # share of the texts without attributions (GUM) read in each epoch
    warmup: float = 0.06
    minutes: float = 0.0  # stop after so long; 0: never
    seed: int = 1
    seeds: int = 1  # runs from the same start, with this seed and the next ones, whose weights are averaged


AVERAGE_EVERY = 5  # steps


def is_validation(identity: str) -> bool:
    """One article in twelve, by hash of its id."""
    return zlib.crc32(identity.encode()) % 12 == 0


def read_texts(polnear: Path, gum: Path | None) -> tuple[list[Text], list[Text]]:
    """Return (training texts, validation texts); GUM is all training but its test part."""
    articles = list(read_polnear(polnear / "train.jsonl.gz", read_judged()))
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


def loss_of(net: Network, batch: Batch, plan: Plan) -> Tensor:
    """The sum of all heads' losses."""
    out = batch.run(net)
    trans = transition_scores(net.transitions)
    labelled = (batch.tags != UNKNOWN).any(1)
    total = torch.zeros((), device=batch.device)
    if labelled.any():
        emissions, mask = out.tags[labelled], batch.mask_t[labelled]
        tags = batch.tags[labelled].clamp(min=0)
        gap = log_partition(emissions, trans, mask) - sequence_score(emissions, trans, tags, mask)
        cross = F.cross_entropy(emissions[mask], tags[mask], label_smoothing=plan.smoothing)
        total = total + gap.sum() / mask.sum() + 0.5 * cross
    total = total + 0.5 * F.cross_entropy(out.names.flatten(0, 1), batch.names.flatten(), ignore_index=UNKNOWN)
    total = total + 0.2 * _binary(out.sentence, batch.sentence) + 0.3 * _binary(out.speech, batch.speech)
    for relation in range(len(RELATIONS)):
        pointed = point(net, out, batch, relation)
        if pointed is None:
            continue
        logits, right, weight = pointed
        nll = -torch.logsumexp(logits.log_softmax(1).masked_fill(~right, -1e4), 1)
        total = total + 0.5 * (nll * weight).sum() / weight.sum()
    typed = [(d, s, t, w) for d, e in enumerate(batch.examples) for s, t, w in e.types]
    if typed:
        spans, document = batch.spans([(d, s) for d, s, _, _ in typed])
        labels = torch.tensor([t for _, _, t, _ in typed], device=batch.device)
        trust = torch.tensor([w for _, _, _, w in typed], device=batch.device)
        missed = F.cross_entropy(
            span_types(out, spans, document), labels, label_smoothing=plan.smoothing, reduction="none"
        )
        total = total + 0.5 * (missed * trust).sum() / trust.sum()
    return total


def _binary(logits: Tensor, labels: Tensor) -> Tensor:
    known = labels != UNKNOWN
    if not known.any():
        return torch.zeros((), device=logits.device)
    return F.binary_cross_entropy_with_logits(logits[known], labels[known].float())


def fit(net: Network, data: list[list[Example]], plan: Plan, *, seed: int, epochs: int, device: torch.device,
        report: Callable[[str], None] = print,
        keep: Callable[[dict[str, Tensor]], None] | None = None) -> Network:  # fmt: skip
    """Train `net` and return the moving average of its weights; `keep` is handed that average after every epoch.

    With `plan.minutes` (of each run) the learning rate reaches its end by then, whatever epoch that is: on a busy machine it ends
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
            loss = loss_of(net, batch, plan)
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


def new_network(start: Path, seed: int, *, resume: Path | None = None) -> Network:
    """A network with MiniLM's weights and fresh heads, or the one in the ONNX file `resume`."""
    from safetensors.torch import load_file

    torch.manual_seed(seed)
    weights = load_file(str(start))
    if resume:
        return restore(resume, weights)
    net = Network()
    net.load_start(weights)
    return net


def refine(
    net: Network, data: list[list[Example]], plan: Plan, *, device: torch.device, report: Callable[[str], None] = print
) -> Network:
    """Train the heads on, with the encoder as it is: its outputs are kept, so an epoch costs a tenth."""
    with torch.no_grad():
        stored = [[replace(e, hidden=Batch([e], 256, device).encode(net)) for e in copies] for copies in data]
    report("encoder outputs stored")
    for part in (net.layers, net.position, net.norm, net.shape, net.quote, net.brk):
        part.requires_grad_(False)
    calm = replace(plan, head_rate=plan.head_rate / 2, minutes=0.0, batch=8)
    return fit(net, stored, calm, seed=plan.seed + 1, epochs=plan.refine_epochs, device=device, report=report)


def train(
    texts: Sequence[Text], net: Network, plan: Plan, device: torch.device, report: Callable[[str], None] = print
) -> Network:
    """Everything, from one start once for each of `plan.seeds` seeds, the weights averaged, and then the heads alone."""
    runs = []
    for seed in range(plan.seed, plan.seed + plan.seeds):
        data = make_variants(texts, replace(plan, seed=seed))
        run = fit(deepcopy(net), data, plan, seed=seed, epochs=plan.epochs, device=device, report=report)
        runs.append(run.state_dict())
    net.load_state_dict(average(runs))
    net.to(device)
    return refine(net, data, plan, device=device, report=report) if plan.refine_epochs else net.eval()


def average(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """The mean of several runs' weights; they must come from one start (Wortsman et al. 2022, "Model soups")."""
    return {key: torch.stack([state[key].float() for state in states]).mean(0) for key in states[0]}
