PYTHON ?= python3

.PHONY: install check test gate docs bench bench-corpus bench-serve

install:            ## the package and what its tests need, into the current environment
	$(PYTHON) -m pip install -e '.[dev]'

check:              ## everything that CI runs
	bash .ci/run

test:               ## the tests alone, in the current environment
	$(PYTHON) -m pytest

gate:               ## accuracy on the project's own gold set against the pinned floors
	$(PYTHON) -m pytest tests/gold

docs:               ## renew the generated pages
	$(PYTHON) -m sourcing.cli.docs > docs/cli.md
	$(PYTHON) -m sourcing.report.docs > docs/report.md
	$(PYTHON) -m sourcing.findings.docs > docs/findings.md

bench:              ## speed and memory, as JSON
	$(PYTHON) tests/bench/bench_analyze.py

bench-corpus:       ## speed and memory of a corpus of a million articles, as JSON
	$(PYTHON) tests/bench/bench_corpus.py

bench-serve:        ## the server under 64 clients for two minutes, as JSON
	$(PYTHON) tests/bench/bench_serve.py
