"""Finding and starting Chromium: one that is installed, else Playwright's own build.

Its headless shell goes first: without windows, tabs and their chrome it takes a third less of a
processor. It is Chromium for all that a page can tell.
"""

from __future__ import annotations

import os
import shutil

from playwright.sync_api import Browser, BrowserType

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--process-per-site",  # a test's page is shown by the process of the one before
    # A page of a test is gone before code that was compiled once more for it would have paid.
    "--js-flags=--no-opt --no-maglev --single-threaded-gc --min-semi-space-size=16",
]


def find() -> str | None:
    """The path of an installed Chromium (``CHROMIUM`` names one), or None."""
    named = os.environ.get("CHROMIUM")
    return next(filter(None, map(shutil.which, [named] if named else NAMES)), None)


def launch(chromium: BrowserType) -> Browser:
    """A running browser."""
    return chromium.launch(executable_path=find(), args=ARGUMENTS)
