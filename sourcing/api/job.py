"""The record of a job: what `/v1/jobs/{id}` answers (schemas/job.json).

>>> Progress(added=1, unchanged=6).onto(Progress(added=4))
Progress(added=5, updated=0, unchanged=2, failed=0, bytes_read=0, bytes_total=0)
"""

from datetime import datetime
from typing import Literal

import msgspec

from sourcing.records import Failure

Status = Literal["queued", "running", "done", "failed", "cancelled"]
UNFINISHED: tuple[Status, ...] = ("queued", "running")


class Progress(msgspec.Struct, frozen=True, kw_only=True):
    """How far adding is: articles by what became of each, and bytes of the input. What counts as added or updated is on disk."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    failed: int = 0
    bytes_read: int = 0
    bytes_total: int = 0

    def onto(self, before: "Progress") -> "Progress":
        """The same over all attempts; before: how far the attempts before this one came, whose articles this one finds there."""
        return msgspec.structs.replace(
            self,
            added=before.added + self.added,
            updated=before.updated + self.updated,
            unchanged=max(0, self.unchanged - before.added - before.updated),
        )


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """One job. article: the id of the article, where the body was a single one.

    failures: the first of the articles that could not be added (progress.failed counts all); left out in lists of jobs.
    error: why the job failed, one sentence.
    """

    id: str
    kind: Literal["add"] = "add"
    corpus: str
    status: Status = "queued"
    created: datetime
    started: datetime | None = None
    finished: datetime | None = None
    attempts: int = 0
    progress: Progress = Progress()
    article: str | None = None
    failures: list[Failure] | msgspec.UnsetType = msgspec.UNSET
    error: str | None = None

    @property
    def is_finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status not in UNFINISHED
