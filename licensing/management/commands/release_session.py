"""``manage.py release_session``: free the seat that somebody holds."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser

from licensing import sessions
from licensing.management import arguments
from licensing.management.operator import OperatorCommand, find_session, operator
from licensing.models.sessions import EndReason


class Command(OperatorCommand):
    """Release a session."""

    help = (
        "Free the seat that a session holds. The program stays open; it takes a new seat if "
        "one is free. The state tells how the session ended, should it have ended before."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("session_id", type=arguments.session_id, metavar="SESSION_ID")
        parser.add_argument("--reason", type=arguments.reason, metavar="TEXT", required=True)

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        session = find_session(options["session_id"])

        if sessions.release(session, by=operator(), reason=options["reason"]):
            words = f"Released the licence held by {session}."
        else:
            words = f"{session} had already given the licence back."

        session.refresh_from_db(fields=["end_reason"])
        state = EndReason(session.end_reason).value
        return {"session": session.pk, "state": state}, words
