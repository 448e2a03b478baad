# `make` alone prints what there is. Everything runs in .venv, made from the committed lock.

PYTHON := $(shell command -v python3.11 2>/dev/null || command -v python3)
BIN := .venv/bin
STAMP := .venv/.locked
LOCKS := requirements/base.txt requirements/dev.txt requirements/bench.txt requirements/spark.txt
ARGS ?=

.PHONY: help setup demo check lint test bench properties storm docs format wheel

help: ## print what there is
	@echo "Hogar: the household-aware next-best-action engine for telecom operators"; echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@echo; echo "First: make demo. Then: make test."

setup: $(STAMP) ## the environment from the committed lock (done by the others when needed)

$(STAMP): $(LOCKS) pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Hogar needs Python 3.11 or newer; found $$($(PYTHON) --version) at $(PYTHON)"; exit 1; }
	@echo "making .venv from requirements/*.txt (a few minutes the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || \
	  { echo "no venv: on Debian and Ubuntu run 'apt install python3-venv'"; exit 1; }
	@for lock in $(LOCKS); do $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-warn-conflicts --require-hashes -r $$lock || exit 1; done
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $(STAMP)

demo: setup ## a market becomes households, scores and decisions, then the API is served; ARGS=--no-serve ends before
	@$(BIN)/hogar demo --dir demo $(ARGS)

check: lint ## lint and unit tests: before every commit (up to 3 minutes)
	$(BIN)/pytest -q -m "not slow and not market" tests/unit tests/golden tests/contracts

lint: setup ## format, lint, types, import contracts
	$(BIN)/ruff format --check --quiet .
	$(BIN)/ruff check --quiet .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: lint ## check and all other tests: what CI runs (about 14 minutes)
	$(BIN)/pytest -q --cov --cov-report=term:skip-covered tests

bench: setup ## the benchmarks of this machine, each checking its answer first
	@for name in kernel expr inbound whatif replay features twin credibility households; do $(BIN)/python -m benchmarks.$$name --json || exit 1; done

properties: setup ## the property tests with many more examples and seeds
	HOGAR_PROPERTIES=many $(BIN)/pytest -q tests/properties

storm: setup ## the simulation with faults; SEED=7
	HOGAR_SEED=$(or $(SEED),1) $(BIN)/pytest -q tests/simulation

docs: setup ## run every example in README, docs and docstrings
	$(BIN)/pytest -q tests/docs

format: setup ## put the code into the house's form
	$(BIN)/ruff format --quiet .
	$(BIN)/ruff check --fix --quiet .

wheel: setup ## build dist/*.whl
	@rm -rf dist && $(BIN)/python -m hatchling build -t wheel
