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
from portal import mails
from portal.access import actor
from portal.browsers import browser
from portal.models import User


class Change(NamedTuple):
    """What the audit record calls it, and what the mail says first."""

    action: str
    subject: str | Promise


CHANGES = {
    "account/email/password_changed": Change("password_changed", _("Your password was changed")),
    "account/email/password_reset": Change("password_changed", _("Your password was changed")),
    "account/email/password_set": Change("password_changed", _("Your password was changed")),
    "mfa/email/totp_activated": Change("two_step_on", _("Two-step sign-in was turned on")),
    "mfa/email/totp_deactivated": Change("two_step_off", _("Two-step sign-in was turned off")),
    "mfa/email/webauthn_added": Change("passkey_added", _("A passkey was added to your sign-in")),
    "mfa/email/webauthn_removed": Change(
        "passkey_removed", _("A passkey was removed from your sign-in")
    ),
    "mfa/email/recovery_codes_generated": Change(
        "recovery_codes_made", _("You have new recovery codes")
    ),
}
"""By the name that allauth gives to the mail about it."""


@transaction.atomic
def tell(change: Change, user: User, *, origin: str | Promise) -> None:
    """Record the change in each of the person's accounts; the mail goes out afterwards."""
    for membership in user.memberships.order_by("account"):
        audit.record(membership, change.action, by=actor(user))
    transaction.on_commit(lambda: mail(user, change.subject, origin=origin), robust=True)


def origin_of(ip: str, user_agent: str) -> Promise:
    """From where something was done, in the language of whoever reads it."""
    return lazy(origin_in_words, str)(ip, user_agent)  # type: ignore[no-any-return]


def origin_in_words(ip: str, user_agent: str) -> str:
    """Such as "Firefox on Windows, from the address 192.0.2.7"."""
    words = {"browser": browser(user_agent), "ip": ip}
    return gettext("%(browser)s, from the address %(ip)s") % words


def mail(user: User, subject: str | Promise, *, origin: str | Promise) -> None:
    """Tell the person what was done just now, from where, and what to do if it wasn't them."""
    url = settings.BASE_URL + reverse("account_reset_password")
    context = {"title": subject, "origin": origin, "at": timezone.now(), "url": url}
    mails.write("security_change", context, to=user.email)
