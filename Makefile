# The two commands of the README, and what maintainers need. `make help` lists them.
# Everything runs in .venv, which is made when it is missing and mended when it is out of date.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that the kata supports; choose another with: make exercises PYTHON=/path/to/python
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt
# A virtual environment holds absolute paths: one that was made elsewhere (a moved folder) is made anew.
MADE_HERE := $(shell [ "$$(cat $(VENV)/made-in 2>/dev/null)" = "$(CURDIR)" ] && echo yes)
ifneq ($(MADE_HERE),yes)
$(VENV)/made-in: FORCE
endif

.PHONY: help exercises test lint mutants tolerances FORCE
.DEFAULT_GOAL := help

help:
	@echo "make exercises  set up what is missing and judge your exercises"
	@echo "make test       set up what is missing and run the kata's own tests"
	@echo "make lint       check style with ruff"
	@echo "make mutants    change the solutions and the judge in small ways: does a check fail each time?"
	@echo "make tolerances print how exact the checks are"

# A red board is a learner's normal state: pytest's exit 1 is not an error here.
exercises: $(VENV)/light
	@$(BIN)/pytest exercises/ || [ $$? -eq 1 ]
	@[ -e $(VENV)/full ] || echo "Exercises 01 to 05 are ready. Fetching TensorFlow (about 570 MB) for the later ones; you can begin now."
	@$(MAKE) --no-print-directory $(VENV)/full

test: $(VENV)/dev
	$(BIN)/pytest tests/

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

# Minutes: mutants of the solutions first, then of the judge.
mutants: $(VENV)/dev
	@$(PIP) --editable '.[mutants]'
	$(BIN)/python -m tests.mutants solutions
	$(BIN)/python -m tests.mutants judge

tolerances: $(VENV)/dev
	@$(BIN)/python -m tests.tolerances

$(VENV)/made-in:
	@[ -n "$(PYTHON)" ] || { echo "The kata needs Python 3.11, 3.12 or 3.13: install one, or name it with make ... PYTHON=/path/to/python"; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@echo "$(CURDIR)" > $@

# What exercises 01 to 05 need, in seconds: the first board does not wait for TensorFlow.
$(VENV)/light: $(VENV)/made-in pyproject.toml constraints.txt
	@$(PIP) numpy pytest pytest-benchmark watchdog
	@$(PIP) --no-deps --editable .
	@touch $@

$(VENV)/full: $(VENV)/light
	@$(PIP) --editable .
	@touch $@

$(VENV)/dev: $(VENV)/light
	@$(PIP) --editable '.[dev]'
	@touch $(VENV)/full $@

FORCE:
