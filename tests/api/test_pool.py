"""Workers that hang, die or fail, and the tasks that others do meanwhile."""

import os
import signal
import time
from concurrent.futures import wait

import pytest

pytest.importorskip("fastapi")
from sourcing.api.pool import Failed, Pool, TookTooLong, WorkerDied
from sourcing.api.work import rest


@pytest.fixture
def pool():
    made = Pool(2, rest)
    yield made
    made.close()


def test_results_and_failures(pool):
    assert pool.submit(pow, 2, 5, timeout=30).result(30) == 32
    with pytest.raises(Failed, match="ValueError") as failed:
        pool.submit(int, "what an article says", timeout=30).result(30)
    assert "article" not in str(failed.value)
    assert pool.restarts == 0


def test_a_task_that_takes_too_long(pool):
    began = time.monotonic()
    slow = pool.submit(time.sleep, 60, timeout=0.5)
    quick = pool.submit(os.getpid, timeout=30)
    assert quick.result(30) != os.getpid()
    with pytest.raises(TookTooLong):
        slow.result(30)
    assert time.monotonic() - began < 20
    assert pool.submit(os.getpid, timeout=30).result(30)
    assert pool.restarts == 1


def test_a_worker_that_dies_of_its_task(pool):
    with pytest.raises(WorkerDied):
        pool.submit(os._exit, 9, timeout=30).result(30)
    assert pool.restarts == 2  # it was tried again
    assert pool.submit(abs, -1, timeout=30).result(30) == 1


def test_workers_killed_at_work_and_idle(pool):
    wait([pool.submit(time.sleep, 0.2, timeout=30) for _ in range(2)])
    for _ in range(3):
        tasks = [pool.submit(time.sleep, 0.3, timeout=30) for _ in range(2)]
        time.sleep(0.1)
        for pid in pool.pids():
            os.kill(pid, signal.SIGKILL)
        for task in tasks:
            task.result(60)  # innocent tasks are done by another
        for pid in pool.pids():
            os.kill(pid, signal.SIGKILL)  # idle ones
    assert pool.submit(abs, -1, timeout=30).result(30) == 1


def test_workers_end_with_the_pool(pool):
    wait([pool.submit(time.sleep, 0.1, timeout=30) for _ in range(2)])
    pids = pool.pids()
    pool.close()
    for pid in pids:
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
