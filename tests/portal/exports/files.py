"""Files that pages send, and the disk that they are put on."""

from __future__ import annotations

import contextlib
import csv
import gc
import io
import resource

import pytest


def content(response):
    return b"".join(response.streaming_content)


def export(browser, listed="sessions", kind="csv", query="", **more):
    return browser.post(f"/{listed}/export/?{query}", {"format": kind, **more})


def rows_of(response):
    """The rows of a CSV file, by heading."""
    return list(csv.DictReader(io.StringIO(content(response).decode("utf-8-sig"))))


@contextlib.contextmanager
def no_room():
    """A disk on which this process's files may have a few bytes, its log's among them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        gc.collect()  # files of others that could not even be closed


UNCLOSED = pytest.mark.filterwarnings(
    "ignore::ResourceWarning", "ignore::pytest.PytestUnraisableExceptionWarning"
)


def files_of(export):
    """What lies in the folder of exports for this one."""
    _folders, names = export.file.storage.listdir("exports")
    return [name for name in names if name.startswith(f"{export.pk}")]
