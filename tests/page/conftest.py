"""A real server, and a real browser in front of it. Without chromium or the extra [serve] these tests are skipped."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from typing import NamedTuple

import pytest

pytest.importorskip("fastapi")
pytest.importorskip("playwright")

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
).split()
PATIENCE = 120  # seconds for a server to load the model, or for a report
WAIT = 30  # seconds for what a page should show: a busy machine is slow, not wrong
LONG = 50_000  # letters
TOKEN = "a-token-for-tests"
NEWS = Path(__file__).with_name("news.py")


class Server(NamedTuple):
    url: str
    token: str | None = None


@pytest.fixture(scope="session")
def corpora(tmp_path_factory):
    """Corpora: `town` with enough articles to compare outlets, `few` with too few and with texts, `bare` with no outlet at all."""
    from sourcing import Corpus

    folder = tmp_path_factory.mktemp("corpora")
    for name, number, keep_text in (("town", 44, False), ("few", 5, True)):
        articles = folder / f"{name}.jsonl"
        subprocess.run([sys.executable, NEWS, articles, str(number)], check=True)
        Corpus(folder / name, create=True).add([articles], workers=1, keep_text=keep_text)
    note = folder / "note.txt"
    note.write_text("“The ferry is late again,” said Ada Quill, a harbour pilot.", encoding="utf-8")
    Corpus(folder / "bare", create=True).add([note], workers=1)
    return folder


@contextlib.contextmanager
def _serving(corpora, state, token=None):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "sourcing", "serve", "--port", str(port), "--corpus", corpora, "--state", state]
    environment = {name: value for name, value in os.environ.items() if name != "SOURCING_TOKEN"}
    if token:
        environment["SOURCING_TOKEN"] = token
    log = (state / "log").open("w")
    process = subprocess.Popen([*command, "--workers", "1"], env=environment, stdout=log, stderr=log)
    url = f"http://127.0.0.1:{port}"
    try:
        _wait_for(f"{url}/readyz", process, state / "log")
        for name in [] if token else ("town", "few", "bare"):
            while "data-waiting" in _read(f"{url}/corpus/{name}"):
                time.sleep(0.2)
        yield Server(url, token)
    finally:
        process.terminate()
        process.wait(20)
        log.close()


def _wait_for(url, process, log):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(urllib.error.URLError, ConnectionError):
            _read(url)
            return
        time.sleep(0.2)
    pytest.fail(f"the server does not start:\n{log.read_text()}")


def _read(url):
    with urllib.request.urlopen(url, timeout=WAIT) as answer:
        return answer.read().decode()


@pytest.fixture(scope="session")
def server(corpora, tmp_path_factory):
    with _serving(corpora, tmp_path_factory.mktemp("state")) as served:
        yield served


@pytest.fixture(scope="session")
def guarded(corpora, tmp_path_factory):
    """A server that demands a token."""
    with _serving(corpora, tmp_path_factory.mktemp("state"), TOKEN) as served:
        yield served


@pytest.fixture(scope="session")
def browser():
    from playwright.sync_api import expect, sync_playwright

    if CHROMIUM is None:
        pytest.skip("no chromium")
    expect.set_options(timeout=1000 * WAIT)
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield opened
        opened.close()


@pytest.fixture
def open_page(browser, server):
    """Open a page; at the end of the test nothing may have been said on the console: no error, no violated policy.

    quiet=False: for tests of errors, since a browser reports every refusal there.
    """
    contexts, said = [], []

    def open_one(path="/", *, base=server.url, quiet=True, wide=1280, high=900, **options):
        context = browser.new_context(viewport={"width": wide, "height": high}, **options)
        contexts.append(context)
        page = context.new_page()
        if quiet:
            page.on("console", lambda message: said.append(f"{message.type}: {message.text}"))
            page.on("pageerror", lambda error: said.append(str(error)))
        page.goto(base + path)
        return page

    yield open_one
    for context in contexts:
        context.close()
    assert said == []


@pytest.fixture
def check(open_page):
    """Paste a draft and wait for its report."""

    def check_one(text, *, corpus="", page=None, **options):
        page = page or open_page(**options)
        if len(text) < LONG:
            page.fill("#text", text)
        else:  # chromium takes minutes to type thousands of lines
            page.evaluate("text => { document.getElementById('text').value = text; }", text)
        page.select_option("#corpus", corpus)
        page.focus("#text")
        page.keyboard.press("Control+Enter")
        # not before the answer: the report of the draft before would be there at once
        page.locator("#draft[aria-busy=false]").wait_for(timeout=1000 * PATIENCE)
        page.locator("#result .report").wait_for()
        return page

    return check_one


@pytest.fixture
def fresh(sample):
    """The sample with a sentence of its own, so that no other test's corrections are shown on it."""
    number = iter(range(1, 1000))
    name = os.environ.get("PYTEST_CURRENT_TEST", "").split("::")[-1].split(" ")[0]
    return lambda: f"{sample.rstrip()}\n\nThe tide table of {name}, number {next(number)}, is out.\n"
