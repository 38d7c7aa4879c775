"""The registry: every output is listed, tested and documented."""

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import sourcing.report
from sourcing.records import Failure
from sourcing.report import FORMATS, Format, Layout, format_named
from sourcing.report.docs import report_markdown

DOCS = Path(__file__).parents[2] / "docs"
NAMES = [entry.name for entry in FORMATS]
FAILED = Failure(input="lost\x1b.txt", code="not-found", message="lost\x1b.txt: no such file")


def test_every_format_file_is_listed():
    modules = [import_module(f"sourcing.report.{info.name}") for info in pkgutil.iter_modules(sourcing.report.__path__)]
    found = {module.FORMAT.name for module in modules if isinstance(getattr(module, "FORMAT", None), Format)}
    assert found == set(NAMES)
    assert len(NAMES) == len(set(NAMES))


@pytest.mark.parametrize("entry", FORMATS, ids=NAMES)
def test_every_format_lives_in_the_file_of_its_name_and_has_a_test(entry):
    assert import_module(f"sourcing.report.{entry.name}").FORMAT is entry
    assert (Path(__file__).parent / f"test_{entry.name}.py").is_file()
    assert f"| `{entry.name}` | {entry.summary} |" in report_markdown()


def test_docs_are_generated():
    assert (DOCS / "report.md").read_text(encoding="utf-8") == report_markdown()


def test_format_named():
    assert format_named("csv").name == "csv"
    with pytest.raises(KeyError):
        format_named("pdf")


@pytest.mark.parametrize("entry", FORMATS, ids=NAMES)
def test_no_format_lets_control_characters_out(entry, hostile, without_text):
    shown = "".join(entry.render(iter([hostile, FAILED, without_text]), Layout()))
    assert not set(shown) & set("\x1b\x9b\x7f\u202e\u2066")


@pytest.mark.parametrize("entry", FORMATS, ids=NAMES)
def test_formats_stream(entry, harbour):
    """No format but the page, which has an overview first, waits for the last report."""
    pulled = 0

    def results():
        nonlocal pulled
        while pulled < 100:
            pulled += 1
            yield harbour

    chunks = entry.render(results(), Layout(array=True))
    next(chunks)
    next(chunks)
    assert pulled <= 2 or entry.name == "html"
    chunks.close()


@pytest.mark.parametrize("entry", FORMATS, ids=NAMES)
def test_formats_take_nothing_and_nobody(entry, harbour):
    import msgspec

    silent = msgspec.structs.replace(harbour, quotes=(), attributions=(), speakers=(), findings=())
    assert isinstance("".join(entry.render(iter([]), Layout())), str)
    assert isinstance("".join(entry.render(iter([silent]), Layout())), str)
