"""Sessions that are over: how each ended, and how many did of late."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext_lazy, ngettext

ENDED_OF = dt.timedelta(days=7)
ENDINGS = {
    "closed": gettext_lazy("Closed by its user"),
    "released": gettext_lazy("Released"),
    "reclaimed": gettext_lazy("Not in touch for too long"),
    "replaced": gettext_lazy("Replaced by another session on its machine"),
    "moved": gettext_lazy("Moved to another device"),
    "key_revoked": gettext_lazy("Key revoked"),
    "blocked": gettext_lazy("Blocked by an access rule"),
    "licence_ended": gettext_lazy("Licence ended"),
}


def ended_of_late(sessions: int, *, are_some: bool) -> str:
    """How many sessions ended of late, or how many of them match."""
    if are_some:
        text = ngettext(
            "%(n)s session that ended in the last 7 days matches.",
            "%(n)s sessions that ended in the last 7 days match.",
            sessions,
        )
    else:
        text = ngettext(
            "%(n)s session ended in the last 7 days.",
            "%(n)s sessions ended in the last 7 days.",
            sessions,
        )
    return text % {"n": sessions}
