"""What a server is told when it starts."""

from pathlib import Path

import msgspec

MIB = 1 << 20
REPORT_BYTES = 8  # of a report, a byte of its article


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """folder: holds the corpora, a folder each, or is itself one corpus. state: where jobs, keys and corrections are kept.

    token: what callers have to show as `Authorization: Bearer`; None only on loopback. workers: annotating processes.
    max_body: bytes of one article, max_upload: of many (a batch, a job). max_words: of one article. max_seconds: that one analysis,
    or one question to a corpus, may take. max_waiting: analyses that may wait for a worker beyond those at work.
    hosts: names under which browsers may call the server besides its own address.
    """

    host: str = "127.0.0.1"
    port: int = 8000
    folder: Path
    state: Path
    token: str | None = None
    workers: int = 1
    max_body: int = 8 * MIB
    max_upload: int = 1024 * MIB
    max_words: int = 100_000
    max_seconds: float = 60.0
    max_waiting: int = 16
    hosts: tuple[str, ...] = ()

    @property
    def max_report(self) -> int:
        """Bytes of a report with its text that a caller sends back."""
        return self.max_body * REPORT_BYTES
