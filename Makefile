# Everything runs from .venv. It is made on first use, and made again whenever it cannot be trusted: when the
# installation was cut short, the folder was moved, or the Python underneath was removed or replaced.

PYTHON ?= python3
ARGS ?=

RUNTIME := .venv/.runtime
DEV := .venv/.dev
BENCH := .venv/.bench
# `needle` must start this folder's Python (its first lines name it), and that Python must find what it installed.
SOUND := $(if $(filter clean,$(MAKECMDGOALS)),,$(shell test -e $(RUNTIME) \
	&& head -n 3 .venv/bin/needle 2>/dev/null | grep -qF "$$(pwd -P)/.venv/bin/python" \
	&& .venv/bin/python -I -c 'from importlib.util import find_spec; assert find_spec("service") and find_spec("torch")' 2>/dev/null \
	&& echo yes))

export PIP_DISABLE_PIP_VERSION_CHECK := 1
ifdef PORT
export NEEDLE_PORT := $(PORT)
endif

.NOTPARALLEL:
.PHONY: help serve ingest eval bench bench-scale test fuzz soak lint format audit clean fresh

help: ## List these targets
	@echo "Usage: make TARGET [PORT=8000] [ARGS='arguments for the command'] [PYTHON=python3]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-11s %s\n", $$1, $$2 }' Makefile

serve: $(RUNTIME) ## Serve the chat page and the API, building the index first if there is none
	@.venv/bin/needle serve $(ARGS)

ingest: $(RUNTIME) ## Read the corpus into the index
	@.venv/bin/needle ingest $(ARGS)

eval: $(RUNTIME) ## Measure the answers on the evaluation questions
	@.venv/bin/needle eval $(ARGS)

bench: $(BENCH) ## Measure the service under load, next to LangChain and txtai (quickly: make bench ARGS=--quick)
	@.venv/bin/needle bench $(ARGS)

bench-scale: $(BENCH) ## Measure what it costs as the index grows, to a million passages (quickly: ARGS=--quick)
	@.venv/bin/needle bench-scale $(ARGS)

# File by file on each processor, in order, since a file's tests share what takes long to set up.
test: $(DEV) ## Run the tests (one of them: make test ARGS='-k name'; in one process: ARGS='-n 0')
	@.venv/bin/python -m pytest -n logical --maxprocesses 4 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: $(DEV) ## Check style, formatting and types
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/python -m mypy

format: $(DEV) ## Format the code and mend what the linter can
	.venv/bin/ruff check --fix .
	.venv/bin/ruff format .

fuzz: $(DEV) ## Ask each route 1,000 times from its description, and read generated texts for FUZZ_SECONDS=60
	FUZZ_EXAMPLES=1000 .venv/bin/python -m pytest tests/service/test_description.py
	.venv/bin/python -m tests.ingest.fuzz $(or $(FUZZ_SECONDS),60)

soak: $(DEV) ## Ask twice what the service takes while its documents change, for SOAK_SECONDS=120
	@PYTHONPATH=. .venv/bin/python -m tests.load.soak $(or $(SOAK_SECONDS),120)

audit: $(DEV) ## Look the pinned versions up among known vulnerabilities (needs the network)
	.venv/bin/python -m pip install -qq -c constraints.txt 'pip-audit>=2.10'
	.venv/bin/pip-audit --requirement constraints.txt --no-deps --disable-pip --strict --progress-spinner off

clean: ## Remove the environment and all caches; the index stays
	@rm -rf .venv build *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find ingest service eval tests -name __pycache__ -type d -prune -exec rm -rf {} +

$(RUNTIME): pyproject.toml constraints.txt $(if $(SOUND),,fresh)
	$(call install,.)
	@touch $(RUNTIME)

$(DEV): pyproject.toml constraints.txt $(if $(SOUND),,fresh)
	$(call install,.[dev])
	@touch $(RUNTIME) $(DEV)

$(BENCH): pyproject.toml constraints.txt $(if $(SOUND),,fresh)
	$(call install,.[bench])
	@touch $(RUNTIME) $(BENCH)

# The stamps go first and come back last: an installation that was cut short leaves none, and is not trusted.
define install
@echo "Installing $(if $(findstring dev,$(1)),Needle and its development tools,$(if $(findstring bench,$(1)),Needle and what it is measured against,Needle)) into .venv: one to three minutes the first time, seconds after a change."
@rm -f $(RUNTIME) $(DEV) $(BENCH)
@.venv/bin/python -m pip install -qq -c constraints.txt setuptools
@.venv/bin/python -m pip install -qq -c constraints.txt --no-build-isolation -e '$(1)'
endef

fresh:
	@command -v "$(PYTHON)" >/dev/null || { \
		echo "No $(PYTHON) here. Mend: apt install python3 python3-venv, or name another: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
		echo "Needle needs Python 3.11 or later; $(PYTHON) is $$("$(PYTHON)" -V 2>&1 | head -n 1). Mend: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@"$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null || { \
		echo "$(PYTHON) cannot make virtual environments. Mend: apt install python3-venv" >&2; exit 1; }
	@rm -rf .venv
	@"$(PYTHON)" -m venv .venv
