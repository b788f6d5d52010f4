# One entry for everything. The commands make their own environment in $(VENV).
SHELL := /bin/bash

# Where the environment lives, and the Python (3.11 or later) it is made from.
VENV ?= .venv
BASE_PYTHON ?= python3
# Where `make demo` serves.
ADDRESS ?= 127.0.0.1:8000
# Test processes, and more arguments for pytest, as in ARGS="-k ledger".
JOBS ?= 2
ARGS ?=

PYTHON := $(VENV)/bin/python
MANAGE := env -u DATABASE_URL $(PYTHON) example_project/manage.py
PYTEST := $(PYTHON) -m pytest -n $(JOBS) --dist worksteal -r fEsx
# A part of the suite says nothing about the coverage of the whole.
COVERAGE := $(if $(ARGS),,--cov --cov-report=term)
POSTGRES_URL := postgres://postgres@127.0.0.1:5432/wagtail_petition
# Folders of ours that hold templates; a folder that is absent is left out.
TEMPLATES = $(wildcard wagtail_petition/templates example_project tests/testapp)

# Let through: images sized by CSS (H006), styles inside mails and documents (H021), a page without
# a description (H030, H031), and labels whose field Django renders (H042).
DJLINT := --profile=django --lint --quiet --allow-empty-input --ignore=H006,H021,H030,H031,H042

.DEFAULT_GOAL := help
.PHONY: help demo demo-data test test-postgres test-lowest test-newest lint lint-assets format build messages screenshots bench clean

help: ## Print this table
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) \
		| awk -F ':.*## ' '{ printf "  make %-14s %s\n", $$1, $$2 }'

demo: demo-data ## Load the demo petition and serve it, on SQLite
	@printf '\n  Site   http://%s/\n  Admin  http://%s/admin/   (admin / petition)\n' $(ADDRESS) $(ADDRESS)
	@printf '  Mails are printed here. Stop with Ctrl+C.\n\n'
	@$(MANAGE) runserver $(ADDRESS)

demo-data: $(VENV)/.demo ## All that demo does but serve
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) load_demo --address $(ADDRESS)

test: $(VENV)/.test ## Run the whole suite on SQLite, browser included, with its coverage
	@.ci/system_packages.sh test
	env -u DATABASE_URL $(PYTEST) -m "not benchmarks" $(COVERAGE) $(ARGS)
	@echo "Left out: a small run of each benchmark, minutes under load. To run them: make test ARGS='-m benchmarks'"

# What another database doesn't change is left to test.
test-postgres: $(VENV)/.test ## Run the suite on PostgreSQL (DATABASE_URL)
	DATABASE_URL="$${DATABASE_URL:-$(POSTGRES_URL)}" $(PYTEST) \
		-m "not packaging and not apart and not screens and not benchmarks" $(ARGS)

test-lowest: ## Run the suite on the lowest versions of everything (Python 3.11, SQLite)
	.ci/versions.sh lowest -n $(JOBS) --dist worksteal -r fEsx $(ARGS)

test-newest: ## Run the suite on the newest Django and Wagtail (Python 3.12 or later, SQLite)
	.ci/versions.sh newest -n $(JOBS) --dist worksteal -r fEsx $(ARGS)

lint: $(VENV)/.test ## Check format, code, types, imports between rooms, templates, assets
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m ruff check .
	$(VENV)/bin/lint-imports
	$(PYTHON) -m mypy
	$(PYTHON) -m djlint $(DJLINT) $(TEMPLATES)
	@$(MAKE) --no-print-directory lint-assets

lint-assets: ## Check scripts and styles, where there is npm
	@if command -v npm >/dev/null; then \
		$(MAKE) --no-print-directory node_modules/.package-lock.json && npm run --silent lint; \
	else \
		echo 'No npm here: scripts and styles are not checked.'; \
	fi

format: $(VENV)/.test ## Mend what lint can mend
	$(PYTHON) -m ruff check --fix .
	$(PYTHON) -m ruff format .

build: $(VENV)/.test ## Build the source distribution and the wheel into dist/
	$(PYTHON) -m build

messages: $(VENV)/.test ## Bring the translation catalogues up to date
	@.ci/system_packages.sh messages
	$(PYTHON) scripts/messages.py

screenshots: $(VENV)/.test ## Take the pictures of the README from the demo
	@.ci/system_packages.sh browser
	env -u DATABASE_URL $(PYTHON) scripts/screenshots.py

# Make hands BENCH and ROWS on through the environment.
bench: $(VENV)/.test ## Run the benchmarks (BENCH=name, ROWS=n)
	$(PYTHON) -m benchmarks $(BENCH)

clean: ## Remove the environment, builds, caches and the demo's database
	rm -rf example_project/*.sqlite3* $(VENV) .venv-lowest .venv-newest build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A stamp is newer than the files that name our dependencies, so pip runs again only when they change.
$(VENV)/.demo $(VENV)/.test: $(VENV)/.%: setup.cfg pyproject.toml | $(PYTHON)
	$(PYTHON) -m pip install --quiet --editable '.[$*]'
	@touch $@

# What npm itself writes when it has installed.
node_modules/.package-lock.json: package.json package-lock.json
	npm ci --silent
	@touch $@

$(PYTHON):
	@$(BASE_PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo 'Python 3.11 or later is needed: make BASE_PYTHON=/path/to/python …' >&2; exit 1; }
	@BASE_PYTHON=$(BASE_PYTHON) .ci/system_packages.sh venv
	$(BASE_PYTHON) -m venv $(VENV)
