"""How fast and how large a comparison is, and the picture in docs/compare.md; over invented outlets, from a seed.

python tests/bench/bench_compare.py                 one JSON object: seconds and peak memory
python tests/bench/bench_compare.py --picture FILE  the picture, as SVG
"""

import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

ARTICLES, OUTLETS, METRICS, MONTHS = 1_000_000, 50, 30, 24
NAMES = ("Harbour Courier", "Inland Post", "Metro Ledger", "Valley Record", "Coast Wire", "Summit Tribune")
SHARES = (
    "attribution.attributed_word_share",
    "attribution.direct_share",
    "attribution.speech_with_speaker_share",
    "sources.named_word_share",
    "sources.identified_named_share",
    "anonymity.anonymous_word_share",
    "anonymity.reason_stated_share",
    "concentration.second_hand_share",
)
COUNTS = ("attribution.density", "sources.speakers_per_1000_words", "concentration.effective_sources", "score")


def invent(articles: int, outlets: int, metrics: int, *, seed: int = 1) -> pa.Table:
    """A table to compare: stories of a few articles each that resemble each other, outlets that differ a little."""
    draw = np.random.default_rng(seed)
    stories = max(1, articles // 2)
    story = np.sort(draw.integers(0, stories, articles))
    # Most articles of a story are one outlet's own (a running story), some are syndicated.
    outlet = np.where(
        draw.random(articles) < 0.8, draw.integers(0, outlets, stories)[story], draw.integers(0, outlets, articles)
    )
    names = [*NAMES, *(f"Gazette {n:02d}" for n in range(outlets))][:outlets]
    months = [f"{2023 + n // 12}-{n % 12 + 1:02d}" for n in range(MONTHS)]
    columns = {
        "group": pa.DictionaryArray.from_arrays(pa.array(outlet), pa.array(names)).cast(pa.string()),
        "story": pa.array(story),
        "month": pa.DictionaryArray.from_arrays(
            pa.array(draw.integers(0, MONTHS, stories)[story]), pa.array(months)
        ).cast(pa.string()),
    }
    known = [*SHARES, *COUNTS]
    for number in range(metrics):
        name = known[number] if number < len(known) else f"attribution.more_{number}_share"
        lean = draw.normal(0, 0.25, outlets)
        level = (
            draw.normal(-0.9, 0.5) + lean[outlet] + draw.normal(0, 1, stories)[story] + draw.normal(0, 0.4, articles)
        )
        values = np.round(np.exp(2 + level / 2), 4)
        if name.endswith("_share"):
            values = np.round(1 / (1 + np.exp(-level)), 4)
        elif name == "score":
            values = np.round(np.clip(55 + 10 * level, 0, 100), 1)
        columns[name] = pa.array(values, mask=draw.random(articles) < 0.1 if number % 3 == 0 else None)
    return pa.table(columns)


def measure() -> dict[str, float]:
    """Seconds of each step over a million articles, and megabytes at the peak (the table itself among them)."""
    from sourcing.corpus.compare import compare
    from sourcing.report.comparison import draw_charts, render

    table = invent(ARTICLES, OUTLETS, METRICS)
    figures: dict[str, float] = {
        "articles": ARTICLES,
        "outlets": OUTLETS,
        "metrics": METRICS,
        "table_mb": round(table.nbytes / 2**20),
        "before_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    began = time.perf_counter()
    comparison = compare(table, by="outlet")
    figures["compare_s"] = round(time.perf_counter() - began, 2)
    figures["compare_peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    for form in ("text", "json", "csv", "html"):
        start = time.perf_counter()
        render(comparison, form, table=table)
        figures[f"{form}_s"] = round(time.perf_counter() - start, 2)
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        draw_charts(comparison, table, Path(folder))
        figures["charts_s"] = round(time.perf_counter() - start, 2)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def draw_picture(path: Path) -> None:
    """The means of six invented outlets."""
    from sourcing.corpus.compare import compare
    from sourcing.report.comparison import draw_charts

    table = invent(3000, len(NAMES), len(SHARES) + len(COUNTS))
    with tempfile.TemporaryDirectory() as folder:
        draw_charts(compare(table, by="outlet"), table, Path(folder), ("svg",))
        path.write_bytes((Path(folder) / "intervals.svg").read_bytes())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--picture"]:
        draw_picture(Path(sys.argv[2]))
    else:
        print(json.dumps(measure()))
