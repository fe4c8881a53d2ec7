# The two commands of the README, and what maintainers need. `make help` lists them.
# Everything runs in .venv, which is made when it is missing and mended when it is out of date.

VENV := .venv
BIN := $(VENV)/bin
# The first Python that the kata supports; choose another with: make exercises PYTHON=/path/to/python
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11; do \
	$$python -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null && echo $$python && break; done)
INSTALL = touch $(VENV)/installing && \
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $(1) && \
	rm $(VENV)/installing
# A virtual environment holds absolute paths: one that was made elsewhere (a moved folder) is made anew.
# So is one whose installation was interrupted (pip takes half a package for a whole one), and one of another Python
# than the one that is asked for now.
USABLE := $(shell [ ! -e $(VENV)/installing ] && [ "$$(head -n 1 $(VENV)/made-in 2>/dev/null)" = "$(CURDIR)" ] && echo yes)
ifeq ($(origin PYTHON),command line)
USABLE := $(shell [ "$$(tail -n 1 $(VENV)/made-in 2>/dev/null)" = "$(PYTHON)" ] && echo $(USABLE))
endif
ifneq ($(USABLE),yes)
$(VENV)/made-in: FORCE
endif

.PHONY: help exercises buttons scenes walkthrough test lint mutants tolerances figures gpu bench bench-grading bench-page backends prove torture thousand anywhere FORCE
.DEFAULT_GOAL := help

help:
	@echo "make exercises  set up what is missing and judge your exercises"
	@echo "make buttons    print links for the README, to Codespaces, Binder and Colab"
	@echo "make scenes     draw the 2,000 scenes that stand in for the real images"
	@echo "make walkthrough   run the solutions as one notebook and write it as a page"
	@echo "make test       set up what is missing and run the kata's own tests"
	@echo "make prove      run the proofs that take longer: hostile answers, tolerances, all misconceptions"
	@echo "make lint       check style, types, and which room of kata/ imports which"
	@echo "make mutants    change the solutions and the judge in small ways: does a check fail each time?"
	@echo "make tolerances print how exact the checks are"
	@echo "make figures    train what lessons 07 to 09 tell of: are the figures still so?"
	@echo "make gpu        run all of exercise 09 on the GPU that is here, and print how fast and how exact it is"
	@echo "make bench      print what the judge costs beside a bare pytest run"
	@echo "make bench-grading   print how many submissions are graded in a second, beside nbgrader and otter-grader"
	@echo "make bench-page print how soon the page of kata open shows a save"
	@echo "make backends   run exercise 09 on JAX and PyTorch, too: is it the same training there?"
	@echo "make torture    kill a grading run of 200 submissions ten times: is anything lost?"
	@echo "make thousand   grade 1,000 generated submissions: is each marked as it deserves, is the memory flat?"
	@echo "make anywhere   play slow, busy, old and foreign machines: is a right answer right on each of them?"

# A red board is a learner's normal state: pytest's exit 1 is not an error here.
exercises: $(VENV)/light
	@$(BIN)/pytest exercises/ || [ $$? -eq 1 ]
	@[ -e $(VENV)/full ] || echo "Exercises 01 to 05 are ready. Fetching TensorFlow (about 570 MB) for the later ones; you can begin now."
	@$(MAKE) --no-print-directory --silent $(VENV)/full
	@[ "$$VIRTUAL_ENV" = "$(CURDIR)/$(VENV)" ] || echo "To use pytest and kata in this terminal: source $(BIN)/activate"

buttons: $(VENV)/light
	@$(BIN)/python -m kata.elsewhere

scenes: $(VENV)/full
	@$(BIN)/python -m datasets.scenes

walkthrough: $(VENV)/dev
	@$(BIN)/python -m kata.learn.rendering solutions/walkthrough.ipynb

# A test that hangs ends the run, and says where it was; no test takes that long, even where all is slow. What a test
# wrote is removed once it has passed: a run writes 130,000 files, and pytest would remove those of earlier runs instead,
# which took one machine six minutes.
ENDING := --max-worker-restart=0 -o faulthandler_timeout=1200 -o faulthandler_exit_on_timeout=true
ENDING += -o tmp_path_retention_policy=failed
test: $(VENV)/dev
	$(BIN)/pytest tests/ -m "not proof" --numprocesses=auto --dist=loadfile $(ENDING)

# Some 45 minutes; PROOFS=tests/proofs chooses some of them, ONLY='proof and not long' those of `.ci/run`.
PROOFS ?= tests/
ONLY ?= proof
prove: $(VENV)/dev
	$(BIN)/pytest $(PROOFS) -m "$(ONLY)" --numprocesses=auto --dist=loadfile $(ENDING) --durations=20

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Half an hour: mutants of the solutions of 01 to 05 and of the judge, then a sample of those of 06 to 09.
mutants: $(VENV)/dev
	@$(call INSTALL,--editable '.[mutants]')
	$(BIN)/python -m tests.proofs.mutants solutions
	$(BIN)/python -m tests.proofs.mutants judge
	$(BIN)/python -m tests.proofs.mutants later

bench: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.bench_start

bench-page: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.bench_page

# WHOLE=40 takes a class that handed in everything instead: about half a minute of a core for each submission.
bench-grading: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.bench_grading $(if $(WHOLE),--whole $(WHOLE))

# Minutes. JAX and PyTorch are in an environment of their own, which is made anew whenever something is not as it was.
# On Linux the package index gives PyTorch with CUDA, several gigabytes; where pip also knows an index of CPU builds
# (PIP_EXTRA_INDEX_URL, its address is in PyTorch's own instructions), it takes the one of the same version.
BACKENDS := .venv-backends
ifneq ($(shell cat $(BACKENDS)/made 2>/dev/null),$(CURDIR))
$(BACKENDS)/made: FORCE
endif
backends: $(BACKENDS)/made
	$(BACKENDS)/bin/python -m pytest tests/proofs/test_backends.py
$(BACKENDS)/made: $(VENV)/made-in pyproject.toml constraints.txt
	@echo "Making $(BACKENDS) with TensorFlow, JAX and PyTorch (3.6 GB on disk, if PyTorch is built for the CPU) ..."
	@$(BIN)/python -m venv --clear $(BACKENDS)
	@$(BACKENDS)/bin/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[backends]'
	@printf '%s\n' "$(CURDIR)" > $@

torture: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.torture

thousand: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.thousand

# About an hour. Parts of it: .venv/bin/python -m tests.proofs.anywhere --help
anywhere: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.anywhere

figures: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.figures

# ON=cpu: small numbers on the CPU. WITH=/path/to/python: another environment's Keras, with JAX or torch for example.
gpu: $(if $(WITH),,$(VENV)/dev)
	@$(or $(WITH),$(BIN)/python) -m tests.proofs.gpu $(if $(ON),--on $(ON))

tolerances: $(VENV)/dev
	@$(BIN)/python -m tests.proofs.tolerances

$(VENV)/made-in:
	@$(or $(PYTHON),false) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 14))' 2>/dev/null || \
		{ echo "The kata needs Python 3.11, 3.12 or 3.13, not $(or $(PYTHON),what is here): name one with make ... PYTHON=/path/to/python"; exit 1; }
	@echo "Making $(VENV) with $(PYTHON) ..."
	@$(PYTHON) -m venv --clear $(VENV)
	@printf '%s\n%s\n' "$(CURDIR)" "$(PYTHON)" > $@

# What exercises 01 to 05 need, in seconds: the first board does not wait for TensorFlow.
$(VENV)/light: $(VENV)/made-in pyproject.toml constraints.txt
	@$(call INSTALL,numpy pytest pytest-benchmark watchdog)
	@$(call INSTALL,--no-deps --editable .)
	@touch $@

$(VENV)/full: $(VENV)/light
	@$(call INSTALL,--editable .)
	@touch $@

$(VENV)/dev: $(VENV)/light
	@$(call INSTALL,--editable '.[dev]')
	@touch $(VENV)/full $@

FORCE:
