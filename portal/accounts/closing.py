"""An account that is closed: asked for, cancelled within a day, else closed once and for good."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db import transaction
from django.db.models.functions import Now

from licensing import audit, clock, pools
from licensing.audit import Actor, ForStaff
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account, AuditEntry
from portal.accounts import endings, told

logger = structlog.get_logger(__name__)

WAITS = dt.timedelta(hours=24)
"""So long it can be cancelled."""
ASKED, CANCELLED, CLOSED = "account_closing", "account_closing_cancelled", "account_closed"
"""What the record calls it."""


@transaction.atomic
def ask(account: Account, *, by: Actor, reason: str = "") -> Account:
    """Let the account close in a day; its owners are told by mail. Return it.

    Raise AlreadyDone when it is closed, or closes already.
    """
    locked = Account.objects.locked(account.pk)
    if refused := why_not_ask(locked):
        raise AlreadyDone(refused)
    locked.closes_at = clock.database_time() + WAITS
    locked.save(update_fields=["closes_at"])
    told_at = locked.closes_at.isoformat()
    audit.record(locked, ASKED, by=by, reason=reason, closes_at=told_at)
    told.closes(locked, reason=reason)
    return locked


def why_not_ask(account: Account) -> str:
    """Why it can't be asked for, or ""."""
    if account.closed_at:
        return f"{account} is closed already."
    return f"{account} closes already: cancel that, or wait." if account.closes_at else ""


@transaction.atomic
def cancel(account: Account, *, by: Actor, reason: str = "") -> Account:
    """Keep an account that would close; its owners are told by mail. Return it.

    Raise AlreadyDone when it is closed by now, or would not close.
    """
    locked = Account.objects.locked(account.pk)
    if not locked.is_closing:
        raise AlreadyDone(why_not_cancel(locked))
    locked.closes_at = None
    locked.save(update_fields=["closes_at"])
    audit.record(locked, CANCELLED, by=by, reason=reason)
    told.stays(locked, reason=reason)
    return locked


def why_not_cancel(account: Account) -> str:
    """Why there is nothing to cancel, or ""."""
    if account.closed_at:
        return f"{account} is closed already."
    return "" if account.closes_at else f"{account} does not close."


def asked_for(account: Account) -> AuditEntry | None:
    """The entry of who wanted it closed, and why."""
    return account.audit_entries.filter(action=ASKED).order_by("-number").first()


def carry_out_due() -> int:
    """Close whatever is due, each in a transaction of its own; return how many.

    One that cannot be closed is told in the log, tried again, and keeps no other waiting.
    """
    done = 0
    for pk in Account.objects.due().values_list("pk", flat=True):
        try:
            done += carry_out(pk)
        except InvalidOperation as refusal:
            logger.warning("account_not_closed", account=pk, why=str(refusal))
    return done


@transaction.atomic
def carry_out(pk: int) -> bool:
    """Close this account if it is due; False if it is not, or somebody else has done it.

    Also False, until the next time, where it has got a licence meanwhile: licences are locked
    first, everywhere. The entries name who wanted it, and their reason.
    """
    licences = ids_of_licences(pk)
    pools.lock_whole(licences)
    account = Account.objects.locked(pk)
    if not Account.objects.due().filter(pk=pk).exists() or ids_of_licences(pk) != licences:
        return False
    asked = asked_for(account)
    if asked is None:
        raise InvalidOperation(f"Nobody asked for {account} to be closed.")
    by = Actor(asked.actor_kind, asked.actor_id, asked.actor_name)
    kept = ForStaff(asked.ticket, asked.staff_words, is_quiet=asked.is_quiet)
    with audit.kept_for_staff(kept):
        close(account, by=by, reason=asked.reason)
    return True


def ids_of_licences(account_id: int) -> list[int]:
    """The licences of the account, in their order."""
    found = Account.objects.filter(pk=account_id, licences__isnull=False)
    return list(found.order_by("licences").values_list("licences", flat=True))


def close(account: Account, *, by: Actor, reason: str) -> None:
    """End all that the account has; its record is what is left, and goes on.

    In a transaction of the caller's, which has locked it after its licences and their seats.
    """
    told.closed(account, reason=reason)  # while there are people whom one can tell
    ended = endings.end_all(account, by=by, reason=reason)
    Account.objects.filter(pk=account.pk).update(closed_at=Now())
    audit.record(account, CLOSED, by=by, reason=reason, **ended)
