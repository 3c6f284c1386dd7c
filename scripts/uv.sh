#!/bin/sh
# Runs uv: the one on PATH, else one of our own, fetched once from the package index into .tools.
# Needs sh and any python3 from 3.8 on (or uv).
set -eu
cd "$(dirname "$0")/.."

# Trust the system's certificates, as networks with an inspecting proxy require. Older versions
# of uv know only the second name.
export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-1}" UV_NATIVE_TLS="${UV_NATIVE_TLS:-1}"

can_seed() { "$1" -c 'import sys; raise SystemExit(sys.version_info < (3, 8))' >/dev/null 2>&1; }

find_seed() {
  for candidate in "${PYTHON:-python3}" python3 /usr/bin/python3 python \
    "${PYENV_ROOT:-$HOME/.pyenv}"/versions/*/bin/python; do
    if can_seed "$candidate"; then
      echo "$candidate"
      return
    fi
  done
  echo "Neither uv nor a python3 was found; please install one of them." >&2
  exit 1
}

install_with_pip() { "$@" -q --disable-pip-version-check --require-hashes -r requirements/uv.txt; }

fetch_uv() {
  seed=$(find_seed)
  rm -rf .tools
  if "$seed" -m venv .tools >/dev/null 2>&1; then
    install_with_pip .tools/bin/python -m pip install
    return
  fi
  # Debian without python3-venv: pip alone is enough.
  rm -rf .tools
  install_with_pip "$seed" -m pip install --target .tools/lib
  mkdir -p .tools/bin
  ln -s ../lib/bin/uv .tools/bin/uv
}

if command -v uv >/dev/null 2>&1; then
  exec uv "$@"
fi
if ! .tools/bin/uv --version >/dev/null 2>&1; then
  log=$(mktemp)
  if ! fetch_uv >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    exit 1
  fi
  rm -f "$log"
fi
exec .tools/bin/uv "$@"
