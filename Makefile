# `make run` starts Rehearse; `make test` checks everything. Both set up what they need in .venv first.
#
# Installing is two steps, because pip cannot check hashes and install a local project in one command: the pinned,
# hashed packages first, then this project without its dependencies. Stamp files make the second run start at once.
# Written for GNU Make 4 and for the 3.81 that macOS ships.

.DEFAULT_GOAL := run
.PHONY: run demo setup setup-run test explore lint fmt perf constraints clean

VENV := .venv
BIN := $(VENV)/bin
RUN_STAMP := $(VENV)/.run-installed
DEV_STAMP := $(VENV)/.dev-installed
SETUP := bash .ci/setup $(VENV)

run: setup-run ## Start every configured platform, or the playground in the browser
	@$(BIN)/rehearse run

demo: setup-run ## Watch a whole interview in the terminal, with no key and no typing
	@$(BIN)/rehearse practice --demo

setup-run: $(RUN_STAMP)

setup: $(DEV_STAMP)

# The dev set holds the run-time set, so whoever has worked on Rehearse need not install again to run it.
$(RUN_STAMP): pyproject.toml constraints.txt .ci/setup
	@$(SETUP) constraints.txt
	@touch $@

$(DEV_STAMP): pyproject.toml constraints.txt constraints-dev.txt .ci/setup
	@$(SETUP) constraints-dev.txt
	@touch $(RUN_STAMP) $@

lint: setup ## Formatting, lint, import contracts, strict types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/basedpyright

# pytest's closing line stays the last one: the engine's own bar prints nothing unless it is missed.
test: lint ## Everything that must hold before a commit
	$(BIN)/pytest -n 2 --dist loadgroup --cov --cov-report=term-missing:skip-covered
	@$(BIN)/coverage report --include='engine/*' --fail-under=100 --format=total >/dev/null || \
		{ echo "The engine must be covered whole:"; \
		  $(BIN)/coverage report --include='engine/*' --fail-under=100 --skip-covered --show-missing; }

explore: setup ## Look for examples that no run of the tests has tried yet
	$(BIN)/pytest -n 2 --no-cov --hypothesis-profile=explore

fmt: setup ## Format, and mend what lint can mend by itself
	$(BIN)/ruff check --fix --exit-zero .
	$(BIN)/ruff format .

perf: setup ## Print the benchmarks beside their bars
	$(BIN)/python -m tests.perf

# Resolved once for every platform and Python we support. No index address is written into the files.
UV_COMPILE := uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header --no-strip-extras -q
constraints: setup ## Pin anew after a change of pyproject.toml (UPGRADE=1 for the newest versions)
	printf 'hatchling\neditables\n' | $(BIN)/$(UV_COMPILE) $(if $(UPGRADE),--upgrade) pyproject.toml - -o constraints.txt
	printf 'hatchling\neditables\n' | $(BIN)/$(UV_COMPILE) $(if $(UPGRADE),--upgrade) --extra dev --extra postgres \
		-c constraints.txt pyproject.toml - -o constraints-dev.txt

clean: ## Remove what make has made
	rm -rf $(VENV) .coverage .coverage.* .pytest_cache .ruff_cache .hypothesis .import_linter_cache build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
