# Two commands to know: `make run` and `make test`. Each sets up all it needs by itself, and does so once.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.PHONY: help setup setup-test assets run test lint bench lock clean

PORT ?= 8000
# How many tests run at the same time.
WORKERS ?= 2
BIN := .venv/bin

help:
	@echo "make run [PORT=8000]  the product with data to look at, in your browser"
	@echo "make test             linters and every test, on SQLite and PostgreSQL"
	@echo "make lint             ruff, mypy and djlint alone"
	@echo "make bench            measurements"
	@echo "make setup            what run and test do first: environment, packages, assets"
	@echo "make lock             renew the lock files after a change of pyproject.toml"
	@echo "make clean            remove all that set-up made; data in instance/ stays"

setup:
	@.setup/environment.sh run
	@.setup/assets.sh

setup-test:
	@.setup/environment.sh test
	@.setup/assets.sh
	@.setup/system.sh

assets: setup

run: setup
	@exec $(BIN)/support-directory demo --port $(PORT)

test: setup-test lint
	@SHARE_DATABASES=1 exec $(BIN)/python -m pytest -n $(WORKERS)

lint:
	@.setup/environment.sh test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet

bench:
	@.setup/environment.sh test
	@.setup/assets.sh
	@exec $(BIN)/python -m bench

# The lock files hold versions and hashes, no addresses of registries. `--upgrade` renews every version within its
# bounds; without it only what pyproject.toml asks for changes: make lock UPGRADE=--upgrade
UPGRADE ?=
COMPILE = build/lock/bin/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links \
	--no-emit-trusted-host --no-header --allow-unsafe --strip-extras --all-build-deps $(UPGRADE)
lock:
	@.setup/environment.sh run
	$(BIN)/python -m venv build/lock
	build/lock/bin/pip install --quiet --disable-pip-version-check pip-tools
	$(COMPILE) --extra postgresql --extra notify --extra pdf --output-file .setup/requirements.txt pyproject.toml
	$(COMPILE) --extra postgresql --extra notify --extra pdf --extra dev --constraint .setup/requirements.txt \
		--output-file .setup/requirements-dev.txt pyproject.toml

clean:
	rm -rf .venv build directory/web/static/built support_directory.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .test-artefacts
	find directory tests bench migrations -name __pycache__ -type d -prune -exec rm -rf {} +
