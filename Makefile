# Every target sets itself up: from a clean clone it needs Python 3.11 or later with venv, and Go or Pulumi.

PYTHON ?= python3
STACK ?= staging
ARGS ?=
UV_VERSION := 0.13.9

CACHE := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/dhakacart-infra
ACTIONLINT_VERSION := $(shell sed -n 's|^require github.com/rhysd/actionlint ||p' tools/lint/go.mod)
ACTIONLINT ?= $(CACHE)/actionlint-$(ACTIONLINT_VERSION)/actionlint

BIN := .venv/bin
READY := .venv/.ready
# One for each core, up to four: each begins with five seconds of imports. A file's tests share what its first made.
WORKERS := -n auto --maxprocesses 4 --dist loadfile

export UV_PROJECT_ENVIRONMENT := .venv
export UV_PYTHON_DOWNLOADS := never
# What a user's shell may say to Python or pip, and what nothing here must depend on.
unexport PYTHONPATH PYTHONHOME PYTHONSAFEPATH PYTHONWARNINGS PYTHONOPTIMIZE PIP_USER PIP_TARGET PIP_PREFIX
export PYTHONUTF8 := 1
# Empty is off. Without bytecode every command would compile the SDKs' modules anew: four seconds each time.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help setup up preview destroy serve test coverage test-properties test-faults test-cli test-database test-redis test-monitoring test-cluster lint format schema quotas contracts graphs changes dashboards bench clean

help: ## list the targets
	@echo "make TARGET [STACK=staging|prod|prod-dr] [ARGS='…'] [PYTHON=python3.12]"
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  %-15s %s\n", $$1, $$2}' Makefile

setup: $(READY) ## make .venv with the locked packages (every target does)

up: ## create or change STACK in the simulated AWS, on the real Pulumi engine
preview: ## show what up would do to STACK
destroy: ## delete what STACK made
serve: ## serve the simulated AWS to an ordinary pulumi and aws, until interrupted

up preview destroy: $(READY)
	@$(BIN)/python -m sandbox $@ --stack $(STACK) $(ARGS)

serve: $(READY)
	@$(BIN)/python -m sandbox serve $(ARGS)

test: $(READY) ## unit tests, every stack against its charts, then the real engine; or pytest with ARGS
ifeq ($(strip $(ARGS)),)
	$(BIN)/pytest tests/unit -m "not exhaustive" $(WORKERS)
	$(BIN)/pytest tests/stacks tests/charts $(WORKERS)
	$(BIN)/pytest tests/sandbox -m "not exhaustive" $(WORKERS)
else
	$(BIN)/pytest -m "not exhaustive" $(ARGS)
endif

coverage: $(READY) ## how much of the program the tests on mocked providers reach, branches too; 90 % at least
	$(BIN)/pytest tests/unit tests/stacks -m "not exhaustive" --cov $(WORKERS)

test-properties: $(READY) ## 300 examples of whatever a test says of any input, where make test tries 15
	EXAMPLES=300 $(BIN)/pytest tests/unit tests/sandbox/parts -m hypothesis $(WORKERS) $(ARGS)

test-faults: $(READY) ## AWS calls failed, the engine killed, things late: some cases of each, all with EVERY=1
	$(BIN)/pytest tests/unit tests/sandbox -m exhaustive -n 3 --dist loadgroup $(ARGS)

test-database: $(READY) ## the migrations, on a real PostgreSQL 15 that serves a shop meanwhile
	$(BIN)/pytest tests/database -n 2 $(ARGS)

test-redis: $(READY) ## what the shop's keys weigh and which go first, and what its user may do, on a real Redis
	$(BIN)/pytest tests/redis -n 2 $(ARGS)

test-cli: $(READY) ## the README's commands for AWS by the ordinary Pulumi on PATH, against what serve serves
	$(BIN)/pytest tests/cli $(ARGS)

test-monitoring: $(READY) ## every rule and panel on a real Prometheus that scrapes a stand-in for all exporters
	$(BIN)/pytest tests/monitoring -n 2 --dist loadfile $(ARGS)

test-cluster: $(READY) ## the shop on a real control plane, its load balancer by the real controller
	$(BIN)/pytest tests/cluster $(ARGS)

lint: $(READY) ## formatting, lint, types, workflows, migrations
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/basedpyright
	$(BIN)/squawk -c database/.squawk.toml database/migrations/*.sql
	$(BIN)/zizmor --offline --no-progress .github
	@$(MAKE) --no-print-directory $(ACTIONLINT)
	$(ACTIONLINT) -shellcheck= -pyflakes= .github/workflows/*.yml

format: $(READY) ## format, and repair what can be repaired safely
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

schema: $(READY) ## write the JSON Schema of the stack files from the configuration model
	$(BIN)/python -m dhakacart_infra.config.schema

quotas: $(READY) ## what the stacks need of AWS's quotas, and how to ask for more; ARGS names some
	@$(BIN)/python -m dhakacart_infra.config.quotas $(ARGS)

contracts: $(READY) ## derive what the pinned charts take and define, from the folder CHARTS or their publishers
	@$(BIN)/python -m sandbox.kubernetes.contracts $(if $(CHARTS),--charts '$(CHARTS)') $(ARGS)

graphs: $(READY) ## write the reviewed resource graph of each stack anew: read the diff
	UPDATE_GRAPHS=1 $(BIN)/pytest tests/sandbox/test_graphs.py

changes: $(READY) ## write anew what a change of each key does to a stack that stands: read the diff
	EVERY=1 UPDATE_CHANGES=1 $(BIN)/pytest tests/sandbox/test_every_change.py -m exhaustive -p no:randomly
	$(BIN)/python -m tests.support.change_table

dashboards: $(READY) ## write docs/dashboards.md anew: what every panel shows and asks
	$(BIN)/python -m tests.support.dashboard_page

bench: $(READY) ## preview times beside a program without our code, and how they grow
	$(BIN)/python -m bench $(ARGS)

clean: ## end and remove what the sandbox stands up and what tests leave; .venv and built tools stay
	@test ! -d .sandbox/cluster || $(BIN)/python -m sandbox.control_plane.plane .sandbox/cluster
	rm -rf .sandbox build .coverage .coverage.* .hypothesis .pytest_cache .ruff_cache

$(READY): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "error: $(PYTHON) is not Python 3.11 or later ($$($(PYTHON) --version 2>&1))." >&2; \
	  echo "  Try: install Python 3.11 or later, or name one: make PYTHON=/path/to/python3.11" >&2; exit 1; }
	@test -x $(BIN)/uv || { echo "making .venv, once" >&2; $(PYTHON) -m venv .venv && \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check uv==$(UV_VERSION); }
	@$(BIN)/uv sync --frozen --python $(BIN)/python
	@touch $@

$(ACTIONLINT):
	@command -v go >/dev/null || { \
	  echo "error: lint needs actionlint, and there is no Go to build it with." >&2; \
	  echo "  Try: install Go (https://go.dev/doc/install), or name one: make lint ACTIONLINT=/path/to/actionlint" >&2; \
	  exit 1; }
	@echo "building actionlint $(ACTIONLINT_VERSION), once" >&2
	@mkdir -p $(@D)
	@cd tools/lint && GOWORK=off go build -mod=readonly -trimpath -o $@.partial github.com/rhysd/actionlint/cmd/actionlint
	@mv $@.partial $@
