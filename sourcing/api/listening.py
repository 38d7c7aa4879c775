"""Connections that do not ask: closed after a while, so that they cannot use up what the system lends a process.

uvicorn waits for the rest of a request's head for ever.
"""

import asyncio
import resource

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 20.0  # that the head of a request may take, from its first byte or from the beginning of the connection
MOST_FILES = 65536


class Impatient(H11Protocol):
    """uvicorn's protocol with a deadline for each request's head."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin, and expect a head."""
        super().connection_made(transport)
        self._expect(True)

    def data_received(self, data: bytes) -> None:
        """Take in what came; while it is less than a head, the rest is expected."""
        super().data_received(data)
        self._expect(self.conn.their_state is h11.IDLE)

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._expect(False)
        super().connection_lost(exc)

    def _expect(self, waiting: bool) -> None:
        if waiting and self._deadline is None:
            self._deadline = self.loop.call_later(HEAD_SECONDS, self._give_up)
        elif not waiting and self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _give_up(self) -> None:
        self._deadline = None
        self.transport.close()


def allow_many_files() -> None:
    """Let this process have as many connections as the system gives without asking."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
