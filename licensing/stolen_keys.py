"""Ending a key together with the sessions that it opened, as when it was stolen."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from licensing import audit, giving_back, history, keys, pools
from licensing.models import ProductKey
from licensing.models.sessions import EndReason


@transaction.atomic
def end_sessions(key: ProductKey, *, by: audit.Actor, reason: str = "") -> int:
    """End the open sessions that a key has; return how many.

    Their seats are free at once. The programs stay open and learn it at their next
    refresh (``session_ended``); a session whose seat was reclaimed takes none again.
    """
    pools.lock(key.licence_id)  # before any seat; nobody returns to one meanwhile
    for _ in range(2):  # one of them may be on its way to history, or back
        history.forbid_return(key)
        key.sessions.filter(end_reason=EndReason.RECLAIMED).update(end_reason=EndReason.KEY_REVOKED)
    ended = giving_back.all_of(key)
    audit.record(key, "sessions_ended", by=by, reason=reason, ended=ended)
    return ended


@transaction.atomic
def revoke(key: ProductKey, *, by: audit.Actor, reason: str = "") -> int:
    """Revoke a key and end its open sessions; return how many there were.

    Raise AlreadyDone when it has been revoked already.
    """
    keys.lock(key)  # before its sessions end, or a check-out on its way opens one more
    ended = end_sessions(key, by=by, reason=reason)
    keys.revoke(key, by=by, reason=reason)
    return ended


@transaction.atomic
def reissue(
    key: ProductKey, *, by: audit.Actor, reason: str = "", **wanted: Any
) -> tuple[ProductKey, str]:
    """``keys.reissue``, with an end to the old key's open sessions."""
    keys.lock(key)  # as above
    end_sessions(key, by=by, reason=reason)
    return keys.reissue(key, by=by, reason=reason, **wanted)
