"""The command that makes a reference from reports.

    sourcing analyze ARTICLES --format jsonl > REPORTS.jsonl
    python -m sourcing.measure.reference REPORTS.jsonl OUT.json [NOTE]

REPORTS.jsonl holds a report a line; only `metrics` and `model` are read, so OUT.json holds figures and no text. NOTE
says in a sentence which articles they were. With `sourcing/measure/reference.json` as OUT.json it renews the shipped
reference.
"""

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from sourcing.errors import SourcingError, UsageError
from sourcing.measure.distribution import build_reference
from sourcing.records import Metrics, ModelCard


class MeasuredReport(msgspec.Struct, frozen=True):
    """The part of a report that a reference is made from."""

    metrics: Metrics
    model: ModelCard


def main(arguments: Sequence[str]) -> int:
    """Write the reference; return the exit status: 0, or 2 after one sentence on stderr."""
    if len(arguments) not in (2, 3):
        print("Usage: python -m sourcing.measure.reference REPORTS.jsonl OUT.json [NOTE]", file=sys.stderr)
        return 2
    source, target = Path(arguments[0]), Path(arguments[1])
    try:
        reports = list(read_reports(source))
        models = {report.model for report in reports}
        if len(models) != 1:
            raise UsageError(f"{source} holds reports of {len(models)} models; a reference needs those of one.")
        note = arguments[2] if len(arguments) == 3 else "Made from reports with python -m sourcing.measure.reference."
        reference = build_reference((report.metrics for report in reports), note=note, model=models.pop())
        target.write_bytes(msgspec.json.format(msgspec.json.encode(reference), indent=0) + b"\n")
    except OSError as error:
        print(f"{error.filename}: {error.strerror}.", file=sys.stderr)
        return 2
    except SourcingError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{target}: {reference.articles} articles, {len(reference.distributions)} distributions")
    return 0


def read_reports(path: Path) -> Iterator[MeasuredReport]:
    """Yield the reports of a JSON Lines file; error records are passed over, anything else raises UsageError."""
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                fields = msgspec.json.decode(line, type=dict[str, msgspec.Raw])
                if "metrics" in fields:
                    yield msgspec.json.decode(line, type=MeasuredReport)
                elif "code" not in fields and "error" not in fields:
                    raise UsageError(f"{path}:{number} is no report.")
            except msgspec.DecodeError as error:
                raise UsageError(f"{path}:{number} is no report: {error}.") from error


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
