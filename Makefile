# Each target does all its own set-up: a Python 3.11 or later and make are enough.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test bench lint contracts clean

run: $(VENV)/ready  ## play the Anglesey tournament and print its standings
	$(BIN)/gridpact tournament anglesey

test: $(VENV)/ready-dev  ## run every test
	$(BIN)/pytest -n 2 --dist loadfile $(PYTEST_ARGS)

bench: $(VENV)/ready-dev  ## measure, and print the machine with the figures
	$(BIN)/python -m benchmarks

lint: $(VENV)/ready-dev  ## format, lint, types, architecture
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

contracts: $(VENV)/ready chain/contracts/node_modules/ready  ## compile again and compare
	$(BIN)/gridpact contracts check

chain/contracts/node_modules/ready: chain/contracts/package-lock.json
	cd chain/contracts && npm ci --silent
	touch $@

$(VENV)/uv:
	$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11) and 'Python 3.11 or later wanted')"
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check uv==0.13.9
	touch $@

$(VENV)/ready: $(VENV)/uv requirements.txt pyproject.toml
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps -e .
	touch $@

$(VENV)/ready-dev: $(VENV)/ready requirements-dev.txt
	$(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements-dev.txt
	touch $@

clean:  ## remove everything that was made here
	rm -rf $(VENV) build dist results *.egg-info .coverage .hypothesis .mypy_cache .pytest_cache .ruff_cache
