# `make demo` and `make test` need CPython 3.11 or newer and pip, and nothing else.
PYTHON ?= python3
VENV ?= .venv
DEMO_PORT ?= 8089
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo compare test test-browser test-templates lint types bench dist picture mutants fuzz tables clean

$(READY): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	touch $(READY)

demo:
	rm -rf demo && mkdir demo
	$(PYTHON) -m venv demo/.venv
	demo/.venv/bin/python -m pip install --quiet --disable-pip-version-check '.[serve]'
	demo/.venv/bin/truss init demo/my-model --yes
	cd demo/my-model && ../.venv/bin/truss check
	cd demo/my-model && echo '{"name": "Ada"}' | ../.venv/bin/truss predict
	cd demo/my-model && { ../.venv/bin/truss serve --port $(DEMO_PORT) & } && trap "kill $$!" EXIT && \
		curl --silent --fail --retry 20 --retry-delay 1 --retry-connrefused \
		http://127.0.0.1:$(DEMO_PORT)/v1/models/model:predict -d '{"name": "Ada"}' && echo

test: $(READY)
	$(BIN)/python -m pytest --numprocesses=3 --dist=worksteal

# Tests the templates whose libraries take gigabytes, in an environment of their own; torch first, since what
# else needs it takes any. Needs no GPU.
TEMPLATES := embeddings torch transformers

test-templates:
	rm -rf .templates && $(PYTHON) -m venv .templates/venv
	.templates/venv/bin/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	for name in $(TEMPLATES); do .templates/venv/bin/truss init .templates/$$name -t $$name --yes; done
	.templates/venv/bin/pip install --quiet --disable-pip-version-check "$$(grep -h ^torch== .templates/torch/requirements.txt)"
	.templates/venv/bin/pip install --quiet --disable-pip-version-check $(TEMPLATES:%=-r .templates/%/requirements.txt)
	.templates/venv/bin/python -m pytest -m heavy

test-browser: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check playwright
	$(BIN)/python -m pytest tests/browser

lint: $(READY)
	$(BIN)/ruff check cli tests
	$(BIN)/ruff format --check cli tests

types: $(READY)
	$(BIN)/mypy

bench: $(READY)
	$(BIN)/python tests/benchmarks

# RELEASE=0.18.36 compares with that release of the PyPI package `truss`.
compare: $(READY)
	$(BIN)/python tests/release/compare.py $(RELEASE)

dist: $(READY)
	rm -rf dist
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[release]'
	$(BIN)/python -m build
	$(BIN)/python -m twine check --strict dist/*

picture: $(READY)
	$(BIN)/python -m pytest tests/picture --renew

# SAMPLE=300 SEED=1 takes others; about 10 seconds a mutant.
mutants: $(READY)
	$(BIN)/python tests/mutation $(SAMPLE) $(SEED)

# INPUTS=100000 SEED=2 takes more, and others; some 700 a second.
fuzz: $(READY)
	$(BIN)/python tests/fuzzing/fuzz.py $(INPUTS) $(SEED)

# Regenerates what is known of the standard library, with the pinned stubs.
tables: $(READY)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r tests/library_tables/requirements.txt
	PYTHONPATH=tests $(BIN)/python -m library_tables

clean:
	rm -rf $(VENV) .templates demo build dist
