"""The command line as a process: streams, pipes, signals, terminals."""

import json
import os
import pty
import signal
import subprocess
import time

import pytest


@pytest.fixture
def feed(tmp_path):
    def write(*texts):
        path = tmp_path / "feed.jsonl"
        path.write_text("\n---\n".join(texts), encoding="utf-8")
        return path

    return write


def test_exit_codes_and_streams(start, feed):
    process = start("analyze", feed("one", "BAD"), "lost.txt", "--format", "jsonl")
    out, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert len(out.splitlines()) == 3
    assert [line.split(b": ")[0] for line in err.splitlines()] == [b"sourcing", b"sourcing"]
    process = start("analyze", feed("one"), "--fail-on", "warning", "-o", "out.txt")
    assert process.communicate(timeout=30) == (b"", b"")
    assert process.returncode == 1


def test_output_is_utf8_whatever_the_locale(start, feed):
    process = start(
        "analyze", feed("one"), env={"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    )
    out, err = process.communicate(timeout=30)
    assert (process.returncode, err) == (0, b"")
    assert "“Nobody told us anything.”" in out.decode()


@pytest.mark.parametrize("name", ["text", "jsonl", "json", "csv", "markdown"])
def test_a_broken_pipe_is_quiet(start, feed, name):
    process = start("analyze", feed(*["one"] * 3000), "--format", name)
    process.stdout.read(10)
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait(timeout=30) == 141


@pytest.mark.parametrize(
    "args", [["analyze", "feed.jsonl"], ["analyze", "feed.jsonl", "-o", "/dev/full"], ["rules"], ["schema", "report"]]
)
def test_a_full_disk_is_one_line_and_not_the_exit_code_of_findings(start, feed, args):
    feed("one")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 (a device)
        process = start(*args, stdout=full)
        _, err = process.communicate(timeout=30)
    assert process.returncode == 2
    assert err.count(b"\n") == 1
    assert b"No space left on device" in err


@pytest.mark.parametrize(
    ("closing", "code", "out", "err"),
    [
        (">&-", 2, b"", b"sourcing: there is no standard output to write to\n"),
        (">&- -o out.txt", 0, b"", b""),
        ("2>&- nowhere.txt", 2, b"Harbour", b""),
    ],
)
def test_closed_streams(start, feed, closing, code, out, err):
    feed("one")
    process = start("analyze", "feed.jsonl", shell=closing)
    shown, said = process.communicate(timeout=30)
    assert (process.returncode, shown[:7], said) == (code, out, err)


@pytest.mark.parametrize("name", ["json", "jsonl", "html"])
def test_ctrl_c_keeps_what_is_done(start, feed, name, tmp_path):
    process = start("analyze", feed("one", "two", "SLOW"), "--format", name, "--output", "out")
    time.sleep(2)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert err == b"sourcing: interrupted; 2 done\n"
    text = (tmp_path / "out").read_text(encoding="utf-8")
    if name == "json":
        assert len(json.loads(text)) == 2
    elif name == "jsonl":
        assert len([json.loads(line) for line in text.splitlines()]) == 2
    else:
        assert text.rstrip().endswith("</html>")


def test_lines_come_as_they_are_done(start, feed):
    process = start("analyze", feed("one", "SLOW"), "--format", "jsonl")
    begin = time.monotonic()
    assert json.loads(process.stdout.readline())["article"]["id"] == "feed1"
    assert time.monotonic() - begin < 10
    process.kill()


def watched(start, *args, **streams):
    """Run with standard error on a terminal; return what the terminal saw, standard output and the exit code."""
    mine, theirs = pty.openpty()
    process = start(*args, stderr=theirs, env={"TERM": "xterm", "COLUMNS": "80"}, **streams)
    os.close(theirs)
    seen = b""
    while True:
        try:
            piece = os.read(mine, 4096)
        except OSError:
            break
        if not piece:
            break
        seen += piece
    out = process.stdout.read() if process.stdout else b""
    os.close(mine)
    return seen, out, process.wait(timeout=30)


def test_a_bar_for_several_inputs_on_a_terminal(start, tmp_path):
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text("HALF", encoding="utf-8")
    seen, out, code = watched(start, "analyze", "a.txt", "lost.txt", "b.txt", "c.txt", "--format", "jsonl", "-o", "out")
    assert code == 2
    assert b"analyzing" in seen
    assert b"/4" in seen
    assert b"sourcing: lost.txt: there is no such file" in seen
    assert out == b""


def test_no_bar_for_one_quick_input_and_none_in_a_pipe(start, feed):
    seen, out, code = watched(start, "analyze", feed("HALF"))
    assert (seen, code) == (b"", 0)
    assert out.startswith(b"Harbour")


def test_a_terminal_gets_color_unless_it_says_no(start, feed):
    for environment, colored in ({}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False):
        mine, theirs = pty.openpty()
        env = {"TERM": "xterm", "NO_COLOR": "", "COLUMNS": "80", **environment}
        process = start("analyze", feed("one"), stdout=theirs, env=env)
        os.close(theirs)
        seen = b""
        try:
            while piece := os.read(mine, 4096):
                seen += piece
        except OSError:
            pass
        os.close(mine)
        assert process.wait(timeout=30) == 0
        assert (b"\x1b[" in seen) == colored


def test_help_is_light_and_quick(start):
    script = "\n".join(
        [
            "import sys",
            "from sourcing.cli import main",
            "try: main(['--help'], prog_name='sourcing')",
            "except SystemExit: pass",
            "heavy = {'spacy', 'onnxruntime', 'numpy', 'tokenizers', 'trafilatura', 'jinja2', 'lxml', 'torch'}",
            "sys.exit(sorted(heavy & set(sys.modules)) and repr(heavy & set(sys.modules)) or 0)",
        ]
    )
    import sys

    begin = time.monotonic()
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "analyze" in done.stdout
    assert time.monotonic() - begin < 3  # 0.2 s on an idle core; a bound for a busy one


def test_version(start):
    process = start("--version", real=True)
    out, err = process.communicate(timeout=30)
    assert out.startswith(b"sourcing ")
    assert err == b""
