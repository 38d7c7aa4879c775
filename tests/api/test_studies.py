"""Questions to a whole corpus, which take long: they hold up nobody, and their answers wait for who asks again."""

import asyncio
import importlib
from concurrent.futures import ThreadPoolExecutor

import pytest

pytest.importorskip("fastapi")
from sourcing import Corpus
from sourcing.api.problems import Problem
from sourcing.api.service import Service
from sourcing.api.settings import Settings

NOTE = "“The ferry is late again,” said Ada Quill, a harbour pilot."


QUESTIONS = """
import time

from sourcing import Corpus


def take_none(path):
    return Corpus(path).info().articles


def take_long(path, count, go):
    articles = Corpus(path).info().articles
    with count.open("a") as file:
        file.write("x")
    while not go.exists():
        time.sleep(0.05)
    return articles
"""


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Questions of a module that worker processes can import: how many articles there are, answered at once, or when the file `go`
    is there (each time is counted in a file)."""
    (tmp_path / "slow_questions.py").write_text(QUESTIONS, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    return importlib.import_module("slow_questions")


@pytest.fixture
def corpus(tmp_path):
    made = Corpus(tmp_path / "corpora" / "notes", create=True)
    add(made, tmp_path, "one")
    return made


def add(corpus, folder, name):
    (folder / f"{name}.txt").write_text(f"{NOTE} It is {name}.", encoding="utf-8")
    corpus.add([folder / f"{name}.txt"], workers=1)


def served(tmp_path, steps):
    async def run():
        service = Service(Settings(folder=tmp_path / "corpora", state=tmp_path / "state"))
        await service.start()
        try:
            await steps(service)
        finally:
            await service.stop()

    with ThreadPoolExecutor(1) as thread:  # the tests' own may have a loop: a browser's
        thread.submit(lambda: asyncio.run(run())).result()


async def refused(answer):
    with pytest.raises(Problem) as problem:
        await answer
    assert (problem.value.status, problem.value.code) == (503, "not-yet")
    assert int(problem.value.headers["retry-after"]) > 0


def test_the_work_goes_on_and_is_done_once(tmp_path, corpus, asked):
    count, go = tmp_path / "count", tmp_path / "go"

    async def steps(service):
        long = ("notes", asked.take_long, count, go)
        await refused(service.study(*long, patience=0.5))
        assert await service.ask("notes", asked.take_none) == 1  # short questions have their own processes
        go.touch()
        answers = await asyncio.gather(*(service.study(*long, patience=60) for _ in range(3)))
        assert answers == [(1, True)] * 3
        assert await service.study(*long, patience=0) == (1, True)  # it is there
        assert count.read_text() == "x"

    served(tmp_path, steps)


def test_a_corpus_that_changes_meanwhile(tmp_path, corpus, asked):
    count, go = tmp_path / "count", tmp_path / "go"

    async def steps(service):
        long = ("notes", asked.take_long, count, go)
        await refused(service.study(*long, patience=0))
        while not count.exists():
            await asyncio.sleep(0.05)
        await asyncio.to_thread(add, corpus, tmp_path, "two")
        go.touch()
        assert await service.study(*long, patience=60) == (1, False)  # as it was when the work began
        go.unlink()
        assert count.read_text() == "x"  # which did not begin anew
        assert await service.study(*long, patience=0.5) == (1, False)  # until there is another
        go.touch()
        assert await service.study(*long, patience=60) == (2, True)
        assert count.read_text() == "xx"

    served(tmp_path, steps)


def test_a_study_that_fails_is_tried_anew(tmp_path, corpus, asked):
    async def steps(service):
        for _ in range(2):
            with pytest.raises(Problem) as problem:
                await service.study("notes", asked.take_long, tmp_path / "no" / "folder", tmp_path)
            assert problem.value.code == "internal"

    served(tmp_path, steps)
