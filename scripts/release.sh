#!/bin/sh
# Makes a release in dist/: wheels and source archives of the product and the client, the lock of
# what the product runs on, a list of all parts (CycloneDX), their licences, and checksums.
# The product's wheel is built from the source archive, installed into an empty environment, and
# has to give its static files out there.
set -eu
cd "$(dirname "$0")/.."
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT

say() { echo "release: $*" >&2; }
uv() { sh scripts/uv.sh "$@"; }
build() { uv build -q --no-build-isolation --python .venv/bin/python --out-dir dist "$@"; }
environment() {
  uv venv -q --python .venv/bin/python "$made/$1"
  uv pip sync -q --require-hashes --python "$made/$1/bin/python" "requirements/$2.txt"
}

if [ -n "$(git status --porcelain 2>/dev/null)" ]; then
  say "something is not committed; a release is what a commit has."
  exit 1
fi

rm -rf dist
build .
cp -R client "$made/client" # what its build leaves behind is none of the clone's
build "$made/client"
cp requirements/production.txt dist/requirements.txt
rm -f dist/.gitignore

environment product production
uv pip install -q --no-deps --python "$made/product/bin/python" dist/licensing_portal-*.whl
(
  set -a
  . ./.env.example
  DEMO=1 STATIC_ROOT="$made/static"
  cd "$made" && product/bin/licensing-portal manage collectstatic --noinput
)

environment tools release
"$made/tools/bin/cyclonedx-py" environment --output-reproducible --spec-version 1.6 \
  --output-file "$made/found.json" "$made/product/bin/python"
"$made/tools/bin/python" scripts/parts.py "$made/found.json" dist

(cd dist && sha256sum -- * >"$made/SHA256SUMS" && mv "$made/SHA256SUMS" .)
cat dist/SHA256SUMS
