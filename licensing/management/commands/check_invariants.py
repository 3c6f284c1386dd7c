"""``manage.py check_invariants``: whether the whole database is as it must be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandError

from licensing import invariants
from licensing.management.operator import OperatorCommand


class Command(OperatorCommand):
    """Say which invariants are broken; fail if any is."""

    help = (
        "Check every invariant of the licence domain and the audit record; fail if one is broken."
    )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        """Look at everything."""
        return {"broken": invariants.broken()}, "Every invariant holds."

    def answer(self, document: dict[str, Any], words: str, *, as_json: bool) -> None:
        """Print what was found, and fail with the sentences if anything was."""
        broken = document["broken"]
        if as_json or not broken:
            super().answer(document, words, as_json=as_json)
        if broken:
            raise CommandError("\n".join(broken))
