"""The built wheel works by itself: model, schemas, templates and profiles are inside."""

import subprocess
import sys
import zipfile

import pytest


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, root):
    out = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(out), str(root)],
        check=True,
        capture_output=True,
        cwd=out,
    )
    return next(out.glob("*.whl"))


def test_what_is_inside(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    for name in (
        "sourcing/annotate/model/model.onnx",
        "sourcing/annotate/model/tokenizer.json",
        "sourcing/schemas/report.json",
        "sourcing/schemas/article.json",
        "sourcing/measure/reference.json",
        "sourcing/measure/profiles/default.toml",
        "sourcing/api/page/static/page.css",
        "sourcing/api/page/templates/draft.html.j2",
        "sourcing/schemas/problem.json",
        "sourcing/py.typed",
    ):
        assert name in names
    assert not any(n.startswith(("tests/", "docs/")) for n in names)


def test_it_runs_from_the_wheel(wheel, tmp_path):
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    (tmp_path / "a.txt").write_text("“It is done,” said Ada Quill.", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path / 'site')!r}); import sourcing, pathlib;"
        "assert 'site' in sourcing.__file__; from sourcing.cli import main;"
        f"main(['analyze', '-f', 'json', {str(tmp_path / 'a.txt')!r}])"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=tmp_path, check=False)
    assert run.returncode == 0, run.stderr
    assert '"Ada Quill"' in run.stdout
