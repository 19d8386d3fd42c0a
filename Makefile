# make run      from a fresh clone: environment, then the demo on http://localhost:8000
# make install  the environment alone
# make test     everything that CI runs except the linters; brings what it needs
# make check    formatting, lint, layers, types
# make bench    how fast and how many on this machine, kept in bench-results/
# Each step leaves a stamp, so that a second call does only what changed.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := run
.PHONY: run install test check bench dev llm npm system clean

PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --constraint constraints.txt
WHEELS := --only-binary :all:
# As in server/vivavoce/cli/models.py, which says why.
SOUND_CODE := --config-settings=cmake.define.CMAKE_CXX_FLAGS=-fno-dse
PINS   := pyproject.toml constraints.txt

run: install
	@$(BIN)/vivavoce demo

install: $(VENV)/.installed
dev: $(VENV)/.installed-dev
llm: $(VENV)/.installed-llm
npm: node_modules/.installed

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Vivavoce needs Python 3.11 or newer: make PYTHON=/path/to/python3.11"; exit 1; }
	@echo "Creating $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip --disable-pip-version-check install --quiet --upgrade 'pip>=25.1'

$(VENV)/.installed: $(PINS) | $(BIN)/python
	@echo "Installing Vivavoce (wheels only, about a minute) …"
	@$(PIP) $(WHEELS) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	@echo "Installing the development tools …"
	@$(PIP) $(WHEELS) --group dev
	@touch $@

$(VENV)/.installed-llm: $(PINS) | $(VENV)/.installed system
	@$(BIN)/python -c 'import llama_cpp' 2>/dev/null || { echo "Building llama-cpp-python from source (about 6 minutes on 2 cores) …"; $(PIP) $(SOUND_CODE) llama-cpp-python; }
	@touch $@

# Not `npm ci`: it insists on the optional packages of platforms that a mirror may lack.
node_modules/.installed: package.json package-lock.json | system
	@npm install --no-save --silent --no-audit --no-fund
	@touch $@

# Programs that no Python wheel brings; installed by hand or, on Debian as root, here.
system:
	@missing=""; \
	command -v chromium >/dev/null || command -v google-chrome >/dev/null || missing="$$missing chromium"; \
	command -v flite >/dev/null || missing="$$missing flite"; \
	command -v g++ >/dev/null || missing="$$missing g++"; \
	command -v npm >/dev/null || missing="$$missing nodejs npm"; \
	[ -z "$$missing" ] && exit 0; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  echo "Installing$$missing …"; apt-get update -qq; \
	  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
	else echo "The tests need these programs, please install them:$$missing"; exit 1; fi

check: dev npm
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports
	@$(BIN)/mypy
	@npm run --silent check

test: dev llm npm
	@npm test --silent
	@$(BIN)/python -m pytest -q

bench: dev
	@$(BIN)/vivavoce bench all

clean:
	@rm -rf $(VENV) node_modules .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
