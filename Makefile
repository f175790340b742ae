# Everything runs in .venv, which is made from the lock files once, and again when they change.
PYTHON ?= python3
UV ?= uv
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: run test lint lock slurm bench

run: .venv/run # make results/ from corpus/
	$(BIN)/snakemake --profile workflow/profiles/default

test: .venv/dev # each file on one of the cores, in the order of conftest.py
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/snakefmt --check Snakefile workflow
	$(BIN)/snakemake --lint

slurm: .venv/slurm # make results/ on a Slurm cluster
	$(BIN)/snakemake --profile workflow/profiles/slurm

# How fast it is, on documents of yours: `make bench DATA=folder`; benchmarks/README.md tells what is measured.
bench: DATA ?= corpus
bench: .venv/run
	$(BIN)/python benchmarks/bench.py $(DATA)
	$(BIN)/python benchmarks/growth.py $(DATA)
	$(BIN)/python benchmarks/increment.py $(DATA)

# Write the lock files anew: `make lock`, or `make lock UPGRADE=--upgrade` for the newest versions.
COMPILE = $(UV) pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate $(UPGRADE)
lock:
	@$(UV) --version || { echo "error: 'make lock' needs uv; 'pip install uv', or name it: make lock UV=path/to/uv" >&2; exit 1; }
	$(COMPILE) --output-file requirements.lock
	$(COMPILE) --constraint requirements.lock --extra dev --output-file requirements-dev.lock
	$(COMPILE) --constraint requirements.lock --extra slurm --output-file requirements-slurm.lock
	@sed '/^  - pip:/q' workflow/envs/entente.yaml > .env.yaml
	@sed -n 's/^\([a-z0-9][^ ]*==[^\\]*[^\\ ]\) *\\$$/      - "\1"/p' requirements.lock >> .env.yaml
	@mv .env.yaml workflow/envs/entente.yaml

# The lock is complete, so pip resolves nothing (--no-deps) and what comes as source is built by the locked setuptools.
INSTALL = $(BIN)/pip install --quiet --quiet --disable-pip-version-check --no-deps --no-build-isolation
FAILED = { echo "error: the installation into .venv failed; the lines above say why. pip needs a package index" \
	"that it can reach; then run make again" >&2; exit 1; }

.venv/run: requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; v = "%d.%d" % sys.version_info[:2]; sys.exit(None if v in ("3.11", "3.12", "3.13") \
		else "error: Entente runs on Python 3.11 to 3.13, and $(PYTHON) is " + v + "; name another: make PYTHON=python3.13")'
	@echo "Installing the packages of requirements.lock into .venv (about a minute) ..."
	@$(PYTHON) -m venv --clear .venv || $(FAILED)
	@sed -n '/^setuptools==/,/[^\\]$$/p' requirements.lock > .venv/setuptools.lock
	@$(INSTALL) --require-hashes -r .venv/setuptools.lock || $(FAILED)
	@$(INSTALL) --require-hashes -r requirements.lock || $(FAILED)
	@$(INSTALL) --editable . || $(FAILED)
	@touch $@

.venv/dev .venv/slurm: .venv/%: .venv/run requirements-%.lock
	@echo "Installing the packages of requirements-$*.lock into .venv ..."
	@$(INSTALL) --require-hashes -r requirements-$*.lock || $(FAILED)
	@touch $@
