"""docs/metrics.md names every field, component and profile key there is."""

import re
from pathlib import Path

import pytest

from sourcing.measure import COMPONENT_NAMES, load_profile
from sourcing.records import Metrics, metrics

DOCS = (Path(__file__).parents[2] / "docs" / "metrics.md").read_text(encoding="utf-8")
GROUPS = {
    "attribution": metrics.AttributionMetrics,
    "sources": metrics.SourceMetrics,
    "anonymity": metrics.AnonymityMetrics,
    "concentration": metrics.ConcentrationMetrics,
    "corroboration": metrics.CorroborationMetrics,
    "readability": metrics.ReadabilityMetrics,
}


def test_the_groups_are_all_here():
    assert tuple(GROUPS) == Metrics.__struct_fields__


@pytest.mark.parametrize("group", GROUPS)
def test_every_field_has_its_row(group):
    section = DOCS.partition(f"## `{group}`")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (`[^|]+`) \|", section, re.MULTILINE)
    documented = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    fields = {field for field in GROUPS[group].__struct_fields__ if not field.endswith(("_low", "_high"))}
    assert documented == fields


def test_every_component_has_its_row_with_the_default_weight():
    rows = re.findall(r"^\| `(\w+)` \| ([\d.]+) \|", DOCS.partition("## The score")[2], re.MULTILINE)
    assert [name for name, _ in rows] == list(COMPONENT_NAMES)
    assert {name: float(weight) for name, weight in rows} == load_profile().weights
