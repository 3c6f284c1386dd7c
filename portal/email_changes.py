"""Changing the e-mail address that a person signs in with: both addresses have to confirm it."""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing import audit
from licensing.errors import InvalidOperation
from portal import invitations, mails
from portal.access import actor
from portal.models import EmailChange, User

GOOD_FOR = dt.timedelta(hours=24)


@transaction.atomic
def ask(user: User, email: str) -> EmailChange:
    """Ask both addresses whether the person shall sign in with the new one.

    The mails go out when the transaction is done; an earlier change ends. Whether the
    address is somebody else's is not said here: then its owner has to confirm, and the
    change fails. Raise InvalidOperation when it is no address, or their own.
    """
    email = invitations.normalise(email)
    if email == user.email.lower():
        raise InvalidOperation(_("That is your address already."))
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # one open change each
    user.email_changes.open().update(cancelled_at=Now())
    ends_at = audit.database_time() + GOOD_FOR
    change = EmailChange.objects.create(user=user, email=email, ends_at=ends_at)
    for membership in user.memberships.order_by("account"):
        audit.record(membership, "email_change_asked", by=actor(user))
    transaction.on_commit(lambda: send(change), robust=True)
    return change


def send(change: EmailChange) -> None:
    """Mail each address its own way to confirm."""
    for to, code in ((change.user.email, change.old_code), (change.email, change.new_code)):
        url = settings.BASE_URL + reverse("portal:confirm_email", args=[code])
        context = {"change": change, "url": url}
        mails.write("email_change", context, to=to, known_as=change.user.email)


def find(code: str) -> EmailChange | None:
    """The change that this code confirms for one of its ends, while it is open."""
    still_open = EmailChange.objects.open().filter(user__is_active=True).select_related("user")
    return still_open.filter(Q(old_code=code) | Q(new_code=code)).first()


@transaction.atomic
def confirm(code: str) -> EmailChange:
    """Confirm for one end; when both have, the person signs in with the new address.

    Raise InvalidOperation when the change is over, or the address has become somebody's.
    """
    change = locked(code)
    end = "old_confirmed_at" if code == change.old_code else "new_confirmed_at"
    setattr(change, end, audit.database_time())
    change.save(update_fields=[end])
    if change.old_confirmed_at and change.new_confirmed_at:
        carry_out(change)
    return change


@transaction.atomic
def cancel(code: str) -> None:
    """Leave the address as it is. Raise InvalidOperation when the change is over."""
    change = locked(code)
    change.cancelled_at = audit.database_time()
    change.save(update_fields=["cancelled_at"])
    for membership in change.user.memberships.order_by("account"):
        audit.record(membership, "email_change_cancelled", by=actor(change.user))


def locked(code: str) -> EmailChange:
    """The open change, nobody else's until the transaction is done."""
    change = find(code)
    still_open = EmailChange.objects.open().select_for_update(of=["self"])
    change = still_open.select_related("user").filter(pk=change.pk).first() if change else None
    if change is None:
        raise InvalidOperation(_("This change is over."))
    return change


def carry_out(change: EmailChange) -> None:
    """Let the person sign in with the new address from now on."""
    if invitations.person(change.email):
        raise InvalidOperation(_("This address can't be used."))
    user, before = change.user, change.user.email
    user.email = change.email
    user.save(update_fields=["email"])
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    change.done_at = audit.database_time()
    change.save(update_fields=["done_at"])
    for membership in user.memberships.order_by("account"):
        audit.record(membership, "email_changed", by=actor(user), before=before, after=user.email)
