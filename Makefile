# Every command of the workshop. A fresh machine needs python3 >= 3.11 with venv, and make; the rest is installed here.
PYTHON ?= python3
BIN := .venv/bin
export UV_PYTHON_DOWNLOADS := never
# Trust what the machine trusts: a clinic's network may sign with a certificate of its own.
export UV_SYSTEM_CERTS := 1
export UV_NATIVE_TLS := 1
export PYTHONHASHSEED := 0

.PHONY: help demo test check lint types walls coverage bench fuzz schemas samples validator clean

help:  ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

.venv/installer:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "hairtrack needs Python 3.11 or newer: make demo PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.8'
	@touch $@

.venv/program: .venv/installer pyproject.toml uv.lock
	$(BIN)/uv sync --quiet --frozen --inexact --no-dev
	@touch $@

.venv/workshop: .venv/installer pyproject.toml uv.lock
	$(BIN)/uv sync --quiet --frozen --inexact --all-extras
	@touch $@ .venv/program

demo: .venv/program  ## analyse a synthetic patient and say where the report is
	$(BIN)/hairtrack demo --out demo_report

test: .venv/workshop  ## run the whole test suite
	$(BIN)/pytest -n 2

check: lint types walls coverage  ## everything that must be green beside the test suite

lint: .venv/workshop
	$(BIN)/ruff check
	$(BIN)/ruff format --check

types: .venv/workshop
	$(BIN)/mypy

walls: .venv/workshop
	$(BIN)/lint-imports

coverage: .venv/workshop  ## branch coverage of the rooms that decide
	$(BIN)/pytest -n 2 -q tests/unit tests/property tests/golden \
		--cov=hairtrack.model --cov=hairtrack.knowledge --cov=hairtrack.course --cov=hairtrack.outcome \
		--cov=hairtrack.ingest --cov-branch --cov-report=term:skip-covered --cov-fail-under=95

bench: .venv/workshop  ## time and memory, printed
	$(BIN)/pytest tests/benchmarks -s -q --benchmark-only --benchmark-columns=min,median,max,rounds

fuzz: .venv/workshop  ## 20,000 mutated pictures and 5,000 mutated case files through ingest
	$(BIN)/python validation/fuzz_ingest.py --images 20000 --case-files 5000

schemas: .venv/workshop  ## write docs/schemas/1 from the model
	$(BIN)/python -m hairtrack.report.schema docs/schemas/1

samples: .venv/workshop  ## draw the synthetic sample cases again
	$(BIN)/python validation/make_sample_images.py

validator:  ## fetch the W3C's checker of HTML, which the suite uses where it finds it; needs npm, and Java to run
	npm install --silent --no-audit --no-fund --prefix .venv/validator vnu-jar@26

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .benchmarks demo_report dist build
