#!/bin/sh
# Makes sure that there is a Chromium for the browser tests: one that is installed, else
# Playwright's own build, else (on Debian and Ubuntu) the distribution's package: of its headless
# shell, which tests run quicker in, where there is one.
# CHROMIUM=/path/to/chromium names one.
set -u
cd "$(dirname "$0")/.."

has_command() { command -v "$1" >/dev/null 2>&1; }

has_playwright_build() {
  .venv/bin/python - 2>/dev/null <<'PROBE'
import os
from playwright.sync_api import sync_playwright

with sync_playwright() as playwright:
    raise SystemExit(not os.path.exists(playwright.chromium.executable_path))
PROBE
}

install_package() {
  has_command apt-get || return 1
  as_root=
  [ "$(id -u)" = 0 ] || as_root="sudo -n"
  $as_root apt-get update -qq || return 1
  for package in chromium-headless-shell chromium; do
    $as_root env DEBIAN_FRONTEND=noninteractive \
      apt-get install -y -qq --no-install-recommends "$package" && return
  done
}

if [ -n "${CHROMIUM:-}" ]; then
  has_command "$CHROMIUM" && exit 0
  echo "browser: CHROMIUM=$CHROMIUM cannot be run." >&2
  exit 1
fi
for browser in chromium-headless-shell chromium chromium-browser google-chrome google-chrome-stable; do
  has_command "$browser" && exit 0
done
has_playwright_build && exit 0

echo "browser: no Chromium found, installing one" >&2
timeout 300 .venv/bin/python -m playwright install --only-shell chromium >/dev/null 2>&1
has_playwright_build && exit 0
install_package >/dev/null 2>&1 && exit 0

echo "browser: none could be installed. Install Chromium, or set CHROMIUM=/path/to/it." >&2
exit 1
