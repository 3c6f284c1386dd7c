"""The table of who gets what at every URL, which people read."""

from __future__ import annotations

from pathlib import Path

TABLE = Path(__file__).with_name("access_matrix.txt")
PEOPLE = ("nobody", "viewer", "manager", "owner", "stranger", "support")
