"""The clients of docs/api.md, word for word but for the server's address."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
ADDRESS = "http://127.0.0.1:8000"


def client_in(language, url):
    code = re.search(
        rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8").partition("## Clients")[2], re.DOTALL
    )[1]
    assert len(code.splitlines()) <= 24
    assert ADDRESS in code
    return code.replace(ADDRESS, url)


@pytest.fixture
def drafts(tmp_path, articles, word_file):
    """A folder with drafts and articles to work in."""
    folder = tmp_path / "desk"
    (folder / "articles").mkdir(parents=True)
    for number, article in enumerate(articles):
        (folder / "articles" / f"{number}.json").write_text(json.dumps(article, indent=1), encoding="utf-8")
    (folder / "draft.txt").write_text(articles[0]["text"], encoding="utf-8")
    (folder / "draft.docx").write_bytes(word_file(articles[0]["text"]))
    return folder


@pytest.fixture
def run(drafts):
    for tool in ("bash", "curl", "jq", "sha256sum"):
        if shutil.which(tool) is None:
            pytest.skip(f"{tool} is not there")

    def run(code):
        return subprocess.run(["bash", "-c", code], cwd=drafts, capture_output=True, text=True, timeout=120)

    return run


def test_shell(run, drafts, make_server):
    server = make_server()
    code = client_in("bash", server.url)
    for _ in range(2):  # the second time nothing is new, and the key the same
        done = run(code)
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
        assert "named\tAda Quill\t" in done.stdout
        assert done.stdout.splitlines()[-2:] == ["Ada Quill", "Greta Stone"]
    assert len((drafts / "reports.jsonl").read_text().splitlines()) == 2
    (job,) = server.client.get("/v1/jobs").json()["items"]
    assert job["progress"]["added"] == 2

    refused = run(code.replace("/v1/corpora/news/", "/v1/corpora/-/"))
    assert refused.returncode != 0
    assert "A corpus's name has" in refused.stderr
    assert "Greta Stone" not in refused.stdout

    lost = run(code.replace("/v1/jobs/$job", "/v1/jobs/none"))
    assert lost.returncode != 0
    assert "There is no such job" in lost.stderr

    server.end()
    gone = run(code)
    assert gone.returncode != 0
    assert "curl" in gone.stderr


def test_python(drafts, make_server, monkeypatch, capsys):
    monkeypatch.chdir(drafts)
    exec(client_in("python", make_server().url), {})
    said = capsys.readouterr().out.splitlines()
    assert "'Ada Quill'" in said[0]
    assert said[1].startswith("done {'added': 1,")
    assert said[2].startswith("Ada Quill ")
