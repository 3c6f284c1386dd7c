"""``manage.py list_sessions``: who is using a licence."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing.management.operator import OperatorCommand, find_key
from licensing.models import ClientSession


class Command(OperatorCommand):
    """List the sessions that hold a seat of a serial number's licence."""

    help = (
        "List who holds a seat of a licence now, whichever of its keys they use, "
        "the most recently refreshed first."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("serial_number", metavar="SERIAL")

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        licence = find_key(options["serial_number"]).licence

        active = licence.sessions.active().with_state().order_by("-refreshed_at", "pk")
        listed = [document_of(session) for session in active]

        lines = [f"{len(listed)} of {licence.seats} seats of {licence.name} in use."]
        lines += ["{id}  {state:<8}{refreshed_at:%Y-%m-%d %H:%M}Z  {username} on {machine_name}"
                  .format(**session) for session in listed]  # fmt: skip
        return {"sessions": listed}, "\n".join(lines)


def document_of(session: ClientSession) -> dict[str, Any]:
    """What is told about a session."""
    return {
        "id": session.pk,
        "machine_name": session.machine_name,
        "username": session.username,
        "state": session.state,  # type: ignore[attr-defined]
        "started_at": session.started_at,
        "refreshed_at": session.refreshed_at,
        "reclaim_at": session.reclaim_at,
    }
