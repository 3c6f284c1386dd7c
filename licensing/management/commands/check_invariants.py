"""``manage.py check_invariants``: whether the whole database is as it must be."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from licensing import invariants


class Command(BaseCommand):
    """Say which invariants are broken; fail if any is."""

    help = (
        "Check every invariant of the licence domain and the audit record; fail if one is broken."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        broken = invariants.broken()

        if options["json"]:
            self.stdout.write(json.dumps({"broken": broken}))
        elif not broken:
            self.stdout.write("Every invariant holds.")
        if broken:
            raise CommandError("\n".join(broken))
