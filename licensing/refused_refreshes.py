"""Which session was refused its refresh by which reference: what a caller reads out.

Whoever is refused at the start is written down (``denials``). Who was let in and is refused later
is told by the session itself; here is only which session a reference means: the last of each, for a
week, in the cache. So nothing that succeeds is slower for it, and none takes room for ever.
"""

from __future__ import annotations

import datetime as dt
import uuid

from django.core.cache import cache

KEPT = dt.timedelta(days=7)
BY_REFERENCE, BY_SESSION = "refused-refresh:{}", "refused-refresh-of:{}"


def note(session: uuid.UUID, reference: str) -> None:
    """Keep that the session was refused by this reference, in the place of the one before."""
    of_session = BY_SESSION.format(session)
    if before := cache.get(of_session):
        cache.delete(BY_REFERENCE.format(before))
    named = {BY_REFERENCE.format(reference): str(session), of_session: reference}
    cache.set_many(named, KEPT.total_seconds())


def session_of(reference: str) -> uuid.UUID | None:
    """The session that was refused by this reference last; None if none is known."""
    found = cache.get(BY_REFERENCE.format(reference))
    return uuid.UUID(found) if found else None
