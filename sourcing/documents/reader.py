"""What a reader is. The registry of them is registry.py."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from sourcing.documents.source import Source
from sourcing.records import Article, Failure


class Reader(NamedTuple):
    """One format: its name (also the value of `stdin_format`), the endings of its files, and how it is read.

    read: yields articles and, where one file holds several, failures; raises InputError when nothing more can be read.
    claims: says of the first bytes of standard input (at least the first line) whether they are this format.
    """

    name: str
    endings: tuple[str, ...]
    read: Callable[[Source], Iterator[Article | Failure]]
    claims: Callable[[bytes], bool] = lambda head: False
