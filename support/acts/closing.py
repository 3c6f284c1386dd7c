"""Closing an account, in a day, and keeping it: what both acts ask, foretell and call."""

from __future__ import annotations

from licensing import clock
from licensing.audit import Actor
from licensing.models import Account
from portal.accounts import closing, endings
from support.acts.records import RecordAct
from support.acts.why import Usual, Why
from support.words import moment, number_of

PLURALS = {"person": "people", "report by mail": "reports by mail"}


def preview_close(account: Account) -> list[str]:
    """When it closes, what ends then, and what stays."""
    at = moment(clock.database_time() + closing.WAITS, account)
    counted = endings.counted(account).items()
    ends = [number_of(n, noun, PLURALS.get(noun, "")) for noun, n in counted if n]
    return [
        f"{account} closes in 24 hours, about {at}. Until then everything goes on as before, and "
        "it can be cancelled with one press.",
        f"Then ends: {', '.join(ends) or 'nothing, for there is nothing'}.",
        "No program is closed. Nobody starts one with a licence of this account any more; a "
        "program that is open hears so at its next refresh.",
        "Nobody signs in to it any more. Who has other accounts keeps those.",
        "What was recorded stays, for staff to read. There is no way back then.",
        "Its owners are told by mail now, and when it is closed; the portal says so meanwhile.",
    ]


def close(account: Account, *, by: Actor, reason: str) -> str:
    """Let it close in a day; return what to tell."""
    asked = closing.ask(account, by=by, reason=reason)
    assert asked.closes_at
    return f"{account} closes {moment(asked.closes_at, account)}, unless that is cancelled."


def preview_keep(account: Account) -> list[str]:
    """That nothing has happened."""
    return [f"{account} stays as it is: nothing has ended. Its owners are told by mail."]


def keep(account: Account, *, by: Actor, reason: str) -> str:
    """Keep it; return what to tell."""
    closing.cancel(account, by=by, reason=reason)
    return f"{account} does not close."


def now(account: Account) -> str:
    """That it closes, is closed or merged into another, if so."""
    if account.merged_into:
        return f"merged into {account.merged_into}"
    if account.closed_at:
        return f"closed {moment(account.closed_at, account)}"
    return f"closes {moment(account.closes_at, account)}" if account.closes_at else ""


CLOSE = RecordAct(
    name="close",
    label="Close the account",
    effects="In 24 hours all that the account has ends, for good. Until then it can be cancelled.",
    run=close,
    preview=preview_close,
    why_not=closing.why_not_ask,
    is_sensitive=True,
    is_apart=True,
    is_mailed=False,
    name_typed=str,
    reasons=(
        Usual(Why.ASKED, "The customer ends the contract."),
        Usual(Why.ROUTINE, "It was a trial, which is over."),
    ),
)
KEEP = RecordAct(
    name="cancel-closing",
    label="Cancel the closing",
    effects="The account stays as it is.",
    run=keep,
    preview=preview_keep,
    why_not=closing.why_not_cancel,
    is_mailed=False,
    reasons=(Usual(Why.ASKED, "The customer stays."), Usual(Why.ROUTINE, "Asked for by mistake.")),
)
