"""What the routes share: the settings, the workers, and the corpora behind names."""

import asyncio
import math
import os
import re
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Generic, NamedTuple, TypeVar

import anyio
import msgspec

from sourcing.api import work
from sourcing.api.figures import Figures
from sourcing.api.logs import log
from sourcing.api.pool import Failed, Pool, TookTooLong, WorkerDied
from sourcing.api.problems import Problem
from sourcing.api.settings import Settings
from sourcing.api.work import Upload
from sourcing.corpus.layout import MARKER
from sourcing.corpus.store import LOCK, PART

Answer = TypeVar("Answer")
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
ASKERS = 2  # processes for short questions to corpora
LONGEST_STUDY = 3600.0  # seconds of a question to a whole corpus
AGAIN = 5  # seconds after which to ask again for what is not there yet
ASKED_BY_A_PAGE = 6  # questions at once
KEPT_ANSWERS = 256
KEPT_STUDIES = 32
MOST_STUDIES = 16  # at once; those who wait for them are not counted
LARGEST_KEPT = 1 << 18  # bytes of an answer that is kept
MOST_READ = 32  # bodies of articles beyond those that may wait, which are read at once
USUAL = 0.5  # seconds of an analysis, before any was measured

STATUS = {
    "invalid-json": 400,
    "encoding": 400,
    "bad-option": 400,
    "too-large": 413,
    "too-long": 413,
    "binary": 415,
    "internal": 500,
}
"""The status of an analysis that failed, by the code of its error record; 422 for the others."""


class Studied(NamedTuple, Generic[Answer]):
    """The answer to a question to a whole corpus. current: of the corpus as it is, and not as it was before a change."""

    answer: Answer
    current: bool


class _Study(NamedTuple):
    """revision: of the corpus when it began."""

    revision: str
    answer: "asyncio.Future[Any]"


class Service:
    """The server's parts. Routes find it as `request.app.state.service`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.figures = Figures()
        self.at_work = 0  # analyses that run or wait
        self._reading = 0  # bodies that are being read for one
        self._asked = 0  # questions that wait for their answers
        self.ready = False
        self._left = asyncio.Event()  # an analysis has ended
        self._seconds = USUAL  # of an analysis, a moving mean
        self._answers: OrderedDict[tuple[Any, ...], asyncio.Future[Any]] = OrderedDict()
        self._studies: dict[tuple[Any, ...], _Study] = {}  # those that are not done
        self._studied: OrderedDict[tuple[Any, ...], Studied[Any]] = OrderedDict()  # the last answer to each

    async def start(self) -> None:
        """Start the processes; `ready` is set once all have loaded the model."""
        threads = max(1, (os.cpu_count() or 1) // self.settings.workers)
        self._analysts = Pool(self.settings.workers, work.start, threads)
        self._askers = Pool(ASKERS, work.rest)
        self._students = Pool(1, work.rest)
        self.figures.watch("sourcing_worker_restarts", "Processes replaced.", self._restarts, "pool")
        self._warming = asyncio.create_task(self._warm_up())

    async def stop(self) -> None:
        """End the processes."""
        self.ready = False
        self._warming.cancel()
        for pool in (self._analysts, self._askers, self._students):
            await anyio.to_thread.run_sync(pool.close)

    async def analyze(
        self, upload: Upload, *, corpus: str | None = None, options: work.Options | None = None, patient: bool = False
    ) -> bytes:
        """The report of an article, JSON with its text, made in a worker process.

        options: its corpus is set here. patient: wait for a place instead of being refused one. Raises Problem: 4xx for what
        was sent, 429 when too many wait, 503 when it takes too long, 500 when workers die of it.
        """
        while self.at_work >= self.settings.workers + self.settings.max_waiting:
            if not patient:
                self.figures.analyses.labels("busy").inc()
                raise Problem(429, "busy", "Too many analyses wait already.", headers=self.later())
            self._left.clear()
            await self._left.wait()
        self._count(1)
        began = time.perf_counter()
        try:
            return await self._analyze(upload, corpus, options or work.Options())
        finally:
            self._count(-1)
            self.figures.analysis_seconds.observe(time.perf_counter() - began)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[None]:
        """While the body of an analysis is read: refused at once when there is no place for it, before it takes memory."""
        most = self.settings.workers + self.settings.max_waiting
        if self.at_work >= most or self._reading >= most + MOST_READ:
            self.figures.analyses.labels("busy").inc()
            raise Problem(429, "busy", "Too many analyses wait already.", headers=self.later())
        self._reading += 1
        try:
            yield
        finally:
            self._reading -= 1

    async def _analyze(self, upload: Upload, corpus: str | None, options: work.Options) -> bytes:
        if corpus is not None:
            options = msgspec.structs.replace(options, corpus=str(self.path_of(corpus)))
        began = time.perf_counter()
        task = self._analysts.submit(
            work.analyze_upload, upload, options, self.settings.max_words, timeout=self.settings.max_seconds
        )
        try:
            done: bytes | work.Refusal = await self._wait(task)
        except Problem as problem:
            self.figures.analyses.labels(problem.code).inc()
            raise
        if isinstance(done, bytes):
            waited = self._analysts.workers / max(1, self.at_work)
            self._seconds += 0.1 * ((time.perf_counter() - began) * min(1.0, waited) - self._seconds)
            self.figures.analyses.labels("done").inc()
            return done
        self.figures.analyses.labels("refused").inc()
        raise Problem(STATUS.get(done.code, 422), done.code, done.message, pointer=done.pointer)

    async def ask(self, corpus: str, question: Callable[..., Answer], *args: Any) -> Answer:
        """Ask a corpus: run question(path, *args), a function of a module, in a worker process. The answer is kept until the corpus
        changes. Raises Problem: 404 for a corpus that is not there, 422 for a question that makes no sense."""
        key = (self.path_of(corpus), await self.revision(corpus), question, args)
        self._refuse_crowds()
        answer = self._answer(key, corpus, self._askers, self.settings.max_seconds)
        self._asked += 1
        try:
            found: Answer = await asyncio.shield(answer)  # others may wait for it too
        finally:
            self._asked -= 1
        if isinstance(found, bytes) and len(found) > LARGEST_KEPT:
            self._answers.pop(key, None)
        return found

    async def study(
        self, corpus: str, question: Callable[..., Answer], *args: Any, patience: float | None = None, kept: bool = True
    ) -> Studied[Answer]:
        """The same of a question that looks at a whole corpus, which of a large one takes minutes: one after another, in a process
        of their own. Whoever has waited `patience` seconds, by default max_seconds, is given the answer of the corpus as it was
        before, or, without one, is refused with a Problem 503, "not-yet"; the work goes on meanwhile. kept: whether the answer
        is, as others are; not that of a question that leaves a file."""
        revision, path = await self.revision(corpus), self.path_of(corpus)
        asked = (path, _made(path), question, args)
        study = self._studies.get(asked)
        if study is None:
            if len(self._studies) >= MOST_STUDIES:
                raise Problem(429, "busy", "Too many questions wait already.", headers={"retry-after": str(AGAIN)})
            key = (path, revision, question, args)
            study = self._studies[asked] = _Study(revision, self._answer(key, corpus, self._students, LONGEST_STUDY))
            study.answer.add_done_callback(lambda _: self._end_study(asked, key, kept))
        seconds = self.settings.max_seconds if patience is None else patience
        try:
            async with asyncio.timeout(seconds):
                return Studied(await asyncio.shield(study.answer), study.revision == revision)
        except TimeoutError:
            before = self._studied.get(asked)
            if before is None:
                raise not_yet() from None
            return before

    def know(self, corpus: str, question: Callable[..., Answer], *args: Any, answer: Answer) -> None:
        """Take an answer for one of before, for `study` to fall back on, as a file of an earlier run of the server."""
        path = self.path_of(corpus)
        self._remember((path, _made(path), question, args), Studied(answer, current=False))

    def _end_study(self, asked: tuple[Any, ...], key: tuple[Any, ...], kept: bool) -> None:
        study = self._studies.pop(asked)
        if not kept:
            self._answers.pop(key, None)
        if not study.answer.cancelled() and study.answer.exception() is None:
            self._remember(asked, Studied(study.answer.result(), current=False))

    def _remember(self, asked: tuple[Any, ...], studied: Studied[Any]) -> None:
        self._studied[asked] = studied
        self._studied.move_to_end(asked)
        while len(self._studied) > KEPT_STUDIES:
            self._studied.popitem(last=False)

    def _answer(self, key: tuple[Any, ...], corpus: str, pool: Pool, seconds: float) -> "asyncio.Future[Any]":
        """The answer to a question that was or is being asked, or that is asked now."""
        path, _, question, args = key
        answer = self._answers.get(key)
        if answer is None or (answer.done() and (answer.cancelled() or answer.exception() is not None)):
            answer = asyncio.ensure_future(self._ask(corpus, path, question, args, pool, seconds))
            answer.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be there to see it
            self._answers[key] = answer
        self._answers.move_to_end(key)
        while len(self._answers) > KEPT_ANSWERS:
            self._answers.popitem(last=False)
        return answer

    async def _ask(
        self, corpus: str, path: Path, question: Callable[..., Any], args: tuple[Any, ...], pool: Pool, seconds: float
    ) -> Any:
        task = pool.submit(work.ask_corpus, question, str(path), args, timeout=seconds)
        outcome, found = await self._wait(task, seconds)
        if outcome == "answered":
            return found
        said = str(found).replace(str(path), corpus)
        status, code = (500, "corpus-unreadable") if outcome == "unreadable" else (422, "bad-question")
        raise Problem(status, code, said)

    async def work(self, function: Callable[..., Answer], *args: Any) -> Answer:
        """Run function(*args), a function of a module, in a worker process. Raises Problem: 429 when too many wait, 503 when it
        takes too long."""
        self._refuse_crowds()
        self._asked += 1
        try:
            found: Answer = await self._wait(self._askers.submit(function, *args, timeout=self.settings.max_seconds))
        finally:
            self._asked -= 1
        return found

    def _refuse_crowds(self) -> None:
        if self._asked >= ASKERS + self.settings.max_waiting + ASKED_BY_A_PAGE:
            raise Problem(429, "busy", "Too many questions wait already.", headers={"retry-after": "2"})

    async def revision(self, corpus: str) -> str:
        """A word that changes whenever the corpus does."""
        from sourcing.corpus import Corpus
        from sourcing.errors import UsageError

        path = self.path_of(corpus)
        try:
            return await anyio.to_thread.run_sync(lambda: Corpus(path).revision())
        except (UsageError, OSError) as error:
            raise Problem(500, "corpus-unreadable", str(error).replace(str(path), corpus)) from None

    def later(self) -> dict[str, str]:
        """When to come again, as the header of a refusal: when those who wait now should be done."""
        return {"retry-after": str(max(1, math.ceil(self._seconds * self.at_work / self.settings.workers)))}

    def corpora(self) -> list[str]:
        """The names of the corpora, sorted."""
        folder = self.settings.folder
        if (folder / MARKER).is_file():
            return [name] if NAME.fullmatch(name := folder.resolve().name) else []
        if not folder.is_dir():
            return []
        return sorted(p.name for p in folder.iterdir() if NAME.fullmatch(p.name) and (p / MARKER).is_file())

    def path_of(self, corpus: str, *, create: bool = False, pointer: str | None = None) -> Path:
        """The folder of a corpus. create: one that may not be there yet. pointer: to the name in the request, unless it is in the
        path. Raises Problem 404, or 400 for a name that is none."""
        if not NAME.fullmatch(corpus):
            raise Problem(
                400, "bad-name", "A corpus's name has 1 to 64 letters, digits, dots, dashes and underscores.",
                pointer=pointer,
            )  # fmt: skip
        folder = self.settings.folder
        if (folder / MARKER).is_file():
            if corpus == folder.resolve().name:
                return folder
        elif (folder / corpus / MARKER).is_file() or (create and _is_free(folder / corpus)):
            return folder / corpus
        raise Problem(404, "no-corpus", f"There is no corpus called {corpus}.", pointer=pointer)

    async def _wait(self, task: "Future[Any]", seconds: float | None = None) -> Any:
        """What a worker returned; its troubles as Problems. seconds: that it had, by default max_seconds."""
        try:
            return await asyncio.wrap_future(task)
        except TookTooLong:
            detail = f"It took longer than {seconds or self.settings.max_seconds:g} seconds and was stopped."
            raise Problem(503, "timeout", detail, headers=self.later()) from None
        except WorkerDied:
            raise Problem(500, "worker-died", "The process at work died of it, twice.") from None
        except Failed as error:
            log("worker failed", level=40, at=str(error))
            raise Problem(500, "internal", "Something went wrong in a worker; the log says where.") from None

    async def _warm_up(self) -> None:
        tasks = [
            self._analysts.submit(work.rest, timeout=self.settings.max_seconds) for _ in range(self.settings.workers)
        ]
        tasks += [self._askers.submit(work.rest, timeout=self.settings.max_seconds) for _ in range(ASKERS)]
        tasks.append(self._students.submit(work.rest, timeout=self.settings.max_seconds))
        try:
            await asyncio.gather(*map(asyncio.wrap_future, tasks))
            self.ready = True
        except (TookTooLong, WorkerDied, Failed) as error:
            log("workers do not start", level=40, error=error)

    def _count(self, change: int) -> None:
        self.at_work += change
        self._left.set()
        self.figures.at_work.set(self.at_work)

    def _restarts(self) -> dict[str, float]:
        return {
            "analysts": self._analysts.restarts,
            "askers": self._askers.restarts,
            "students": self._students.restarts,
        }


def _made(path: Path) -> tuple[int, int]:
    """What a corpus that is made anew under an old name has not in common with the one before."""
    marker = (path / MARKER).stat()
    return marker.st_ino, marker.st_mtime_ns


def not_yet() -> Problem:
    """What is answered while a question is being worked out."""
    said = "This is still being worked out from the whole corpus; it will be there when you ask again."
    return Problem(503, "not-yet", said, headers={"retry-after": str(AGAIN)})


def _is_free(path: Path) -> bool:
    """May a corpus be made here? Where nothing is, or one is being made just now, or was when a process was killed."""
    if path.is_dir() and not path.is_symlink():
        return {entry.name for entry in path.iterdir()} <= {LOCK, PART, MARKER}
    return not os.path.lexists(path)
