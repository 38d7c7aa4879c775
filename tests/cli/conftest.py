import importlib.util
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from sourcing.cli import main

FAKE = Path(__file__).parent / "fake_stages.py"


@pytest.fixture
def fake_stages(monkeypatch):
    spec = importlib.util.spec_from_file_location("fake_stages", FAKE)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    def put(target, name, value):
        if isinstance(target, dict):
            monkeypatch.setitem(target, name, value)
        else:
            monkeypatch.setattr(target, name, value, raising=False)

    module.install(put)
    return module


@pytest.fixture
def run(fake_stages, tmp_path, monkeypatch):
    """Run the command line in this process, in an empty folder, with stand-ins for the heavy stages."""
    monkeypatch.chdir(tmp_path)

    def call(*args, stdin=None):
        return CliRunner().invoke(main, [str(arg) for arg in args], input=stdin, prog_name="sourcing")

    return call


@pytest.fixture
def start(tmp_path):
    """Start the command line as a process of its own; `real` without the stand-ins, `shell` its redirections."""
    processes = []

    def call(
        *args, real=False, shell="", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=None
    ):
        program = [
            sys.executable,
            "-W",
            "error",
            *(["-c", "from sourcing.cli import main; main()"] if real else [FAKE]),
        ]
        command = [*program, *map(str, args)]
        if shell:
            command = ["sh", "-c", f"exec {shlex.join(map(str, command))} {shell}"]
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=stdout,
            stderr=stderr,
            cwd=tmp_path,
            env={**os.environ, "PYTHONUTF8": "0", "LC_ALL": "C.UTF-8", **(env or {})},
        )
        processes.append(process)
        return process

    yield call
    for process in processes:
        if process.poll() is None:
            process.kill()
        process.communicate()
