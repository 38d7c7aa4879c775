"""Long work: jobs are written down before they are acknowledged, done one after the other for each corpus, and taken up again
after a restart.

    request → spool (files on disk) → ledger (the job on disk) → 202 → a process adds → ledger (its end) → the files are removed

A process takes all the jobs that wait for one corpus and groups its stories once no more do, so that many small requests cost
one start and one grouping. Adding is idempotent, so a job may be begun again wherever it was interrupted.
"""

import asyncio
import logging
import shutil
import time
from contextlib import suppress
from functools import partial
from pathlib import Path

from anyio.to_thread import run_sync
from filelock import FileLock, Timeout

from sourcing.api.job import Job
from sourcing.api.job_process import Died, JobProcess, Task
from sourcing.api.ledger import Ledger, Work
from sourcing.api.logs import log
from sourcing.api.problems import Problem
from sourcing.api.settings import Settings
from sourcing.corpus.layout import MARKER
from sourcing.errors import UsageError

AT_ONCE = 2  # corpora that are added to
FEW = 256 << 10  # bytes up to which starting several processes costs more than it spares
MOST_QUEUED = 1000  # jobs that may wait
PATIENCE = 5.0  # seconds that a server before this one has to end
ROUND = 3600.0  # seconds after which old jobs are looked for, if nothing else happens
TURN = 30.0  # seconds after which another corpus has its turn
PAUSE = 2.0  # seconds before it is tried again to write down how jobs stand
DIED = "The process that added died twice (out of memory?). What was added stays."


class Jobs:
    """The jobs of a server, kept in settings.state: a ledger and the folder spool."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self.ledger = ledger
        self._settings = settings
        self._spool = settings.state / "spool"
        self._lock = FileLock(settings.state / "jobs.lock", thread_local=False)
        self._news: asyncio.Event
        self._round: asyncio.Task[None] | None = None
        self._draining: dict[str, asyncio.Task[None]] = {}
        self._at_work: dict[str, JobProcess] = {}  # by job
        self._awaited: dict[str, asyncio.Event] = {}

    async def start(self) -> None:
        """Take up what was left. Raises UsageError when another server works with the same folder."""
        await run_sync(self._open)
        self._news = asyncio.Event()
        self._round = asyncio.create_task(self._go_round())

    async def stop(self) -> None:
        """End the processes; the next start takes up their jobs."""
        tasks = [task for task in (self._round, *self._draining.values()) if task]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._lock.is_locked:
            self.ledger.close()
            self._lock.release()

    def folder_of(self, id: str) -> Path:
        """Where a job's files lie until it is finished."""
        return self._spool / id

    async def submit(self, job: Job, work: Work, *, key: str | None, request: str) -> Job:
        """Accept a job whose files are in its folder; return it, or the one that the same request made before. Raises
        KeyReused."""
        accepted = await run_sync(partial(self.ledger.submit, job, work, key=key, request=request))
        self._news.set()
        return accepted

    async def is_full(self) -> bool:
        """Whether so many jobs wait that no more are taken."""
        return await run_sync(self.ledger.queued) >= MOST_QUEUED

    async def discard(self, id: str) -> None:
        """Remove the files of a request that became no job."""
        if await run_sync(self.ledger.get, id) is None:
            await self._remove_files(id)

    async def wait(self, id: str, seconds: float) -> Job | None:
        """The job as it is when it has finished, or after so many seconds."""
        ended = self._awaited.setdefault(id, asyncio.Event())
        job = await run_sync(self.ledger.get, id)
        if job is None or job.is_finished:
            self._awaited.pop(id, ended).set()
            return job
        with suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), seconds)
        return await run_sync(self.ledger.get, id)

    async def cancel(self, id: str) -> Job | None:
        """Cancel a job that is not finished; what it has added stays. None when there is no such job."""
        job = await run_sync(self.ledger.cancel, id)
        if job is None or job.status != "cancelled":
            return job
        if process := self._at_work.get(id):
            process.kill()
        else:
            await self._end(job)
        return job

    # ------------------------------------------------------------------------------------------------------- at work

    def _open(self) -> None:
        """Open the ledger, and remove files of the spool that no job needs: of requests that were never acknowledged, and of
        jobs whose end is written down."""
        self._spool.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            self._lock.acquire(timeout=PATIENCE)
        except Timeout:
            said = f"another server keeps its jobs in {self._settings.state}"
            log(said, level=logging.ERROR)  # what a lifespan raises is not shown
            raise UsageError(said) from None
        self.ledger.open()
        needed = self.ledger.unfinished()
        for folder in self._spool.iterdir():
            if folder.name not in needed:
                shutil.rmtree(folder, ignore_errors=True)

    async def _go_round(self) -> None:
        while True:
            self._news.clear()
            try:
                await self._begin()
            except Exception as error:  # a full disk, say
                log("jobs cannot be begun", level=logging.ERROR, error=error)
                await asyncio.sleep(PAUSE)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._news.wait(), ROUND)

    async def _begin(self) -> None:
        """Begin what can be begun; a job that was left running, by this server or one before it, is queued again."""
        await run_sync(self.ledger.drop_old)
        await run_sync(self.ledger.requeue, set(self._draining))
        for corpus in await run_sync(self.ledger.corpora):
            if corpus not in self._draining and len(self._draining) < AT_ONCE:
                self._draining[corpus] = asyncio.create_task(self._drain(corpus))

    async def _drain(self, corpus: str) -> None:
        """Do the jobs that wait for a corpus, for a while, and leave its stories grouped."""
        process, until, is_grouped = JobProcess(), time.monotonic() + TURN, True
        try:
            while time.monotonic() < until and (claimed := await run_sync(self.ledger.claim, corpus)):
                is_grouped = await self._do(*claimed, process)
            if not is_grouped:
                await self._group(corpus, process)
        except Exception as error:
            log("jobs came to grief", level=logging.ERROR, error=error, corpus=corpus)
            await asyncio.sleep(PAUSE)
        finally:
            await process.close()
            del self._draining[corpus]
            self._news.set()

    async def _do(self, job: Job, work: Work, process: JobProcess) -> bool:
        """Do one job and write down what came of it; returns whether stories were grouped after it."""
        is_grouped = False
        self._at_work[job.id] = process
        try:
            error = await self._add(job, work, process)
            if not error and not await run_sync(self.ledger.is_awaited, job.corpus):
                error = await self._group(job.corpus, process)
                is_grouped = True
            settle = partial(self.ledger.fall, error=error) if error else self.ledger.finish
            ended = await run_sync(settle, job.id)
        except Problem as problem:
            ended = await run_sync(self.ledger.finish, job.id, problem.detail)
        except Died:
            ended = await run_sync(self.ledger.fall, job.id, DIED)
        finally:
            del self._at_work[job.id]
        log("job", job=job.id, status=ended.status, attempts=ended.attempts)
        if ended.is_finished:
            await self._end(ended)
        return is_grouped

    async def _add(self, job: Job, work: Work, process: JobProcess) -> str | None:
        """Add a job's articles, writing down how far it is; returns what went wrong, or None."""
        task = Task(
            path=self._path_of(job.corpus), files=work.files, folder=str(self.folder_of(job.id).absolute()),
            workers=self._settings.workers if work.size > FEW else 1, shown=work.shown, encoding=work.encoding,
        )  # fmt: skip
        error = None
        async for answer in process.ask(task):
            error = answer.error
            if not error:
                progress = answer.progress.onto(job.progress)
                await run_sync(self.ledger.report, job.id, progress, answer.failures)
        return error

    async def _group(self, corpus: str, process: JobProcess) -> str | None:
        """Group a corpus's stories, if articles came or went; returns what went wrong, or None."""
        error = None
        async for answer in process.ask(Task(path=self._path_of(corpus))):
            error = answer.error
        return error

    async def _end(self, job: Job) -> None:
        """What is left to do when the end of a job is written down."""
        await self._remove_files(job.id)
        if event := self._awaited.pop(job.id, None):
            event.set()

    async def _remove_files(self, id: str) -> None:
        await run_sync(partial(shutil.rmtree, self.folder_of(id), ignore_errors=True))

    def _path_of(self, corpus: str) -> str:
        """The folder of a corpus whose name was found good when the job was accepted. It may be one that was being made when a
        server was killed."""
        folder = self._settings.folder.absolute()
        if not (folder / MARKER).is_file():
            return str(folder / corpus)
        if folder.resolve().name != corpus:  # the server was started anew over another folder
            raise Problem(404, "no-corpus", f"There is no corpus called {corpus}.")
        return str(folder)
