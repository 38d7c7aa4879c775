"""JSON: the whole report, as schemas/report.json has it.

One input gives one object. Several, a folder or a JSON Lines file give an array, written as it comes, in the order of
the inputs. An input that failed leaves `{"error": …}` (schemas/error.json) in its place.
"""

import json
import re
from collections.abc import Iterator

import msgspec

from sourcing.records import Failure, Report
from sourcing.report.formats import Format, Layout

INDENT = 2

# JSON allows these in a string as they are; a terminal or a log viewer may obey them. Escaped, they mean the same.
_RISKY = re.compile("[\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]")


def render(results: Iterator[Report | Failure], layout: Layout) -> Iterator[str]:
    """Yield one object, or an array in pieces; nothing at all is an empty array."""
    first = next(results, None)
    if first is None:
        yield "[]\n"
        return
    second = None if layout.array else next(results, None)
    if second is None and not layout.array:
        yield encode(first, indent=INDENT) + "\n"
        return
    yield "[\n" + encode(first, indent=INDENT)
    if second is not None:
        yield ",\n" + encode(second, indent=INDENT)
    for result in results:
        yield ",\n" + encode(result, indent=INDENT)
    yield "\n]\n"


def encode(result: Report | Failure, *, indent: int | None = None) -> str:
    """Return a report, or `{"error": …}` for a failure, as JSON text without control characters."""
    record = {"error": result} if isinstance(result, Failure) else result
    try:
        encoded = msgspec.json.encode(record)
        text = (msgspec.json.format(encoded, indent=indent) if indent else encoded).decode()
    except UnicodeEncodeError:  # a file name that is no UTF-8: half a surrogate pair, which only an escape can carry
        separators = None if indent else (",", ":")
        text = json.dumps(msgspec.to_builtins(record), ensure_ascii=False, indent=indent, separators=separators)
    return _RISKY.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


FORMAT = Format(
    name="json",
    summary="the whole report; an array for several inputs",
    needs_text=False,
    render=render,
)
