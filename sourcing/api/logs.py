"""Logs as JSON lines on standard error. They say what was asked for and what came of it, and never hold what an article says.

Addresses are logged as their routes' patterns, since an article's id or a search may be telling.
"""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from sourcing.api.pool import place_of

LOGGER = logging.getLogger("sourcing.api")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, event, and what `extra={"fields": {...}}` adds. Of what libraries log only the
    library is named: their messages may hold anything."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        ours = record.name == LOGGER.name
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage() if ours else f"{record.name} logged something",
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:  # its text may hold what the article says
            line["error"] = place_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def start_logging(stream: TextIO = sys.stderr) -> None:
    """Log this package, and warnings of all others, as JSON lines."""
    out = logging.StreamHandler(stream)
    out.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [out]
    root.setLevel(logging.WARNING)
    LOGGER.setLevel(logging.INFO)


def log(event: str, *, level: int = logging.INFO, error: BaseException | None = None, **fields: Any) -> None:
    """Write a line."""
    LOGGER.log(level, event, extra={"fields": fields}, exc_info=error)
