"""Ctrl-C ends the run between two results, so that what was written stays whole: an array closed, a page ended."""

import signal
import threading
from collections.abc import Iterator
from types import FrameType, TracebackType
from typing import Generic, TypeVar

Item = TypeVar("Item")


class Interruptible(Generic[Item]):
    """An iterator that ends at the first Ctrl-C; a second one, or one outside of the main thread, goes its usual way.

    interrupted: whether that happened.
    """

    def __init__(self, items: Iterator[Item]) -> None:
        self.interrupted = False
        self._items = items
        self._waiting = False
        self._installed = False

    def __enter__(self) -> "Interruptible[Item]":
        ours = threading.current_thread() is threading.main_thread()
        if ours and signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._interrupt)
            self._installed = True
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, signal.default_int_handler)

    def __iter__(self) -> Iterator[Item]:
        return self

    def __next__(self) -> Item:
        if self.interrupted:
            raise StopIteration
        self._waiting = True
        try:
            return next(self._items)
        except KeyboardInterrupt:
            self.interrupted = True
            raise StopIteration from None
        finally:
            self._waiting = False

    def _interrupt(self, number: int, frame: FrameType | None) -> None:
        if self._waiting or self.interrupted:
            raise KeyboardInterrupt
        self.interrupted = True
