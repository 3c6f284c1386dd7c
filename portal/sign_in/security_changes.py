"""Changes to how a person signs in: they get a mail, and their accounts' records an entry."""

from __future__ import annotations

from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise, lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from licensing import audit
from portal.mail import mails
from portal.models import User
from portal.words.browsers import browser


class Change(NamedTuple):
    """What the audit record calls it, and what the mail says first."""

    action: str
    subject: str | Promise


APP_TURNED_ON = "mfa/email/totp_activated"
RECOVERY_CODES_MADE = "mfa/email/recovery_codes_generated"
CHANGES = {
    "account/email/password_changed": Change("password_changed", _("Your password was changed")),
    "account/email/password_reset": Change("password_changed", _("Your password was changed")),
    "account/email/password_set": Change("password_changed", _("Your password was changed")),
    APP_TURNED_ON: Change("two_step_on", _("Two-step sign-in was turned on")),
    "mfa/email/totp_deactivated": Change("two_step_off", _("Two-step sign-in was turned off")),
    "mfa/email/webauthn_added": Change("passkey_added", _("A passkey was added to your sign-in")),
    "mfa/email/webauthn_removed": Change(
        "passkey_removed", _("A passkey was removed from your sign-in")
    ),
    RECOVERY_CODES_MADE: Change("recovery_codes_made", _("You have new recovery codes")),
}
"""By the name that allauth gives to the mail about it."""


RECORDED_BEFORE = (APP_TURNED_ON, RECOVERY_CODES_MADE)
"""allauth tells of these when its transaction is done; their pages record them within it."""


@transaction.atomic
def tell(name: str, user: User, *, origin: str | Promise) -> None:
    """Record the change unless its page has, and mail it to the person."""
    if name not in RECORDED_BEFORE:
        record(name, user)
    subject = CHANGES[name].subject
    mail(user, subject, origin=origin)


def record(name: str, user: User) -> None:
    """Record the change in each of the person's accounts."""
    for membership in user.memberships.order_by("account"):
        audit.record(membership, CHANGES[name].action, by=user.as_actor)


def origin_of(ip: str, user_agent: str) -> Promise:
    """From where something was done, in the language of whoever reads it."""
    return lazy(origin_in_words, str)(ip, user_agent)  # type: ignore[return-value] # see lazy


def origin_in_words(ip: str, user_agent: str) -> str:
    """Such as "Firefox on Windows, from the address 192.0.2.7"."""
    words = {"browser": browser(user_agent), "ip": ip}
    return gettext("%(browser)s, from the address %(ip)s") % words


def mail(user: User, subject: str | Promise, *, origin: str | Promise, to: str = "") -> None:
    """Tell the person what was done just now, from where, and what to do if it wasn't them.

    ``to`` is another address of theirs than the one that they sign in with.
    """
    url = settings.BASE_URL + reverse("account_reset_password")
    context = {"title": subject, "origin": origin, "at": timezone.now(), "url": url}
    mails.write("security_change", context, to=to or user.email, known_as=user.email, asked_by=user)
