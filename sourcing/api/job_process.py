"""The process that adds articles to a corpus, and the server's end of the two pipes to it.

The server writes tasks, the process answers with what it has done so far, both as lines of JSON. The process ends when its tasks
do: also when the server is killed, since that closes the pipe. All that it acknowledges is on disk.
"""

import asyncio
import os
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable
from queue import SimpleQueue
from typing import TYPE_CHECKING, BinaryIO

import msgspec

from sourcing.api.job import Progress
from sourcing.api.pool import place_of
from sourcing.errors import SourcingError
from sourcing.records import Failure

if TYPE_CHECKING:
    from sourcing.corpus.add import Added

LISTED = 1000  # failures that a record lists
LONGEST = 300  # characters of a message
LINE = 32 << 20  # bytes of the longest answer: LISTED failures
PAUSE = 0.5  # seconds between two answers, unless something was committed
NICENESS = 10  # jobs give way to answers
BATCH = 1000  # articles in one commit, of reports; new articles are committed every five seconds
PATIENCE = 5.0  # seconds that the process has to end by itself


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """What to do with the corpus at `path`: add the files of a folder, or, without any, group its stories.

    workers: annotating processes. shown: what messages call the only file. encoding: of texts.
    """

    path: str
    files: list[str] = []
    folder: str = ""
    workers: int = 1
    shown: str | None = None
    encoding: str | None = None


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """How far a task is. is_last: it is over, and well unless there is an error, a sentence."""

    progress: Progress = Progress()
    failures: list[Failure] = []
    is_last: bool = False
    error: str | None = None


class Died(Exception):
    """The process ended before its task did."""


class JobProcess:
    """A process that adds, started when it is first asked."""

    def __init__(self) -> None:
        self._process: asyncio.subprocess.Process | None = None

    async def ask(self, task: Task) -> AsyncIterator[Answer]:
        """Give it a task; yield its answers up to the last. Raises Died; another task starts another process then."""
        if self._process is None or self._process.returncode is not None:
            self._process = await _start()
        process = self._process
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(msgspec.json.encode(task) + b"\n")
            await process.stdin.drain()
            while line := await process.stdout.readline():
                answer = msgspec.json.decode(line, type=Answer)
                yield answer
                if answer.is_last:
                    return
        except OSError:  # it was gone before it was asked
            pass
        self.kill()
        await process.wait()
        raise Died

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()

    async def close(self) -> None:
        """Tell it that there are no more tasks, and wait for its end."""
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            await asyncio.wait_for(self._process.wait(), PATIENCE)
        except TimeoutError:
            self.kill()
            await self._process.wait()


async def _start() -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-P", "-m", __name__,  # -P: a file here that is called like a module is not one
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, limit=LINE,
        start_new_session=True,  # Ctrl-C in the server's terminal is for the server
    )  # fmt: skip


# ------------------------------------------------------------------------------------------------------ in the process


def main() -> None:
    """Do what comes on standard input."""
    tasks, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)  # workers would hold the server's pipe open, and libraries write into it
    os.environ["PYTHONSAFEPATH"] = "1"  # workers start in a folder of files with names that callers gave
    os.nice(NICENESS)
    waiting: SimpleQueue[bytes] = SimpleQueue()
    threading.Thread(target=_listen, args=(tasks, waiting), daemon=True).start()

    def say(answer: Answer) -> None:
        answers.write(msgspec.json.encode(answer) + b"\n")
        answers.flush()

    while True:
        _carry_out(msgspec.json.decode(waiting.get(), type=Task), say)


def _listen(tasks: BinaryIO, waiting: "SimpleQueue[bytes]") -> None:
    """Pass tasks on; when there will be no more the server is gone, or wants this process to be, whatever it does."""
    for line in tasks:
        waiting.put(line)
    os._exit(0)


def _carry_out(task: Task, say: Callable[[Answer], None]) -> None:
    try:
        say(_add(task, say) if task.files else _group(task))
    except SourcingError as error:
        say(Answer(is_last=True, error=str(error).replace(task.path, "the corpus")[:LONGEST]))
    except Exception as error:
        say(Answer(is_last=True, error=f"adding came to grief: {place_of(error)}; please report it"))


def _group(task: Task) -> Answer:
    from sourcing.corpus import Corpus

    corpus = Corpus(task.path)
    if corpus.is_stale():
        corpus.derive()
    return Answer(is_last=True)


def _add(task: Task, say: Callable[[Answer], None]) -> Answer:
    from sourcing.corpus import Corpus

    os.chdir(task.folder)  # so that messages and origins name files by what they are called, not by where they lie
    try:
        teller = _Teller(task, say)
        corpus = Corpus(task.path, create=True)
        sums = corpus.add(
            task.files,
            workers=task.workers,
            encoding=task.encoding,
            batch=BATCH,
            progress=teller.hear,
            derive=False,
        )
        teller.hear(sums)
        return teller.answer(is_last=True)
    finally:
        os.chdir(os.sep)


class _Teller:
    """Says how far adding is, now and then."""

    def __init__(self, task: Task, say: Callable[[Answer], None]) -> None:
        self._task, self._say = task, say
        self._failures: list[Failure] = []
        self._progress = Progress()
        self._failed = 0
        self._since = 0.0

    def hear(self, sums: "Added") -> None:
        """Take in the sums; failures beyond those that are listed are only counted, however many there are."""
        self._failed += len(sums.failures)
        self._failures.extend(map(self._shown, sums.failures[: LISTED - len(self._failures)]))
        sums.failures.clear()
        before = self._progress
        self._progress = Progress(
            added=sums.added, updated=sums.updated, unchanged=sums.unchanged, failed=self._failed,
            bytes_read=sums.read, bytes_total=sums.total,
        )  # fmt: skip
        committed = (before.added, before.updated) != (sums.added, sums.updated)
        if committed or time.monotonic() - self._since > PAUSE:
            self._say(self.answer())
            self._since = time.monotonic()

    def answer(self, *, is_last: bool = False) -> Answer:
        """What was heard."""
        return Answer(progress=self._progress, failures=self._failures, is_last=is_last)

    def _shown(self, failure: Failure) -> Failure:
        """The same for a record: a message of bearable length, without what stands in the head of a table, which may be a text."""
        file, shown = self._task.files[0], self._task.shown
        name, message = failure.input, failure.message.split("; it has: ")[0]
        if shown is not None:
            name, message = name.replace(file, shown), message.replace(file, shown)
        return msgspec.structs.replace(failure, input=name[:LONGEST], message=message[:LONGEST])


if __name__ == "__main__":
    main()
