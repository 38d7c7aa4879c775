"""The reliability diagram of the model card: how sure the annotator was, and how often it was right."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

TITLES = {"attribution": "Is it an attribution?", "class": "Is the speaker's class right?"}


def draw_reliability(reliability: Mapping[str, Mapping[str, Any]], path: Path) -> None:
    """Write the diagram as SVG. reliability: calibrate.calibration_error's table for each key of TITLES."""
    import altair

    panels = []
    for what, title in TITLES.items():
        rows = altair.Data(values=reliability[what]["table"])
        line = altair.Chart(altair.Data(values=[{"p": 0}, {"p": 1}])).mark_line(strokeDash=[4, 4], color="#888")
        points = altair.Chart(rows).mark_circle(color="#1f5fa8", opacity=0.9)
        share = altair.Scale(domain=[0, 1])
        panels.append(
            altair.layer(
                line.encode(
                    altair.X("p:Q", title="mean confidence", scale=share),
                    altair.Y("p:Q", title="share right", scale=share),
                ),
                points.encode(
                    x="confidence:Q",
                    y="right:Q",
                    size=altair.Size("count:Q", title="cases", scale=altair.Scale(range=[30, 500])),
                ),
            ).properties(width=260, height=260, title=title)
        )
    chart = altair.hconcat(*panels).configure(background="white", font="sans-serif")
    chart.save(str(path))
