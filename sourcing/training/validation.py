"""How good the heads are on gold spans: for choosing between training runs, on held-out training articles."""

from collections.abc import Sequence

import torch

from sourcing.annotate.decode import best_tags, bio_spans
from sourcing.training.batches import Batch, point, span_types
from sourcing.training.corpus import UNKNOWN, Example
from sourcing.training.labels import NAMES
from sourcing.training.network import RELATIONS, Network, transition_scores


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
            for relation in range(len(RELATIONS)):
                pointed = point(net, out, batch, relation)
                if pointed is None:
                    continue
                logits, target, weight = pointed
                right = target.gather(1, logits.argmax(1, keepdim=True))[:, 0].float()
                for trust in (1.0, 0.4):
                    chosen = (weight - trust).abs() < 0.01
                    if chosen.any():
                        add(
                            f"pointer{relation}@{trust}",
                            right[chosen].sum().item(),
                            chosen.sum().item(),
                            chosen.sum().item(),
                        )
            judged = [(s, t) for s, t, weight in example.types if weight == 1.0]
            if judged:
                spans, document = batch.spans([(0, s) for s, _ in judged])
                right_types = span_types(out, spans, document).argmax(-1).cpu().numpy() == [t for _, t in judged]
                add("types", right_types.sum(), len(right_types), len(right_types))
    return {k: round(2 * a / max(1.0, b + c), 4) for k, (a, b, c) in sorted(counts.items())}
