"""What an account's owners are told by mail about how its people sign in."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise

from licensing import audit
from licensing.models import Account
from portal.mail import mails
from portal.words.names import short_name


def tell(account: Account, subject: str | Promise, *, by: audit.Actor, reason: str = "") -> None:
    """Mail every owner, each in their language and zone.

    The subject says what was done; it may name ``%(account)s`` and ``%(person)s``, who did it.
    """
    url = settings.BASE_URL + reverse("portal:sso_settings")
    words = {"account": account, "person": short_name(by.name)}
    context = {"by": words["person"], "reason": reason, "at": timezone.now(), "url": url}
    for email in account.memberships.owners().values_list("user__email", flat=True):
        with mails.read_by(email, account):
            title = str(subject) % words
        titled = context | {"title": title}
        mails.write("single_sign_on", titled, to=email, account=account, asked_by=by)
