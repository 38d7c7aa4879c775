"""Small articles by invented people in invented outlets, analyzed once, and reports that vary them."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "bench"))

STORY = (
    "The Tidewell barrage will stay shut until spring after a crack was found in its main gate, the port authority said.\n\n"
    "“The gate will not move again before we know what broke it,” said Olga Marsh, the harbour engineer. "
    "“Anybody who promises more is guessing.”\n\n"
    "Peter Lund, who runs the ferry, said the closure would cost him a third of his year. "
    "“We have crossed here for forty winters without a day lost,” Lund said.\n\n"
    "The council will meet on Thursday. It has set aside four million crowns for the repair, and the mayor, Ruth Ellery, "
    "asked for patience."
)
ARTICLES = [
    {"id": "echo-1", "outlet": "The Tidewell Echo", "published": "2026-03-02", "text": STORY},
    # a copy: printed elsewhere with another first line
    {"id": "post-1", "outlet": "The Fenmouth Post", "published": "2026-03-03", "text": STORY.replace("until spring", "until May")},
    # the same event in other words, with a speaker of its own and Lund's words changed
    {
        "id": "ledger-1",
        "outlet": "The Northern Ledger",
        "published": "2026-03-04",
        "text": "Ferries at Tidewell are tied up. Engineers led by Olga Marsh have closed the barrage, and nobody knows for how "
        "long.\n\n“We have crossed here for fifty winters without a single day lost,” said the ferry's owner, Peter Lund.\n\n"
        "“I watched the gate buckle from my kitchen,” said Gerda Holm, a retired teacher.",
    },
    # Lund's words, credited to somebody else
    {
        "id": "star-1",
        "outlet": "The Evening Star",
        "published": "2026-04-01",
        "url": "https://www.star.example/a/1",
        "text": "The barrage at Tidewell has failed again.\n\n“We have crossed here for forty winters without a day lost,” said "
        "Victor Amory, a resident.\n\nA spokesman for the port authority declined to comment.",
    },
]  # fmt: skip


@pytest.fixture(scope="session")
def articles():
    return ARTICLES


@pytest.fixture(scope="session")
def reports():
    """The reports of ARTICLES, as dicts."""
    import sourcing

    return [sourcing.analyze(article, with_text=True).to_dict() for article in ARTICLES]


@pytest.fixture
def write_lines(tmp_path):
    """Write objects as JSON Lines; returns the path."""

    def write(name, objects):
        path = tmp_path / name
        path.write_text("".join(json.dumps(o) + "\n" for o in objects), encoding="utf-8")
        return path

    return write


@pytest.fixture
def corpus(tmp_path, reports, write_lines):
    """A corpus of the reports of ARTICLES."""
    import sourcing

    made = sourcing.Corpus(tmp_path / "corpus", create=True)
    assert made.add([write_lines("reports.jsonl", reports)]).added == len(reports)
    return made


@pytest.fixture(scope="session")
def many(tmp_path_factory, reports):
    """A file of 3,000 reports."""
    from corpora import write_reports

    path = tmp_path_factory.mktemp("many") / "many.jsonl"
    write_reports(path, 3000, reports[0])
    return path
