"""The builder of marked-up articles is the measures' one (tests are no package, so it is loaded by its path)."""

from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

spec = spec_from_file_location("markup", Path(__file__).parent.parent / "measure" / "conftest.py")
markup = module_from_spec(spec)
spec.loader.exec_module(markup)


@pytest.fixture(scope="session")
def annotated():
    return markup.build


@pytest.fixture(scope="session")
def plain():
    return markup.plain
