"""The conformance kit's files."""

from __future__ import annotations

import json
from pathlib import Path

FOLDER = Path(__file__).parents[2] / "client" / "vectors"


def read(file):
    """What a file of the kit holds."""
    return json.loads((FOLDER / f"{file}.json").read_text(encoding="utf-8"))
