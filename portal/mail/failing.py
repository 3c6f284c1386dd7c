"""Addresses at which mails do not arrive: noted once one is refused or comes back, and cleared."""

from __future__ import annotations

import datetime as dt

import structlog
from django.db.models import Q, QuerySet
from django.db.models.functions import Coalesce, Now
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.models import MailFailure, User
from portal.words.times import date_in_words

logger = structlog.get_logger(__name__)

LEFT_ALONE_FOR = dt.timedelta(days=7)
"""For so long nothing that comes by itself is mailed to an address that failed."""
NOTHING = {"mail_fails_because": "", "mail_fails_since": None, "mail_failed_at": None}


def note(email: str, why: MailFailure) -> None:
    """Mails to this address fail for good; if somebody signs in with it, they are told of it."""
    since = Coalesce("mail_fails_since", Now())
    theirs = of_address(email)
    if theirs.update(mail_fails_because=why, mail_fails_since=since, mail_failed_at=Now()):
        logger.warning("address_failing", because=str(why), user=theirs.get().pk)


def taken(email: str) -> None:
    """The mail server took a mail: it refuses the address no more.

    Where mails came back, this one may too: it counts when the last came back a week ago.
    """
    long_ago = Q(mail_failed_at__lt=Now() - LEFT_ALONE_FOR)
    clear(of_address(email).filter(long_ago | Q(mail_fails_because=MailFailure.REFUSED)))


def arrived(email: str) -> None:
    """The provider told that a mail is there."""
    clear(of_address(email))


def clear(people: QuerySet[User]) -> None:
    """Their mails arrive again, if they did not."""
    for user in people.exclude(mail_fails_because=""):
        User.objects.filter(pk=user.pk).update(**NOTHING)
        logger.info("address_works", user=user.pk)


def of_address(email: str) -> QuerySet[User]:
    """Who signs in with the address, if anybody does: it is kept in small letters."""
    return User.objects.filter(email=email.lower())


def is_left_alone(user: User) -> bool:
    """Whether a mail to them failed for good lately: what comes by itself is not mailed to them."""
    return user.mail_failed_at is not None and timezone.now() - user.mail_failed_at < LEFT_ALONE_FOR


def how_it_fails(user: User) -> str:
    """Why mails to somebody do not arrive, and since when; empty if they do."""
    if user.mail_fails_since is None:
        return ""
    since = timezone.localdate(user.mail_fails_since)
    words = {
        "why": user.get_mail_fails_because_display(),
        "since": date_in_words(since, today=timezone.localdate()),
    }
    return _("Mails have not arrived since %(since)s. %(why)s") % words
