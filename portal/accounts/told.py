"""What the owners of an account are told by mail when it closes, stays, or is closed."""

from __future__ import annotations

from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.models import Account
from portal.mail import mails
from portal.words.times import moment_in_full


def closes(account: Account, *, reason: str) -> None:
    """That it closes, when, and what that means."""
    assert account.closes_at
    for email in owners(account):
        with mails.read_by(email, account):
            at = moment_in_full(account.closes_at, now=timezone.now())
            title = _("%(account)s closes on %(at)s") % {"account": account, "at": at}
            lines = [
                _("Until then everything goes on as before."),
                _(
                    "Then all its licences end: programs that are open stay open, and nobody "
                    "starts them any more. Nobody signs in to it any more, and its API tokens, "
                    "webhooks and reports stop."
                ),
                _("If that should not be, write to us before: until then it can be cancelled."),
            ]
        write(account, email, title, lines, reason)


def stays(account: Account, *, reason: str) -> None:
    """That it does not close after all."""
    for email in owners(account):
        with mails.read_by(email, account):
            title = _("%(account)s does not close") % {"account": account}
            lines = [_("Everything stays as it is. There is nothing that you have to do.")]
        write(account, email, title, lines, reason)


def closed(account: Account, *, reason: str) -> None:
    """That it is closed: the last mail that there is about it."""
    for email in owners(account):
        with mails.read_by(email, account):
            title = _("%(account)s is closed") % {"account": account}
            lines = [
                _(
                    "All its licences have ended: programs that are open stay open, and nobody "
                    "starts them any more. Nobody signs in to it any more, and its API tokens, "
                    "webhooks and reports have stopped."
                ),
                _("Other accounts of yours are as before."),
            ]
        write(account, email, title, lines, reason)


def merged(old: Account, new: Account, *, reason: str) -> None:
    """To the owners of both, that one is a part of the other now."""
    for account, email in ((one, email) for one in (old, new) for email in owners(one)):
        with mails.read_by(email, account):
            names = {"old": old, "new": new}
            title = _("%(old)s is a part of %(new)s now") % names
            lines = [
                _(
                    "All licences, keys and people of %(old)s are in %(new)s. Programs notice "
                    "nothing: whoever works goes on working, and every key is the same."
                )
                % names,
                _(
                    "API tokens, webhooks and single sign-on of %(old)s have ended. Set them up "
                    "in %(new)s where you need them."
                )
                % names,
            ]
        write(account, email, title, lines, reason)


def owners(account: Account) -> list[str]:
    """The addresses of those who own it and can sign in."""
    return list(account.memberships.owners().values_list("user__email", flat=True))


def write(account: Account, email: str, title: str, lines: list[str], reason: str) -> None:
    """One mail, to one owner."""
    context = {"title": title, "lines": lines, "reason": reason, "account": account}
    mails.write("account_closing", context, to=email, account=account)
