# Everything is made in .venv; nothing outside this folder is touched.
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory
PORT ?= 8000
BIN := .venv/bin

.PHONY: help setup setup-dev run test check format bench bench-ledger messages clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.installed ## make .venv with what serving needs

setup-dev: .venv/.installed-dev ## add what working on it needs

.venv/.installed: requirements.lock pyproject.toml tools/install
	@tools/install requirements.lock
	@touch $@

# The developers' lock holds everything of the other one, at the same versions.
.venv/.installed-dev: requirements-dev.lock pyproject.toml tools/install
	@tools/install requirements-dev.lock
	@touch $@ .venv/.installed

run: setup ## serve http://127.0.0.1:8000 (PORT=9000 make run: elsewhere)
	@exec $(BIN)/bluegpt serve --port $(PORT)

test: setup-dev ## the whole test suite, on every database and browser that is here
	@$(BIN)/python -m tools.run_tests

check: setup-dev ## format, lint, types, borders, templates, migrations, translations
	@$(BIN)/python -m tools.check

format: setup-dev ## put every Python file into our format, and mend what can be mended
	@$(BIN)/ruff check --quiet --fix-only .
	@$(BIN)/ruff format --quiet .

bench: setup-dev ## measure what a person waits for, and what a token costs
	@$(BIN)/python -m bench

bench-ledger: setup-dev ## measure what the ledger bears, and how fast its books are verified
	@$(BIN)/python -m bench ledger

messages: setup-dev ## take new words into the French catalogue, and compile it
	@$(BIN)/python -m tools.messages update

clean: ## remove .venv and what tools left; the data folder stays
	@rm -rf .venv build bluegpt.egg-info .coverage .coverage.* \
		.pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find bluegpt tests tools bench -name __pycache__ -prune -exec rm -rf {} +
