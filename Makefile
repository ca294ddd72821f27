# `make demo` and `make test` do all set-up; a machine needs Python 3.11 to 3.13 and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
# Three times as fast as pip, which serves where uv can't: it knows nothing of pip's settings.
UV := UV_SYSTEM_CERTS=1 $(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python

.PHONY: env build demo verify test test-slow bench bench-calibration lint format goldens lock clean

env: $(VENV)/.ready

$(VENV)/.ready: requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	$(PIP) --require-hashes -r $(VENV)/uv.lock && $(UV) --require-hashes -r requirements.lock \
		|| $(PIP) --require-hashes -r requirements.lock
	$(UV) --no-deps --no-build-isolation -e . || $(PIP) --no-deps --no-build-isolation -e .
	touch $@

build: env
	$(BIN)/fairmark build

demo: env
	$(BIN)/fairmark build
	$(BIN)/fairmark demo

verify: env
	$(BIN)/fairmark verify

test: env
	$(BIN)/python -m pytest -m "not slow" -n auto

test-slow: env
	$(BIN)/python -m pytest -m slow

# Figures also go to build/bench.json. Leave the machine alone meanwhile.
bench: env
	$(BIN)/python -m benchmarks.speed

# Does a bar keep its promise, and how fast is replay? Figures also go to build/calibration.json.
bench-calibration: env
	$(BIN)/python -m benchmarks.coverage
	$(BIN)/python -m benchmarks.replay

goldens: env
	$(BIN)/python -m pytest tests/build --update-goldens

lint: env
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/ruff format --check src tests benchmarks
	$(BIN)/mypy

format: env
	$(BIN)/ruff check --fix src tests benchmarks
	$(BIN)/ruff format src tests benchmarks

# The lock is universal, pinned with hashes, and names no index.
lock: env
	UV_SYSTEM_CERTS=1 $(BIN)/uv pip compile --universal --generate-hashes --no-emit-index-url --no-emit-find-links --no-header \
		--no-annotate --upgrade --python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf $(VENV) build
