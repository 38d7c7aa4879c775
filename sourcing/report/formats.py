"""What an output format is: a name, and a function that turns a stream of reports into a stream of text.

A format never sees a file or a terminal: the command line (or a service) writes what it yields, chunk by chunk, so that
memory stays constant however many articles pass.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from sourcing.records import Failure, Report


@dataclass(frozen=True, kw_only=True)
class Layout:
    """What an output has to know of the place it is shown in.

    width: columns of the terminal. color: escape sequences may be used. array: JSON prints an array whatever comes;
    when False, a single result stands alone and several make an array all the same.
    """

    width: int = 100
    color: bool = False
    array: bool = False


@dataclass(frozen=True, kw_only=True)
class Format:
    """One output format.

    summary: half a sentence for the help and the docs. needs_text: reports must carry `article.text`.
    render: yields text in complete pieces, one or more a report; a Failure stands where its report would.
    """

    name: str
    summary: str
    needs_text: bool
    render: Callable[[Iterator[Report | Failure], Layout], Iterator[str]]
