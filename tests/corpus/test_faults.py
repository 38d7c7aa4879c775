"""What may go wrong around a corpus: kills, two writers, a full disk, damaged inputs, other people's folders."""

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time

import pytest

import sourcing
from sourcing.errors import UsageError

KILLS = 20
ADD = """
import sys
from sourcing import Corpus

from sourcing.corpus import ingest

batch = int(sys.argv[1])
ingest.PART = batch * 10_000  # small ones, so that there are many moments to be killed at


def main():
    Corpus(sys.argv[3], create=True).add(
        sys.argv[4:], workers=1, batch=batch, derive=sys.argv[2] == "True", progress=lambda s: print(s.added, flush=True))

if __name__ == "__main__":
    main()
"""


def start(corpus, *paths, batch=400, derive=False, **options):
    return subprocess.Popen(
        [sys.executable, "-c", ADD, str(batch), str(derive), str(corpus), *map(str, paths)],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options,
    )  # fmt: skip


def test_kill_9_at_random_moments(tmp_path, many):
    """Nothing acknowledged is lost, nothing doubled, and the next run goes on."""
    path, total, grown = tmp_path / "killed", 0, 0
    moments = random.Random(4)
    for _ in range(KILLS):
        before = total
        child = start(path, many, batch=20)
        acknowledged = [next((line for line in child.stdout if line.strip() != "0"), "0")]  # it has begun to commit
        time.sleep(moments.uniform(0.0, 0.25))
        os.kill(child.pid, signal.SIGKILL)
        acknowledged += child.stdout.read().split()
        child.wait()
        child.stdout.close()
        child.stderr.close()
        total += int([line for line in ["0", *acknowledged] if line.strip()][-1])
        corpus = sourcing.Corpus(path)
        articles = corpus.info().articles
        assert articles >= total
        grown += articles > before
        assert not [p for p in corpus.verify() if p.harm and p.table != "stories"]  # these come at the end of a run
        total = articles
    assert grown >= KILLS // 2, "the kills came when nothing was being committed"
    corpus = sourcing.Corpus(path)
    sums = corpus.add([many], workers=1)
    assert sums.added + total == corpus.info().articles == 3000
    assert sums.unchanged == total
    lines = many.read_text(encoding="utf-8").splitlines()
    expected = sum(len(json.loads(line)["people"]) for line in lines)
    assert corpus.speakers().num_rows == expected
    corpus.compact()
    assert corpus.verify() == []


def test_two_processes_add_at_once(tmp_path, many):
    """Both add the same file and one of its own; each article is there once."""
    lines = many.read_text(encoding="utf-8").splitlines()[:600]
    own = []
    for name in ("left", "right"):
        path = tmp_path / f"{name}.jsonl"
        path.write_text(
            "".join(line.replace('"id": "r', f'"id": "{name}', 1) + "\n" for line in lines), encoding="utf-8"
        )
        own.append(path)
    children = [start(tmp_path / "both", many, path, derive=True) for path in own]
    for child in children:
        _, errors = child.communicate(timeout=300)
        assert child.returncode == 0, errors
    corpus = sourcing.Corpus(tmp_path / "both")
    assert corpus.info().articles == 3000 + 1200
    assert not [problem for problem in corpus.verify() if problem.harm]


def test_a_full_disk_is_one_clear_error(tmp_path, many):
    """A limit on the size of files stands in for a full disk: both end a write half-way."""

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    corpus = sourcing.Corpus(tmp_path / "full", create=True)
    child = start(corpus.path, many, preexec_fn=limit)
    _, errors = child.communicate(timeout=120)
    assert child.returncode != 0
    assert "cannot be written" in errors
    assert corpus.info().articles == 0
    assert not [problem for problem in corpus.verify() if problem.harm]
    assert corpus.add([many], workers=1).added == 3000


def test_a_newer_version_is_refused(tmp_path):
    sourcing.Corpus(tmp_path / "new", create=True)
    marker = tmp_path / "new" / "corpus.json"
    marker.write_text(json.dumps({"format": "sourcing-corpus", "version": 99}))
    with pytest.raises(UsageError, match="newer version"):
        sourcing.Corpus(tmp_path / "new", create=True)


@pytest.mark.parametrize(
    "content", ["", "[]", '{"format": "other", "version": 1}', '{"format": "sourcing-corpus"}', "\x00"]
)
def test_a_broken_marker(tmp_path, content):
    (tmp_path / "corpus.json").write_text(content)
    with pytest.raises(UsageError, match="no corpus"):
        sourcing.Corpus(tmp_path)


def test_paths_that_are_no_corpus(tmp_path):
    with pytest.raises(UsageError, match="no corpus"):
        sourcing.Corpus(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError):
        sourcing.Corpus(tmp_path / "file")
    with pytest.raises(UsageError):
        sourcing.Corpus(tmp_path / "file", create=True)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "thesis.doc").write_text("x")
    with pytest.raises(UsageError, match="not empty"):
        sourcing.Corpus(tmp_path / "full", create=True)


def test_a_damaged_table_is_named(corpus):
    part = next((corpus.path / "speakers").glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:50])
    problems = corpus.verify()
    assert [p.harm for p in problems] == [True]
    assert part.name in problems[0].message


def test_1000_malformed_lines_among_10000(tmp_path, reports):
    """All good ones are added, the bad ones listed with their line numbers."""
    line = json.dumps({**reports[2], "attributions": [], "quotes": []})
    assert '"id": "ledger-1"' in line
    lines = [line.replace("ledger-1", f"good-{n}", 1) for n in range(10_000)]
    bad = random.Random(5).sample(range(11_000), 1000)
    wrong = ("{", '{"article": 1}', "null", '"x"', '{"error": {"message": "was no text"}}')
    rest = iter(lines)
    chosen = set(bad)
    mixed = [wrong[n % len(wrong)] if n in chosen else next(rest) for n in range(11_000)]
    if 0 in chosen:
        mixed[0], mixed[1] = mixed[1], mixed[0]
    (tmp_path / "mixed.jsonl").write_text("\n".join(mixed) + "\n", encoding="utf-8")
    corpus = sourcing.Corpus(tmp_path / "mixed", create=True)
    sums = corpus.add([tmp_path / "mixed.jsonl"], workers=1)
    assert (sums.added, len(sums.failures)) == (10_000, 1000)
    expected = sorted(n + 1 for n, line in enumerate(mixed) if line in wrong)
    assert sorted(f.line for f in sums.failures) == expected


def test_truncated_inputs(tmp_path, articles):
    """What can be read of a damaged file is added; the damage is one failure."""
    import gzip

    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pylist(articles)
    pq.write_table(table, tmp_path / "whole.parquet")
    (tmp_path / "cut.parquet").write_bytes((tmp_path / "whole.parquet").read_bytes()[:-20])
    packed = gzip.compress("".join(json.dumps(a) + "\n" for a in articles).encode())
    (tmp_path / "cut.jsonl.gz").write_bytes(packed[:-30])
    corpus = sourcing.Corpus(tmp_path / "c", create=True)
    sums = corpus.add([tmp_path / "cut.parquet", tmp_path / "whole.parquet", tmp_path / "cut.jsonl.gz"], workers=1)
    assert sums.added == 4
    assert len(sums.failures) == 2
    assert "cut.parquet" in sums.failures[0].message


def test_hostile_reports(tmp_path, reports, write_lines):
    """Ids and names that are no plain words go in and come out as they are; ids that no address can have are refused."""
    strange = ["../../etc/passwd", "=HYPERLINK(1)", "a'b\"c", "x" * 1000, "‮evil", "<script>"]
    refused = ["a\nb", "x" * 1001]
    made = []
    for name in strange + refused:
        speakers = [{**s, "name": name if s["class"] != "anonymous" else None} for s in reports[0]["speakers"]]
        made.append(
            {**reports[0], "article": {**reports[0]["article"], "id": name, "outlet": name}, "speakers": speakers}
        )
    corpus = sourcing.Corpus(tmp_path / "strange", create=True)
    sums = corpus.add([write_lines("s.jsonl", made)])
    assert (sums.added, [failure.code for failure in sums.failures]) == (len(strange), ["invalid-report"] * 2)
    assert set(corpus.articles()["id"].to_pylist()) == set(strange)
    for name in strange:
        corpus.speaker(name)
        assert corpus.report(name).article.id == name
    corpus.unattested()
    assert sorted(corpus.remove(strange)) == sorted(strange)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s.jsonl", "strange"]
