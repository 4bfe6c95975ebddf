# Parvis: `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
PROVIDER_PORT ?= 9400
SEARCH_PORT ?= 9200
SEARCH ?=
SET ?=

$(VENV)/installed: requirements.txt requirements-dev.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	touch $@

.PHONY: help
help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: install
install: $(VENV)/installed ## Make the virtual environment

.PHONY: demo
demo: $(VENV)/installed ## Serve the demonstration university, with people to sign in as
	PORT=$(PORT) PROVIDER_PORT=$(PROVIDER_PORT) SEARCH=$(SEARCH) SEARCH_PORT=$(SEARCH_PORT) $(BIN)/python tools/demo.py

.PHONY: elasticsearch
elasticsearch: $(VENV)/installed ## Start a real Elasticsearch on port 9200 (SEARCH_PORT), from the Java registry
	$(BIN)/python -m tests.servers.elasticsearch.node $(SEARCH_PORT) .demo/elasticsearch

.PHONY: keycloak
keycloak: $(VENV)/installed ## Serve a Keycloak to sign in at (needs Java and Maven)
	PORT=$(PORT) $(BIN)/python tools/keycloak.py

.PHONY: test
test: $(VENV)/installed ## Set up what is missing, and run the tests
	$(BIN)/python tools/test.py

.PHONY: test-long
test-long: $(VENV)/installed ## Run the tests that need more than a minute
	$(BIN)/python tools/test.py --long

.PHONY: lint
lint: $(VENV)/installed ## Check style, imports, migrations, styles and translations
	$(BIN)/python tools/lint.py

.PHONY: types
types: $(VENV)/installed ## Check types
	$(BIN)/mypy audience content search accounts news events guidance services directory sections home site/portal manage.py

.PHONY: screenshots
screenshots: $(VENV)/installed ## Take the pictures of the documentation again
	$(BIN)/python tools/screenshots.py

.PHONY: bench
bench: $(VENV)/installed ## Measure what pages cost, beside a bare Wagtail page
	$(BIN)/python -m bench.run

.PHONY: relevance
relevance: $(VENV)/installed ## Measure the order of results on judged queries: SET=a folder of them
	PYTHONPATH=site $(BIN)/python -m bench.relevance $(SET)

.PHONY: messages
messages: $(VENV)/installed ## Collect the texts to translate, and compile the catalogues
	$(BIN)/python tools/messages.py
