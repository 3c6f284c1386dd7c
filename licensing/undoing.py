"""What an undone release needs: that nothing has happened since, and a seat."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q

from licensing import clock, errors, features, pools
from licensing.models import ClientSession, Seat
from licensing.models.keys import KeyState
from licensing.models.sessions import EndReason

UNDO_FOR = dt.timedelta(minutes=2)
"""How long after a release it can be undone.

Pages offer it for ten seconds, and for longer while somebody reads that, or if they asked for it.
"""


def require_no_newer(session: ClientSession) -> None:
    """Raise HasSeatAgain when the same client has opened a session since."""
    same = ClientSession.objects.filter(licence=session.licence_id, identity=session.identity)
    if same.filter(Q(ended_at=None) | Q(started_at__gt=session.started_at)).exists():
        raise errors.HasSeatAgain


def require_just_released(session: ClientSession) -> None:
    """Raise TooLateToUndo unless it was released a moment ago and nothing happened since."""
    if session.end_reason != EndReason.RELEASED or session.closed_at or session.ended_at is None:
        raise errors.TooLateToUndo
    if session.ended_at <= clock.database_time() - UNDO_FOR:
        raise errors.TooLateToUndo
    if session.key.state == KeyState.REVOKED:
        raise errors.KeyRevoked


def put_back(session: ClientSession, seat: Seat | None) -> None:
    """A seat and the limited features that it had; raise SeatTaken when one is gone."""
    if not pools.put_back(session, seat, within=UNDO_FOR):
        require_no_newer(session)  # it may have come a moment ago
        raise errors.SeatTaken
    try:
        features.take(session.pk, session.licence, session.features, asker=session)
    except errors.PoolExhausted:
        raise errors.SeatTaken from None
    if not ClientSession.objects.active().filter(pk=session.pk).exists():
        raise errors.SeatTaken  # it is stale, and was reclaimed itself to make room for a feature
