# Each target sets up what it needs. A fresh machine needs Python 3.11 or newer, git and make.
# PYTHON=python3.12 chooses another Python; UPGRADE=--upgrade lets `make lock` move to newer versions.

# Where /usr/bin has another python3 than PATH, it is the faster one: distributions build it with optimisations, which
# pyenv leaves out. The tests take an eighth less.
PYTHON ?= $(or $(shell for each in /usr/bin/python3 python3; do \
  $$each -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$each && break; \
  done),python3)
UPGRADE ?=
BIN := .venv/bin
READY := .venv/ready

# Processes start by the hundred in the tests, and several at once: none compiles what another one has compiled or is
# about to, even where an image says so.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help setup hooks demo up check fix fast one test coverage bench lock
.DELETE_ON_ERROR:

help:
	@echo "make demo      a whole quarter on this machine; leaves reports and its data in out/"
	@echo "make up        the same stack, kept running"
	@echo "make check     format, lint and types"
	@echo "make fix       format, and mend what lint can mend"
	@echo "make fast      the tests that start no server, with fewer examples: about a minute"
	@echo "make one T=…   one test, as pytest names it: make one T='tests/shared -k window'"
	@echo "make test      all tests, in four processes"
	@echo "make coverage  all tests, and the lines that none of them ran in out/coverage/"
	@echo "make bench     the measurements"
	@echo "make hooks     make check before each commit of this clone"
	@echo "make lock      pin what pyproject.toml asks for, with hashes"
	@echo "make setup     .venv and nothing else; the others do it themselves"

setup: $(READY)

# uv when it is there, for speed; otherwise pip does the same from the same hashes, so that nothing unpinned is fetched
# to fetch the pinned. hatchling, which builds the project, and editables, which hatchling asks for when it is
# installed with -e, are in the lock too: hence no build isolation.
$(READY): pyproject.toml requirements-dev.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Minh Bạch needs Python 3.11 or newer as $(PYTHON); choose another one with: make PYTHON=python3.12" >&2; exit 1; }
	@if command -v uv >/dev/null; then \
	  uv venv --quiet --clear --python "$$($(PYTHON) -c 'import sys; print(sys.executable)')" .venv && \
	  uv pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements-dev.lock && \
	  uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .; \
	else \
	  $(PYTHON) -m venv --clear .venv || \
	    { echo "$(PYTHON) cannot make a .venv; on Debian: apt-get install python3-venv" >&2; exit 1; }; \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.lock && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .; \
	fi
	@$(BIN)/python -m compileall -q services shared deploy
	@touch $@

demo: $(READY)
	$(BIN)/minhbach demo --out out --keep --data out/minhbach-data

up: $(READY)
	$(BIN)/minhbach up

check: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy services shared deploy

fix: $(READY)
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

hooks: $(READY)
	$(BIN)/pre-commit install

# A file's tests stay in one process: those of a journey share its servers.
PYTEST := $(BIN)/python -m pytest --dist loadfile --no-loadscope-reorder
# More processes than cores: tests of servers wait for half of their time.
ALL := $(PYTEST) -n 4

fast: $(READY)
	$(PYTEST) -n 2 -m "not servers and not slow" --hypothesis-profile=fast

one: $(READY)
	$(BIN)/python -m pytest $(T)

test: $(READY)
	$(ALL)

coverage: $(READY)
	$(ALL) --cov=services --cov=shared --cov=deploy --cov-report=html:out/coverage --cov-report=term:skip-covered

bench: $(READY)
	$(BIN)/python -m tests.bench

# One resolution for all platforms and for every Python from 3.11. Run from any machine, the files come out without
# the address of the index it used: uv writes none unless asked, and tests/test_deploy.py looks.
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
  --custom-compile-command "make lock" $(UPGRADE)

lock: $(READY)
	$(LOCK) --output-file requirements.lock pyproject.toml
	printf 'hatchling\neditables\nuv\n' | $(LOCK) --output-file requirements-dev.lock --constraints requirements.lock --group dev pyproject.toml -
