# Everything here runs from a fresh clone. `make demo` takes PORT (default 8000) and DATA_DIR
# (default .local); `make manage ARGS="..."` the same DATA_DIR. `make test` takes WORKERS.

PORT ?= 8000
WORKERS ?= 2
DATA_DIR ?= .local
export PORT DATA_DIR

# What one process has compiled of Python the next finds.
export PYTHONDONTWRITEBYTECODE :=

# Handed on by the environment and unread by make and the shell, so that quotes and dollar signs
# in ARGS mean what they mean in a shell's command line.
export COMMAND_LINE := $(value ARGS)

PYTHON_IN_VENV := .venv/bin/python
# The checks that read the settings need no servers: the example's values do, secrets included.
WITH_EXAMPLE_SETTINGS := set -a; . ./.env.example; TESTING=1; set +a;

.PHONY: demo manage fleet bench prove drill screenshots test test-fast check format messages lock release container

# The whole product in the foreground, until Ctrl-C.
demo: packages-for-demo
	@exec $(PYTHON_IN_VENV) -m devstack demo --end-with-parent

# One management command in the demo's environment: make manage ARGS="list_sessions SERIAL".
manage: packages-for-demo
	@exec $(PYTHON_IN_VENV) -m devstack manage "$$COMMAND_LINE"

# Simulated desktops against a running product.
fleet: packages-for-demo
	@exec $(PYTHON_IN_VENV) -m devstack manage "fleet $$COMMAND_LINE"

bench: packages-for-demo
	@eval "exec $(PYTHON_IN_VENV) -m bench $$COMMAND_LINE"

# The product under faults, its history recorded and checked: make prove ARGS="--seconds 120", or on
# a cluster whose machines are lost: make prove ARGS="--cluster".
prove: packages-for-demo
	@eval "exec $(PYTHON_IN_VENV) -m prove $$COMMAND_LINE"

# A backup under load, the database lost and restored to a moment: make drill ARGS="--seconds 30".
drill: packages-for-demo
	@eval "exec $(PYTHON_IN_VENV) -m prove.drill $$COMMAND_LINE"

# Pictures of every page of a running demo, in ./screenshots: make screenshots ARGS="--against URL".
screenshots: packages-for-test
	@sh scripts/browser.sh
	@eval "exec $(PYTHON_IN_VENV) -m tests.browser.screenshots $$COMMAND_LINE"

# The tests, and beside them every check and what C++ and Windows need, while a processor is idle:
# that is an eighth of the time, for some tests wait.
test: packages-for-test
	@sh scripts/browser.sh
	@sh scripts/windows.sh
	@$(MAKE) --no-print-directory --jobs=3 tests beside

tests:
	$(PYTHON_IN_VENV) -m pytest --numprocesses=$(WORKERS)
beside:
	@began=$$(date +%s); nice -n 19 $(MAKE) --no-print-directory style examples imports migrations types \
		&& mkdir -p test-results && echo $$(($$(date +%s) - began)) >test-results/beside.txt

# While one works: the product's rules. Left out are what needs a browser or Wine, what is slow,
# what goes through all of a kind, and what surrounds the product: its proofs, its demo, its processes
# and the C++ library. Much of that is not even read, which takes as long.
FAST := -m "not browser and not census and not slow and not windows" --ignore=tests/bench \
	--ignore=tests/browser --ignore=tests/devstack --ignore=tests/product --ignore=tests/prove \
	--ignore=tests/walks --ignore=tests/words --ignore=tests/licensing/races --ignore=tests/support/demo \
	--ignore=tests/api/test_conformance.py --ignore-glob="tests/client/test_cpp*"
test-fast: packages-for-test
	$(PYTHON_IN_VENV) -m pytest --numprocesses=$(WORKERS) $(FAST)

# The checks that need no database: style, types, import rules, forgotten migrations.
check: packages-for-test
	@$(MAKE) --no-print-directory --jobs=2 types style imports migrations

.PHONY: tests beside style types imports migrations examples windows compilers
style:
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/oxlint --quiet static/js
	.venv/bin/djangofmt --check templates

types:
	@$(WITH_EXAMPLE_SETTINGS) set -x; .venv/bin/mypy bench config devstack licensing portal prove support $(wildcard client)

imports:
	.venv/bin/lint-imports --no-logo

migrations:
	@$(WITH_EXAMPLE_SETTINGS) set -x; $(PYTHON_IN_VENV) -W ignore::RuntimeWarning \
		manage.py makemigrations --check --dry-run

# What tries the C++ library, and a Windows to run it: half a minute of a processor,
# so that none waits for another.
examples: built-kit_for_windows built-examples built-kit_here windows
built-%: compilers
	@$(PYTHON_IN_VENV) -m tests.client.cpp $*
windows: compilers
	@$(PYTHON_IN_VENV) -m tests.windows
compilers:
	@sh scripts/windows.sh

format: packages-for-test
	.venv/bin/ruff check --fix .
	.venv/bin/oxlint --quiet --fix static/js
	.venv/bin/ruff format .
	.venv/bin/djangofmt --quiet templates

# Brings every language's catalogue up to date, or begins one: make messages ARGS=fr.
messages: packages-for-test
	@eval "exec $(PYTHON_IN_VENV) scripts/messages.py $$COMMAND_LINE"

# Writes requirements/ anew: make lock, or make lock ARGS=--upgrade.
lock:
	@eval "sh scripts/lock.sh $$COMMAND_LINE"

# Everything that a release consists of, in dist/.
release: packages-for-test
	@sh scripts/release.sh

# Builds the image and runs it as it is meant to be run (tests/devstack/test_container.py); minutes.
# CONTAINER_BUILD="--build-arg PYTHON=..." and CONTAINER_RUN="..." are options of podman or docker.
CONTAINER_BUILD ?=
container: export CONTAINER_BUILD := $(CONTAINER_BUILD)
container: packages-for-test
	$(PYTHON_IN_VENV) -m pytest -n0 -rs tests/devstack/test_container.py

# Makes .venv when it is missing or its lock has changed.
.PHONY: packages-for-demo packages-for-test
packages-for-demo packages-for-test: packages-for-%:
	@sh scripts/bootstrap.sh $*
