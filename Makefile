# The two commands: make demo, make test. `make help` lists the rest.
PYTHON ?= python3
# Bytecode makes starting five times faster.
export PYTHONDONTWRITEBYTECODE =
VENV := .venv
BIN := $(VENV)/bin
WEB_SOURCES := $(shell find sdk ui webapp admin pwa -type f -not -path '*/node_modules/*' -not -path '*/dist/*' 2>/dev/null) package-lock.json

.PHONY: help demo test test-long check bench lock clean need-demo need-test

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

demo: need-demo $(VENV)/.run webapp/dist/.built ## gateway, connector and PBX emulator on this machine, then open a browser
	@$(BIN)/offhook demo $(DEMO)

test: need-test ## every layer of tests, with its time
	@$(MAKE) --no-print-directory -j2 $(VENV)/.test webapp/dist/.built
	@PATH="$(CURDIR)/$(BIN):$$PATH" python infra/dev/layers.py $(LAYERS)

test-long: need-test $(VENV)/.test webapp/dist/.built ## races x 1,000, fuzzing, soaks
	@$(BIN)/pytest -q -m long tests

check: $(VENV)/.test node_modules/.installed ## format, lint, types, import contracts, unit tests
	@PATH="$(CURDIR)/$(BIN):$$PATH" sh infra/dev/check.sh

bench: need-test $(VENV)/.test webapp/dist/.built ## the measured figures, as JSON and a table
	@$(BIN)/python -m bench $(BENCH)

lock: ## renew the lock files (needs uv)
	@sh infra/dev/lock.sh

clean: ## remove what was built
	rm -rf $(VENV) node_modules */node_modules webapp/dist admin/dist .mypy_cache .ruff_cache .pytest_cache

need-demo:
	@PYTHON=$(PYTHON) sh infra/dev/need.sh demo
need-test:
	@PYTHON=$(PYTHON) sh infra/dev/need.sh test

$(VENV)/.run: requirements.lock pyproject.toml
	@echo "Installing the Python packages ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.test: requirements-test.lock $(VENV)/.run
	@echo "Installing the Python packages of the tests ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-test.lock
	@touch $@

node_modules/.installed: package-lock.json
	@echo "Installing the packages of the web app ..."
	@npm ci --no-audit --no-fund --loglevel=error
	@touch $@

webapp/dist/.built: node_modules/.installed $(WEB_SOURCES)
	@echo "Building the web app and the admin portal ..."
	@npm run --silent build > node_modules/.build.log 2>&1 || { cat node_modules/.build.log; exit 1; }
	@touch $@
