# Two commands for a newcomer: `make run` and `make test`. The rest is in `make help`.

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13; do $$p -c '' 2>/dev/null && echo $$p && exit; done; echo python3)
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help install run demo test bench clean
.DEFAULT_GOAL := help

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(VENV)/.installed ## set up .venv with the pinned packages

$(VENV)/.installed: requirements.txt constraints.txt
	@echo "Setting up $(VENV) with $(PYTHON) …"
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' \
		|| (echo "Python 3.11, 3.12 or 3.13 is needed; say which with PYTHON=…"; exit 1)
	@$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --progress-bar on -c constraints.txt -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed requirements-dev.txt
	$(BIN)/pip install --progress-bar on -c constraints.txt -r requirements-dev.txt
	@touch $@

run: install ## serve on $PORT (8080), with everything it needs
	$(BIN)/python -m server

demo: install ## a simulated caller phones in and books
	$(BIN)/python -m server.demo

test: $(VENV)/.installed-dev ## everything that CI runs: tests, lint, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest -n 2 --dist loadfile

bench: $(VENV)/.installed-dev ## the measurements
	$(BIN)/python -m bench

clean: ## forget what was installed and cached
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis
