"""How fast and how large: `make bench` prints one JSON object.

Over the PolNeAR dev articles where they are at hand (../shared), else over the project's own gold articles: articles and words a
second of the whole analysis, the bare model's forward pass over the same windows, and their ratio; the time from starting the
command to the first report; peak memory; and the time for articles of growing length.
"""

import gzip
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[2]
DEV = ROOT.parent / "shared" / "data" / "polnear" / "dev.jsonl.gz"
LENGTHS = (1_000, 10_000, 25_000, 50_000, 100_000)
ROUNDS = 3


def read_texts() -> tuple[str, list[str]]:
    """The name of the collection, and its texts."""
    if DEV.is_file():
        with gzip.open(DEV, "rt", encoding="utf-8") as lines:
            return "polnear-dev", [json.loads(line)["text"] for line in lines]
    sys.path.insert(0, str(ROOT / "tests" / "gold"))
    from read_gold import read_gold  # type: ignore[import-not-found]

    return "own-gold", [article["text"] for article in read_gold()] * 4


def analysis_seconds(texts: Sequence[str]) -> float:
    """Whole analysis, reports encoded as JSON."""
    from sourcing import analyze_all
    from sourcing.documents import article_from_text

    items = (article_from_text(text, id=str(n)) for n, text in enumerate(texts))
    began = time.perf_counter()
    for report in analyze_all(items):
        report.to_json()  # type: ignore[union-attr]
    return time.perf_counter() - began


def forward_seconds(texts: Sequence[str]) -> float:
    """The model's forward pass alone, over the windows that the analysis reads."""
    from sourcing.annotate.encode import encode, load_tokenizer
    from sourcing.annotate.marks import pair_marks
    from sourcing.annotate.model import BATCH, OVERLAP, WINDOW, load_model
    from sourcing.annotate.windows import plan_windows
    from sourcing.documents import article_from_text

    model, stacks = load_model(), []
    for text in texts:
        body = [(e.start, e.end) for e in article_from_text(text, id="x").body]
        encoded = encode(text, body, pair_marks(text, body), load_tokenizer())
        windows = plan_windows(len(encoded.ids), size=WINDOW, overlap=OVERLAP)
        for k in range(0, len(windows), BATCH):
            spots = [slice(w.start, w.end) for w in windows[k : k + BATCH]]
            names = ("ids", "shape", "quote", "brk")
            stacks.append({n: np.stack([v[s] for s in spots]) for n, v in zip(names, encoded[:4], strict=True)})
    began = time.perf_counter()
    for feed in stacks:
        model.forward(feed)
    return time.perf_counter() - began


def first_report_seconds(text: str) -> float:
    """From starting the command to its end, for one article."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "article.txt"
        path.write_text(text, encoding="utf-8")
        began = time.perf_counter()
        subprocess.run(
            [sys.executable, "-m", "sourcing", "analyze", "--format", "json", str(path)],
            check=True,
            capture_output=True,
        )
        return time.perf_counter() - began


def long_text(texts: Sequence[str], words: int) -> str:
    """An article of about so many words, made of the collection's paragraphs."""
    out: list[str] = []
    count = 0
    while count < words:
        for text in texts:
            out.append(text)
            count += len(text.split())
            if count >= words:
                break
    return "\n\n".join(out)


def main() -> None:
    """Measure everything and print it."""
    name, texts = read_texts()
    analysis_seconds(texts[:4])  # load and warm up
    pairs = [(analysis_seconds(texts), forward_seconds(texts)) for _ in range(ROUNDS)]
    whole, bare = min(a for a, _ in pairs), min(b for _, b in pairs)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    words = sum(len(t.split()) for t in texts)
    lengths = {n: round(analysis_seconds([long_text(texts, n)]), 2) for n in LENGTHS}
    result = {
        "collection": name,
        "articles": len(texts),
        "words": words,
        "articles_per_second": round(len(texts) / whole, 2),
        "words_per_second": round(words / whole),
        "forward_seconds": round(bare, 2),
        "analysis_seconds": round(whole, 2),
        "ratio": round(whole / bare, 3),
        "first_report_seconds": round(min(first_report_seconds(texts[0]) for _ in range(ROUNDS)), 2),
        "peak_memory_mb": round(peak),
        "seconds_by_words": lengths,
        "peak_memory_mb_long": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
