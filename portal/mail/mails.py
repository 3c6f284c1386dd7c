"""Mails that have a plain and an HTML part, in the language and time zone of whoever reads them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.audit import Actor
from licensing.models import Account
from licensing.names import as_header
from portal.mail import deliveries
from portal.mail.transport import Attached, Text
from portal.models import Delivery, DeliveryState, User
from portal.words import languages, zones
from portal.words.times import moment_in_full

TITLES = {
    "invitation": gettext_lazy("Invitation"),
    "invitation_asked": gettext_lazy("Wish for a new invitation"),
    "request_made": gettext_lazy("Request to our desk"),
    "request_answered": gettext_lazy("Answer of our desk"),
    "api_token_ends": gettext_lazy("End of an API token"),
    "export": gettext_lazy("Link to an export"),
    "export_failed": gettext_lazy("Notice about an export"),
    "email_change": gettext_lazy("Link that confirms an address"),
    "email_change_by_support": gettext_lazy("Link that confirms an address"),
    "security_change": gettext_lazy("Notice about signing in"),
    "wrong_passwords": gettext_lazy("Notice about signing in"),
    "single_sign_on": gettext_lazy("Notice about single sign-on"),
    "report": gettext_lazy("Report"),
    "vendor_deeds": gettext_lazy("Notice of what we changed"),
    "support_view": gettext_lazy("Notice of what we looked at"),
    "account_closing": gettext_lazy("Notice about your account"),
    "approval_asked": gettext_lazy("Request to approve an act"),
    "webhook_off": gettext_lazy("Notice about a webhook"),
    "alert": gettext_lazy("Alert"),
    "login_code": gettext_lazy("Sign-in code"),
    "password_reset_key": gettext_lazy("Link to a new password"),
    "unknown_account": gettext_lazy("Notice about signing in"),
}
"""What a mail is, for whoever asked for it."""
PARTS = ("_subject.txt", ".txt", ".html")


@contextmanager
def read_by(email: str, account: Account | None = None) -> Iterator[None]:
    """Words and times are those of whoever reads mails at this address."""
    with zones.for_mail(email, account), languages.for_mail(email):
        yield


def write(
    name: str,
    context: dict[str, Any],
    *,
    to: str,
    account: Account | None = None,
    known_as: str = "",
    reply_to: Sequence[str] = (),
    asked_by: User | Actor | None = None,
    valid_until: dt.datetime | None = None,
    attached: Sequence[Attached] = (),
    stops_at: str = "",
) -> Delivery:
    """Write to one address what the three templates of this name in ``mail/`` say.

    It is kept in the running transaction, and sent when that is done. ``account`` is the
    one that the mail is about. ``known_as`` is the address by which we know the reader, if
    it is another. ``asked_by`` is told if it fails for good, as it does from ``valid_until`` on.
    Of mails that come again and again, ``stops_at`` is where the reader stops them.
    """
    with read_by(known_as or to, account):
        subject, plain, html = (render_to_string(f"mail/{name}{part}", context) for part in PARTS)
    text = Text(as_header(subject), plain, html, list(reply_to), list(attached), stops_at=stops_at)
    return deliveries.keep(
        name, text, to=to, account=account, asked_by=asked_by, valid_until=valid_until
    )


def how_it_stands(mail: Delivery) -> str:
    """Whether it was sent, waits for what, or could not be delivered, in a sentence or two."""
    now = timezone.now()
    if mail.state == DeliveryState.SENT and mail.settled_at:
        return _("The mail was sent %s.") % moment_in_full(mail.settled_at, now=now)
    if mail.state == DeliveryState.FAILED:
        return _("The mail could not be delivered. %s") % mail.get_trouble_display()
    if mail.trouble:
        words = {"at": moment_in_full(mail.created_at, now=now), "why": mail.get_trouble_display()}
        return _("The mail has waited since %(at)s. %(why)s It is tried again by itself.") % words
    return _("The mail is on its way.")
