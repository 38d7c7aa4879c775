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
    """A record as one line of JSON: time, level, event, and what `extra={"fields": {...}}` adds."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            **getattr(record, "fields", {}),
        }
        if record.exc_info and record.exc_info[1] is not None:  # its text may hold what the article says
            line["error"] = place_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


def start_logging(stream: TextIO = sys.stderr) -> None:
    """Log this package and uvicorn as JSON lines."""
    out = logging.StreamHandler(stream)
    out.setFormatter(JsonLines())
    out.addFilter(_is_no_traceback)
    for name in ("sourcing.api", "uvicorn.error"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [out], False
        logger.setLevel(logging.INFO)
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)


def _is_no_traceback(record: logging.LogRecord) -> bool:
    """uvicorn logs some failures as a text of many lines, which may hold anything; they are logged here as well."""
    return not record.getMessage().startswith("Traceback")


def log(event: str, *, level: int = logging.INFO, error: BaseException | None = None, **fields: Any) -> None:
    """Write a line."""
    LOGGER.log(level, event, extra={"fields": fields}, exc_info=error)
