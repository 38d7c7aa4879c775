"""The corpus's benchmark, as JSON: `make bench-corpus`, or `python tests/bench/bench_corpus.py --articles 100000`.

add: reports without annotation a second, all cores, with the commits but without the grouping at the end. draft: a draft of
ten named speakers and eight quotes against the whole corpus, in a process of its own: seconds (the best and the worst of five,
the first of them cold) and peak memory. compare: all outlets, all figures. copies: 100,000 texts of 400 words, signatures and
groups. unattested, attested: the whole corpus. Each also at smaller sizes, to show how cost grows.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))


def timed(action):
    """Seconds that a call takes, and what it returns."""
    began = time.perf_counter()
    result = action()
    return round(time.perf_counter() - began, 3), result


def peak_mb():
    """Peak memory of this process in MB (getrusage would count what the parent had when it forked)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return round(int(next(line for line in lines if line.startswith("VmHWM")).split()[1]) / 1024, 1)


def in_process(step, folder, *more):
    """Run a step in a process of its own, so that its time is cold and its memory its own."""
    run = subprocess.run([sys.executable, __file__, "--step", step, "--folder", str(folder), *more],
                         capture_output=True, text=True, check=True)  # fmt: skip
    return json.loads(run.stdout)


def draft(folder):
    """A draft by ten of the corpus's people, five of them everywhere, and its annotation."""
    from corpora import World

    from sourcing.records import Annotation, Article, Extent, ModelCard, Quote, Speaker

    world = World(1)
    names = [f"{world.given[a]} {world.last[b]}" for a, b in world.people(10)]
    quotes, text = [], ""
    for k in range(8):
        said = f"“{world.text(15)}”"
        quotes.append(
            Quote(id=f"q{k + 1}", start=len(text), end=len(text) + len(said), text=said, role="speech", speaker="s1")
        )
        text += said + " "
    speakers = tuple(Speaker(id=f"s{k + 1}", name=n, class_="named", type="person") for k, n in enumerate(names))
    article = Article(id="draft", text=text, body=(Extent(0, len(text)),))
    card = ModelCard("bench", "1")
    return article, Annotation(
        language="en", sentences=(), quotes=tuple(quotes), attributions=(), speakers=speakers, model=card
    )


def step_draft(folder):
    """Five look-ups of the same draft, the first with cold imports and files."""
    from sourcing import Corpus

    article, annotation = draft(folder)
    times = []
    for _ in range(5):
        seconds, found = timed(lambda: Corpus(folder).find_elsewhere(article, annotation))
        times.append(seconds)
    statuses = sorted(s.status for s in found.speakers.values())
    return {"first_s": times[0], "best_s": min(times), "peak_mb": peak_mb(), "statuses": statuses}


def step_compare(folder):
    """All outlets, all figures."""
    from sourcing import Corpus

    seconds, found = timed(lambda: Corpus(folder).compare(by="outlet"))
    return {
        "seconds": seconds,
        "groups": len(found.groups),
        "differences": len(found.differences),
        "peak_mb": peak_mb(),
    }


def step_unattested(folder):
    """Everybody looked up."""
    from sourcing import Corpus

    seconds, found = timed(lambda: Corpus(folder).unattested())
    return {"seconds": seconds, "speakers": len(found), "peak_mb": peak_mb()}


def step_attested(folder):
    """Everybody of every article looked up, and the shares made of it."""
    from sourcing import Corpus

    seconds, found = timed(lambda: Corpus(folder).attested())
    rows = found.num_rows
    del found
    shares, _ = timed(lambda: Corpus(folder).shares())
    return {"seconds": seconds, "shares_s": shares, "speakers": rows, "peak_mb": peak_mb()}


def step_derive(folder):
    """Stories and baseline of the whole corpus."""
    from sourcing import Corpus

    seconds, _ = timed(lambda: Corpus(folder).derive())
    return {"seconds": seconds, "peak_mb": peak_mb()}


def step_compact(folder):
    """All tables sorted."""
    from sourcing import Corpus

    seconds, _ = timed(lambda: Corpus(folder).compact())
    return {"seconds": seconds, "peak_mb": peak_mb()}


def bench_add(folder, count):
    """Reports a second."""
    from corpora import write_reports

    import sourcing

    template = sourcing.analyze(
        "“The ferry is late again,” said Ada Quill, a harbour pilot.", with_text=False
    ).to_dict()
    lines = Path(folder) / "reports.jsonl"
    write_reports(lines, count, template)
    corpus = sourcing.Corpus(Path(folder) / "added", create=True)
    seconds, sums = timed(lambda: corpus.add([lines], derive=False))
    assert sums.added == count, sums
    again, sums = timed(lambda: corpus.add([lines], derive=False))
    assert sums.unchanged == count, sums
    return {"reports": count, "megabytes": round(lines.stat().st_size / 1e6, 1), "seconds": seconds,
            "per_second": round(count / seconds), "again_seconds": again}  # fmt: skip


def bench_copies(count):
    """Signatures of texts, then their groups; one text in ten is a copy with some words changed."""
    import numpy as np
    from corpora import World

    from sourcing.corpus.copies import group_copies, signature_of

    world = World(2)
    texts = [world.text(400) for _ in range(count)]
    for k in range(0, count, 10):
        words = texts[k + 1].split()
        words[k % 300] = "changed"
        texts[k] = " ".join(words)
    signing, signatures = timed(lambda: np.frombuffer(b"".join(map(signature_of, texts)), np.uint8).reshape(-1, 128))
    grouping, groups = timed(lambda: group_copies(signatures, np.arange(count, dtype=np.int64)))
    return {"texts": count, "signatures_s": signing, "groups_s": grouping, "groups": len(set(groups.tolist()))}


def bench(articles, reports, texts):
    """All parts at three sizes."""
    from corpora import fill

    from sourcing.corpus.store import Store

    out = {"add": [], "copies": [], "corpus": []}
    with tempfile.TemporaryDirectory(prefix="sourcing-bench-") as folder:
        for share in (4, 2, 1):
            place = Path(folder) / f"add{share}"
            place.mkdir()
            out["add"].append(bench_add(place, reports // share))
            print(json.dumps(out["add"][-1]), file=sys.stderr)
            shutil.rmtree(place)
            out["copies"].append(bench_copies(texts // share))
            print(json.dumps(out["copies"][-1]), file=sys.stderr)
            path = Path(folder) / f"corpus{share}"
            filling, _ = timed(lambda path=path, share=share: fill(Store(path, create=True), articles // share))
            row = {"articles": articles // share, "filling_s": filling}
            for step in ("derive", "compact", "derive", "draft", "compare", "unattested", "attested"):
                row[step] = in_process(step, path)
            out["corpus"].append(row)
            shutil.rmtree(path)
            print(json.dumps(row), file=sys.stderr)
    return out


def main():
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--reports", type=int, default=120_000)
    parser.add_argument("--texts", type=int, default=100_000)
    parser.add_argument("--step")
    parser.add_argument("--folder")
    options = parser.parse_args()
    if options.step:
        print(json.dumps(globals()[f"step_{options.step}"](options.folder)))
    else:
        print(json.dumps(bench(options.articles, options.reports, options.texts), indent=1))


if __name__ == "__main__":
    main()
