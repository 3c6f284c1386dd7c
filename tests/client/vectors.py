"""The conformance kit's files, as parameters of a test."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "client" / "vectors"


def read(file):
    """What a file of the kit holds."""
    return json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))


def each(file):
    """Runs a test with every case of a file, named by the case."""
    cases = read(file)["cases"]
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])
