#!/bin/sh
# Makes .venv with the packages of one lock: `sh scripts/bootstrap.sh demo` or `... test`.
#
# Quiet, and does nothing when the packages are there already. The test lock holds everything the
# demo needs, so a virtual environment made for the tests serves the demo as well.
# PYTHON=/path/to/python chooses the interpreter; otherwise a suitable one is looked for, and only
# when there is none does uv download one.
set -eu
cd "$(dirname "$0")/.."
lock=${1:-test}
mark=.venv/locks # holds a copy of the lock that .venv was made from

say() { echo "bootstrap: $*" >&2; }

is_suitable() {
  "$1" -c 'import sys; raise SystemExit(not (3, 12) <= sys.version_info[:2] <= (3, 14))' \
    >/dev/null 2>&1
}

# Version managers put commands on PATH that only print an error, so each candidate is run.
find_python() {
  account_home=$(getent passwd "$(id -u)" 2>/dev/null | cut -d: -f6 || true)
  for version in 3.13 3.14 3.12; do
    for candidate in "python$version" \
      "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version"*/bin/python \
      "${account_home:-$HOME}/.pyenv/versions/$version"*/bin/python \
      "/usr/local/bin/python$version" "/opt/homebrew/bin/python$version" \
      "$HOME/.local/bin/python$version" python3; do
      if is_suitable "$candidate"; then
        command -v "$candidate"
        return
      fi
    done
  done
}

version_of() { "$1" -c 'import sys; print(sys.version)' 2>/dev/null || true; }

# The scripts in .venv/bin name the folder they were made in: a copied clone needs its own.
is_intact() {
  [ "$(cat .venv/made-in 2>/dev/null)" = "$PWD" ] || return 1
  is_suitable .venv/bin/python || return 1
  [ -z "${PYTHON:-}" ] || [ "$(version_of "$PYTHON")" = "$(version_of .venv/bin/python)" ]
}

make_venv() {
  rm -rf .venv
  python=${PYTHON:-$(find_python)}
  if [ -n "$python" ]; then
    sh scripts/uv.sh venv -q --python "$python" .venv
  elif ! sh scripts/uv.sh venv -q --managed-python --python 3.13 .venv; then
    say "Python 3.12 to 3.14 is needed; none was found and none could be downloaded."
    say "Install one, or name one: PYTHON=/path/to/python3.13"
    exit 1
  fi
  echo "$PWD" >.venv/made-in
}

# Lets `.venv/bin/pytest` and other commands import the product, and its reference client, from
# wherever they are started.
name_folders() {
  for packages in .venv/lib/python3*/site-packages; do
    printf '%s\n' "$PWD" "$PWD/client" >"$packages/product.pth"
  done
}

install_packages() {
  rm -rf "$mark"
  sh scripts/uv.sh pip sync -q --require-hashes --python .venv/bin/python \
    "requirements/$lock.txt"
  mkdir "$mark"
  cp "requirements/$lock.txt" "$mark/"
}

if [ -n "${PYTHON:-}" ] && ! is_suitable "$PYTHON"; then
  say "PYTHON=$PYTHON is not a usable Python 3.12 to 3.14."
  exit 1
fi

# Two commands started together in one clone take turns.
if command -v flock >/dev/null 2>&1; then
  exec 9>.bootstrap.lock
  flock 9
fi

is_intact || make_venv
.venv/bin/python scripts/python_with_core.py
name_folders
[ -e "$mark/test.txt" ] && lock=test # never take the tests' packages away again
if ! cmp -s "requirements/$lock.txt" "$mark/$lock.txt"; then
  say "installing the Python packages of requirements/$lock.txt"
  install_packages
fi
