# `make demo` and `make test` need CPython 3.11 or newer and pip, and nothing else.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo test lint types bench picture clean

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

demo: $(READY)
	rm -rf demo && mkdir demo
	$(BIN)/truss init demo/my-model --yes
	cd demo/my-model && ../../$(BIN)/truss check
	cd demo/my-model && echo '{"name": "Ada"}' | ../../$(BIN)/truss predict

test: $(READY)
	$(BIN)/python -m pytest --numprocesses=2

lint: $(READY)
	$(BIN)/ruff check cli tests
	$(BIN)/ruff format --check cli tests

types: $(READY)
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python tests/benchmarks

picture: $(READY)
	$(BIN)/python -m pytest tests/picture --renew

clean:
	rm -rf $(VENV) demo build dist
