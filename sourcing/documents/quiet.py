"""Keep the log noise of libraries from the user's terminal: what matters comes back as a Failure or a warning."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def warnings_ignored() -> Iterator[None]:
    """Ignore Python's warnings inside the with block."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def quiet(*loggers: str) -> Iterator[None]:
    """Silence the loggers of these names, and those below them, inside the with block."""
    levels = [(logging.getLogger(name), logging.getLogger(name).level) for name in loggers]
    for logger, _ in levels:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in levels:
            logger.setLevel(level)
