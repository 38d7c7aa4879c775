"""The benchmark's synthetic corpora are sound, and its steps run on a small one."""

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    from corpora import fill

    from sourcing.corpus.store import Store

    path = tmp_path_factory.mktemp("bench") / "corpus"
    fill(Store(path, create=True), 300)
    return path


def test_steps(folder):
    import bench_corpus

    import sourcing

    for step in ("derive", "compact", "draft", "compare", "unattested", "attested"):
        figures = getattr(bench_corpus, f"step_{step}")(folder)
        assert figures.get("seconds", figures.get("first_s")) > 0
    assert sourcing.Corpus(folder).verify() == []
    assert sourcing.Corpus(folder).info().articles == 300


def test_copies():
    import bench_corpus

    assert bench_corpus.bench_copies(200)["groups"] == 180
