"""``manage.py reclaim_stale``: take back the seats of sessions that stopped refreshing."""

from __future__ import annotations

from typing import Any

from licensing import sessions
from licensing.management.operator import OperatorCommand


class Command(OperatorCommand):
    """Reclaim all stale seats."""

    help = (
        "Take back the seats whose time to be reclaimed has passed. The worker does it each "
        "minute, and a check-out does it for itself: this only tidies up sooner."
    )

    def operate(self, **options: Any) -> tuple[dict[str, Any], str]:
        reclaimed = sessions.reclaim_stale()
        return {"reclaimed": reclaimed}, f"Seats taken back: {reclaimed}."
