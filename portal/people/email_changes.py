"""Changing the e-mail address that a person signs in with: both addresses have to confirm it.

Whose old mailbox is dead asks the support desk: then the new address confirms, and the change
waits for a day in which the old one, told by mail, can stop it. However it came about, ``put``
ends everything that the old address opened.
"""

from __future__ import annotations

import datetime as dt

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import audit, clock
from licensing.errors import AlreadyDone, InvalidOperation
from portal.mail import deliveries, failing, mails
from portal.models import Delivery, EmailChange, User
from portal.people import invitations
from portal.sign_in import security_changes
from portal.words.names import short_name

GOOD_FOR = dt.timedelta(hours=24)
WAITS_FOR = dt.timedelta(hours=24)
"""How long the old address can stop what the support desk was asked for."""
CONFIRMED_WITHIN = dt.timedelta(days=3)
CHANGED = gettext_lazy("The e-mail address that you sign in with was changed")


class AddressTaken(InvalidOperation):
    """The new address has become somebody's since it was asked for."""


@transaction.atomic
def ask(user: User, email: str) -> EmailChange:
    """Ask both addresses whether the person shall sign in with the new one.

    An earlier change ends. Whether the
    address is somebody else's is not said here: then its owner has to confirm, and the
    change fails. Raise InvalidOperation when it is no address, or their own.
    """
    email = invitations.normalise(email)
    if email == user.email.lower():
        raise InvalidOperation(_("That is your address already."))
    end_open(user)
    ends_at = clock.database_time() + GOOD_FOR
    change = EmailChange.objects.create(user=user, email=email, ends_at=ends_at)
    record(user, "email_change_asked", by=user.as_actor)
    send(change)
    return change


@transaction.atomic
def ask_for(user: User, email: str, *, by: audit.Actor, reason: str) -> EmailChange:
    """Ask for somebody who cannot read mails at their old address any more.

    The new address has to confirm within three days. The old one gets a mail with a way to
    stop it, and a day to do so. Raise what ``require_new`` does.
    """
    email = require_new(user, email)
    end_open(user)
    now = clock.database_time()
    change = EmailChange.objects.create(
        user=user,
        email=email,
        due_at=now + WAITS_FOR,
        ends_at=now + CONFIRMED_WITHIN,
        actor_id=by.id,
        actor_name=by.name,
        reason=reason,
    )
    record(user, "email_replacement_asked", by=by, reason=reason, after=email)
    send(change)
    return change


@transaction.atomic
def replace(user: User, email: str, *, by: audit.Actor, reason: str) -> None:
    """Let the person sign in with another address at once, and by the old one no more.

    For a mailbox that is in somebody else's hands, who would stop the change: nobody is
    asked, both addresses are told. Raise what ``require_new`` does.
    """
    email = require_new(user, email)
    end_open(user)
    put(user, email, by=by, reason=reason)


def require_new(user: User, email: str) -> str:
    """The address as it is kept; raise InvalidOperation when it is somebody's already."""
    email = invitations.normalise(email)
    if email == user.email.lower():
        raise InvalidOperation(_("%(person)s signs in as %(email)s already.") % words(user, email))
    if User.objects.of_address(email):
        raise InvalidOperation(_("Somebody signs in as %(email)s already.") % words(user, email))
    return email


def words(user: User, email: str) -> dict[str, object]:
    """What sentences say about a change."""
    return {"person": user, "email": email}


def end_open(user: User) -> None:
    """Stop what was asked before: everybody has one open change at most."""
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    for earlier in user.email_changes.open():
        end(earlier)


def record(user: User, action: str, *, by: audit.Actor, reason: str = "", **details: str) -> None:
    """Write it down in each of the person's accounts."""
    for membership in user.memberships.order_by("account"):
        audit.record(membership, action, by=by, reason=reason, **details)


def send(change: EmailChange) -> None:
    """Mail each address its own way to confirm, or to stop it."""
    change.old_mail = mail(change, change.old_code, to=change.user.email)
    change.new_mail = mail(change, change.new_code, to=change.email)
    change.save(update_fields=["old_mail", "new_mail"])


def mail(change: EmailChange, code: str, *, to: str) -> Delivery:
    """Mail one address its way to confirm, or to stop it."""
    url = settings.BASE_URL + reverse("portal:confirm_email", args=[code])
    return mails.write(
        "email_change_by_support" if change.is_by_support else "email_change",
        {"change": change, "url": url, "is_old": code == change.old_code},
        to=to,
        known_as=change.user.email,
        asked_by=asked_by(change) if change.is_by_support else change.user,
        valid_until=change.ends_at,
    )


def end(change: EmailChange) -> None:
    """Nobody can confirm it any more, and its mails need not arrive."""
    change.cancelled_at = clock.database_time()
    change.save(update_fields=["cancelled_at"])
    deliveries.withdraw(change.old_mail, change.new_mail)


def find(code: str) -> EmailChange | None:
    """The change that this code confirms for one of its ends, while it is open."""
    still_open = EmailChange.objects.open().filter(user__is_active=True).select_related("user")
    return still_open.filter(Q(old_code=code) | Q(new_code=code)).first()


@transaction.atomic
def confirm(code: str) -> EmailChange:
    """Confirm for one end; when both have, the person signs in with the new address.

    Raise AlreadyDone when the change is over, AddressTaken when the address has become
    somebody's.
    """
    change = locked(code)
    end = "old_confirmed_at" if code == change.old_code else "new_confirmed_at"
    setattr(change, end, clock.database_time())
    change.save(update_fields=[end])
    if change.new_confirmed_at and (change.old_confirmed_at or is_due(change)):
        carry_out(change)
    return change


def is_due(change: EmailChange) -> bool:
    """Whether the old address has had its day to stop it."""
    return change.due_at is not None and change.due_at <= clock.database_time()


def carry_out_due() -> int:
    """Make the changes of the support desk whose day is over; return how many.

    One whose address has become somebody's meanwhile ends.
    """
    due = EmailChange.objects.open().filter(due_at__lte=Now(), new_confirmed_at__isnull=False)
    done = 0
    for code in due.values_list("new_code", flat=True):
        try:
            confirm(code)
            done += 1
        except (AlreadyDone, AddressTaken):
            EmailChange.objects.open().filter(new_code=code).update(cancelled_at=Now())
    return done


@transaction.atomic
def cancel(code: str) -> EmailChange:
    """Leave the address as it is. Raise AlreadyDone when the change is over."""
    change = locked(code)
    end(change)
    record(change.user, "email_change_cancelled", by=change.user.as_actor)
    return change


def locked(code: str) -> EmailChange:
    """The open change, nobody else's until the transaction is done."""
    change = find(code)
    still_open = EmailChange.objects.open().select_for_update(of=["self"])
    change = still_open.select_related("user").filter(pk=change.pk).first() if change else None
    if change is None:
        raise AlreadyDone(_("This change is over."))
    return change


def carry_out(change: EmailChange) -> None:
    """Let the person sign in with the new address from now on."""
    if User.objects.of_address(change.email):
        raise AddressTaken(_("This address can't be used."))
    change.done_at = clock.database_time()
    change.save(update_fields=["done_at"])
    put(change.user, change.email, by=asked_by(change), reason=change.reason)


def asked_by(change: EmailChange) -> audit.Actor:
    """Who asked for it: the person, or somebody of the support desk."""
    if change.is_by_support:
        return audit.Actor("support", change.actor_id, change.actor_name)
    return change.user.as_actor


def put(user: User, email: str, *, by: audit.Actor, reason: str) -> None:
    """The address is this one: nothing that was opened with, or mailed to, the old one works.

    Links that reset a password are bound to the address, and codes that sign in are refused by
    the ``AccountAdapter``.
    """
    before, user.email = user.email, email
    user.save(update_fields=["email"])
    failing.clear(User.objects.filter(pk=user.pk))  # it was the old address that failed
    EmailAddress.objects.filter(user=user).delete()
    EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
    for session in UserSession.objects.filter(user=user):
        session.end()
    if by.id == str(user.pk):
        record(user, "email_changed", by=user.as_actor, before=before, after=email)
    else:
        record(user, "email_replaced", by=by, reason=reason, before=before, after=email)
    origin = short_name(by.name)
    tell(user, before, origin=origin)


def tell(user: User, before: str, *, origin: str) -> None:
    """Mail the old address and the new one that it was done."""
    for to in (before, user.email):
        security_changes.mail(user, CHANGED, origin=origin, to=to)
