"""What ends of an account's licences when the account is closed: all of it, at once."""

from __future__ import annotations

from dataclasses import dataclass

from licensing import audit, emergency_seats, giving_back, keys, licences, planned_seats
from licensing.models import Account, Licence, ProductKey
from licensing.models.keys import KeyState
from licensing.models.licences import LicenceState


@dataclass(frozen=True, slots=True)
class Ended:
    """How much ended."""

    licences: int
    sessions: int
    keys: int


def end_licences(account: Account, *, by: audit.Actor, reason: str = "") -> Ended:
    """Close every licence, give back every seat, revoke every key; return how many there were.

    Programs that are open stay open until they are closed. In a transaction of the caller's, which
    has locked the licences with their seats, then the account.
    """
    all_of_them = list(account.licences.order_by("pk"))
    sessions = sum(end_licence(one, by=by, reason=reason) for one in all_of_them)
    left = working_keys(account)
    for key in left:
        keys.revoke(key, by=by, reason=reason)
    return Ended(len(all_of_them), sessions, len(left))


def end_licence(licence: Licence, *, by: audit.Actor, reason: str) -> int:
    """Close one, with what was planned for it; return how many seats came back."""
    for planned in licence.planned_seats.open().order_by("pk"):
        if planned.added:
            emergency_seats.end(planned, by=by, reason=reason)
        else:
            planned_seats.cancel(planned, by=by, reason=reason)
    if licence.state != LicenceState.CLOSED:
        licences.set_state(licence, LicenceState.CLOSED, by=by, reason=reason)
    return giving_back.all_in(licence)


def working_keys(account: Account) -> list[ProductKey]:
    """The keys that nobody revoked."""
    theirs = ProductKey.objects.filter(account=account).exclude(state=KeyState.REVOKED)
    return list(theirs.order_by("pk"))
