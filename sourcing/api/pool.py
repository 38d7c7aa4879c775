"""Processes that do the work, so that the server itself always answers.

Each worker is a process with a pipe of its own and a thread that waits for it, so one that hangs or dies takes nobody with it:
it is killed or replaced. (In pebble's pool all share one pipe, and it breaks when an idle worker is killed.)
"""

import os
import pickle
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

ATTEMPTS = 2  # a task whose worker died may be innocent: it is tried once more
STARTS = 5  # workers that may die before they took it
START = 120.0  # seconds that one may take to begin, the model loaded, on a slow machine
TAKEN = b""
PATIENCE = 5.0  # seconds that a worker has to end by itself
NICENESS = 5  # workers give way to the process that answers


class WorkerDied(Exception):
    """The process that did a task died of it, twice."""


class TookTooLong(Exception):
    """A task was not done in time; its process was killed."""


class Failed(Exception):
    """A task raised something unforeseen; the text says what and where, and holds nothing that the task was given."""


class Pool:
    """Worker processes that run functions of modules. setup(*given): run first in each of them.

    restarts: how many processes had to be replaced.
    """

    def __init__(self, workers: int, setup: Callable[..., None], *given: Any) -> None:
        self.workers = workers
        self.restarts = 0
        self._setup = setup, given
        self._own = threading.local()
        self._all: set[_Worker] = set()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="worker")
        self._closed = False

    def submit(self, function: Callable[..., Any], *args: Any, timeout: float) -> "Future[Any]":
        """Run function(*args) in a worker; the future has what it returned, or raises WorkerDied, TookTooLong or Failed.

        timeout: seconds that the work itself may take, the wait for a free worker not counted.
        """
        return self._threads.submit(self._run, function, args, timeout)

    def pids(self) -> list[int]:
        """The processes that live now."""
        return sorted(worker.pid for worker in set(self._all))

    def close(self) -> None:
        """End all processes; tasks that wait are dropped."""
        self._closed = True
        self._threads.shutdown(wait=False, cancel_futures=True)
        for worker in set(self._all):
            worker.kill()

    def _run(self, function: Callable[..., Any], args: tuple[Any, ...], timeout: float) -> Any:
        task = pickle.dumps((function, args))
        attempts = starts = 0
        while attempts < ATTEMPTS and starts < STARTS:
            worker = self._worker()
            try:
                starts += 1
                worker.give(task)
                attempts += 1
                done, value = worker.take(timeout)
            except TookTooLong:
                self._drop(worker)
                raise
            except (EOFError, OSError):
                self._drop(worker)
                continue
            if done:
                return value
            raise Failed(value)
        raise WorkerDied

    def _worker(self) -> "_Worker":
        """This thread's own process."""
        worker: _Worker | None = getattr(self._own, "worker", None)
        if worker is None or not worker.is_alive():
            if worker is not None:  # it died while it had nothing to do
                self._drop(worker)
            if self._closed:
                raise WorkerDied
            worker = self._own.worker = _Worker(*self._setup)
            self._all.add(worker)
        return worker

    def _drop(self, worker: "_Worker") -> None:
        self.restarts += not self._closed
        worker.kill()
        self._all.discard(worker)
        self._own.worker = None


class _Worker:
    """One process and the pipe to it."""

    def __init__(self, setup: Callable[..., None], given: tuple[Any, ...]) -> None:
        context = get_context("spawn")  # a fork of a process with threads may hang
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_work, args=(other, os.getpid(), setup, given), daemon=True)
        self._process.start()
        self._closing = threading.Lock()
        other.close()

    @property
    def pid(self) -> int:
        return self._process.pid or 0

    def is_alive(self) -> bool:
        return self._process.is_alive()

    def give(self, task: bytes) -> None:
        """Hand a task over; raises EOFError or OSError when the process dies before it has it."""
        self._pipe.send_bytes(task)
        if not self._pipe.poll(START):
            raise EOFError
        self._pipe.recv_bytes()

    def take(self, timeout: float) -> tuple[bool, Any]:
        """Whether the task went well, and what came of it; raises EOFError or OSError when the process dies, or TookTooLong."""
        if not self._pipe.poll(timeout):
            raise TookTooLong
        done, value = pickle.loads(self._pipe.recv_bytes())
        return done, value

    def kill(self) -> None:
        self._process.kill()
        self._process.join(PATIENCE)
        with self._closing:  # the pool's end and the thread that sees the process dead may both come here
            self._pipe.close()


def _work(pipe: Connection, parent: int, setup: Callable[..., None], given: tuple[Any, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in the server's terminal is for the server
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    os.nice(NICENESS)
    setup(*given)
    while True:
        try:
            function, args = pickle.loads(pipe.recv_bytes())
            pipe.send_bytes(TAKEN)
        except (EOFError, OSError):
            return
        try:
            answer: tuple[bool, Any] = True, function(*args)
        except Exception as error:
            answer = False, place_of(error)
        pipe.send_bytes(pickle.dumps(answer))


def _end_with(parent: int) -> None:
    """End this process when the server was killed."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


def place_of(error: BaseException) -> str:
    """What went wrong, for a log: the error's type and place. Its text may hold what the article says.

    >>> place_of(ValueError("secret"))
    'ValueError'
    """
    place = error.__traceback__
    if place is None:
        return type(error).__name__
    while place.tb_next:
        place = place.tb_next
    return f"{type(error).__name__} at {Path(place.tb_frame.f_code.co_filename).name}:{place.tb_lineno}"
