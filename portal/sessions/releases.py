"""What a person is told after pressing Release."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import errors, pools
from licensing.errors import LicensingError
from licensing.models import ClientSession
from licensing.models.sessions import EndReason
from portal.sessions.endings import ENDINGS
from portal.words.aliases import real_names
from portal.words.sentences import who
from portal.words.times import at_time

RELEASE = gettext_lazy(
    "Released %(user)s on %(machine)s. %(in_use)s "
    "They can keep working; the program takes a new seat if one is free."
)
FIRST_RELEASE = gettext_lazy(
    "Released %(user)s on %(machine)s. %(in_use)s "
    "They can keep working; the program takes a new seat if one is free. "
    "To keep somebody out, block them."
)


def released(session: ClientSession, *, is_first: bool = False) -> str:
    """The good news, with how full the licence is now and what becomes of the person.

    Somebody's first release says too how to keep a person out.
    """
    return (FIRST_RELEASE if is_first else RELEASE) % {
        "user": session.username,
        "machine": session.machine_name,
        "in_use": seats_in_use(session),
    }


def can_be_put_back(session: ClientSession) -> bool:
    """Whether a seat is free for it now: not in a pool that is over its limit all the same."""
    return pools.in_use(session.licence) < session.licence.seats


def stays_released() -> str:
    """What is told of a seat that cannot be given back, in place of Undo."""
    return _("It can't be put back: all seats are in use.")


def put_back(session: ClientSession) -> str:
    """The good news after an undo."""
    return _("Put back. %(in_use)s") % {"in_use": seats_in_use(session)}


def not_put_back(session: ClientSession, refusal: LicensingError) -> str:
    """Why a release could not be undone."""
    match refusal:
        case errors.SeatTaken() if pools.in_use(session.licence) > session.licence.seats:
            return stays_released()
        case errors.SeatTaken():
            return _("The seat has been taken since, so it can't be put back.")
        case errors.HasSeatAgain():
            return _("%(user)s already has a seat again.") % {"user": session.username}
        case errors.TooLateToUndo():
            return _("Too late to undo.")
    return _("It can't be put back: %(reason)s") % {"reason": refusal}


def seats_in_use(session: ClientSession) -> str:
    """How full the session's licence is now."""
    return _("%(in_use)s of %(seats)s in use.") % {
        "in_use": pools.in_use(session.licence),
        "seats": session.licence.seats,
    }


def already_over(session: ClientSession) -> str:
    """Who released it before, or how it ended, and when."""
    session.refresh_from_db(fields=["ended_at", "end_reason"])
    if session.ended_at is None:  # reclaimed a moment ago, and back on a seat since
        return _("This session has just taken a seat again. Release it once more to free it.")
    words = {"time": at_time(session.ended_at)}
    entry = session.account.audit_entries.filter(
        object_kind=session._meta.verbose_name,
        object_id=str(session.pk),
        action="session_released",
    ).first()
    if session.end_reason == EndReason.RELEASED and entry:
        words["who"] = who(entry, real_names(session.account))
        return _("%(who)s released this session %(time)s.") % words
    words["how"] = str(ENDINGS.get(session.end_reason, session.end_reason))
    return _("This session ended %(time)s. %(how)s.") % words
