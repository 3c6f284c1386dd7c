#!/bin/sh
# Writes the locks in requirements/ from pyproject.toml, keeping the versions they name.
# `sh scripts/lock.sh --upgrade` takes the newest versions, `--upgrade-package NAME` one package's.
set -eu
cd "$(dirname "$0")/.."

# The locks name no host and no index, so that they install the same everywhere.
compile() {
  sh scripts/uv.sh pip compile -q --universal --python-version 3.12 --generate-hashes \
    --no-header --no-annotate --custom-compile-command "make lock" "$@"
}

# The tests' lock comes first and binds the others: what is tested is what runs.
compile pyproject.toml --extra demo --extra test -o requirements/test.txt "$@"
compile pyproject.toml --extra demo -c requirements/test.txt -o requirements/demo.txt
compile pyproject.toml -c requirements/test.txt -o requirements/production.txt
compile --group windows -c requirements/test.txt -o requirements/windows.txt
compile --group release -o requirements/release.txt "$@"
compile --group cluster -c requirements/test.txt -o requirements/cluster.txt
compile --group bootstrap -o requirements/uv.txt "$@"
