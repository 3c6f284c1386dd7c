"""``manage.py revoke_key``: end a key."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import keys, stolen_keys
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_key, operator
from licensing.models.keys import KeyState


class Command(OperatorCommand):
    """Revoke a key and, if asked, end the sessions it opened."""

    help = "Revoke a key: it opens the software no more. Open sessions go on unless they are ended."

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)
        parser.add_argument("--end-sessions", action="store_true",
            help="also end the sessions that it opened: their seats are free at once and the "
            "programs learn it at their next refresh (works on a revoked key, too)")  # fmt: skip

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        key, by, reason = find_key(options["serial_number"]), operator(), options["reason"]

        if not options["end_sessions"]:
            keys.revoke(key, by=by, reason=reason)
            ended = 0
        elif key.state == KeyState.REVOKED:
            ended = stolen_keys.end_sessions(key, by=by, reason=reason)
        else:
            ended = stolen_keys.revoke(key, by=by, reason=reason)

        document = {"serial_number": key.serial_number, "ended_sessions": ended}
        return document, f"Revoked {key.serial_number}. Sessions ended: {ended}."
