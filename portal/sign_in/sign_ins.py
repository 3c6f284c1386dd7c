"""Signing in: what is remembered of it, who hears of an unusual one, when it ends by itself."""

from __future__ import annotations

import datetime as dt
import ipaddress
from typing import Any

import structlog
from allauth.account.adapter import get_adapter
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import auth
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from licensing import audit
from licensing.api import addresses
from licensing.models import Account
from portal.models import AccountPreferences, SignIn, User
from portal.sign_in import security_changes
from portal.words.browsers import browser

logger = structlog.get_logger(__name__)

REMEMBERED_FOR = dt.timedelta(days=90)
SEEN_AT = "seen_at"
SIGNED_IN_AT = "signed_in_at"
NOTED_EVERY = dt.timedelta(minutes=10)
IPV4_NETWORK, IPV6_SITE = 24, 48


@transaction.atomic
def record(request: HttpRequest, user: User) -> None:
    """Remember the sign-in; an unusual one is told to the person by mail.

    Unusual is a browser or a range of addresses that they have not signed in with for
    90 days. Their very first sign-in is not unusual.
    """
    request.session[SEEN_AT] = timezone.now().timestamp()
    UserSession.objects.create_from_request(request)
    ip, user_agent = get_adapter().get_client_ip(request), request.META.get("HTTP_USER_AGENT", "")
    program, network = browser(user_agent), network_of(ip)
    if is_unusual(user, program=program, network=network):
        subject = _("A sign-in from a new place or browser")
        origin = security_changes.origin_of(ip, user_agent)
        security_changes.mail(user, subject, origin=origin)
    SignIn.objects.update_or_create(
        user=user, browser=program, network=network, defaults={"at": Now()}
    )


def is_unusual(user: User, *, program: str, network: str) -> bool:
    """Whether the person has not signed in like this for 90 days, but otherwise."""
    if not user.sign_ins.exists():
        return False
    knows_program = of_late(user).filter(browser=program).exists()
    return not (knows_program and of_late(user).filter(network=network).exists())


def is_known_network(user: User, ip: str) -> bool:
    """Whether the person has signed in from near this address of late."""
    return of_late(user).filter(network=network_of(ip)).exists()


def of_late(user: User) -> QuerySet[SignIn]:
    """How the person signed in within 90 days."""
    return user.sign_ins.filter(at__gt=Now() - REMEMBERED_FOR)


def network_of(ip: str, *, ipv6: int = IPV6_SITE) -> str:
    """The range that an address is in: 256 neighbours, or a site's range of IPv6."""
    length = ipv6 if ipaddress.ip_address(ip).version == 6 else IPV4_NETWORK
    return str(ipaddress.ip_network(f"{ip}/{length}", strict=False))


def note(request: HttpRequest) -> None:
    """Write down, every ten minutes at most, that the person is still there."""
    seen_at = request.session.get(SEEN_AT)
    if seen_at is None or idle_time(request) < NOTED_EVERY:
        return
    request.session[SEEN_AT] = timezone.now().timestamp()
    session = UserSession.objects.filter(session_key=request.session.session_key)
    session.update(last_seen_at=Now())


def idle_time(request: HttpRequest) -> dt.timedelta:
    """How long the person has done nothing, to within ten minutes."""
    seen_at = request.session.get(SEEN_AT)
    return dt.timedelta(seconds=timezone.now().timestamp() - seen_at if seen_at else 0)


def is_idle(request: HttpRequest, hours: int | None) -> bool:
    """Whether the person has done nothing for so many hours; never if for none."""
    return hours is not None and idle_time(request) >= dt.timedelta(hours=hours)


def note_beginning(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Write down when the person signed in; whatever they do later does not change it."""
    logger.info("signed_in", address=addresses.of(request), user=user.pk)
    request.session[SIGNED_IN_AT] = timezone.now().timestamp()


def is_over(request: HttpRequest) -> bool:
    """Whether the person signed in so long ago that they have to do it again.

    Who asked to be kept signed in has days, others hours.
    """
    is_kept = bool(request.session.get("_session_expiry"))
    days, hours = settings.SIGN_IN_KEPT_DAYS, settings.SIGN_IN_HOURS
    longest = dt.timedelta(days=days) if is_kept else dt.timedelta(hours=hours)
    age = timezone.now().timestamp() - request.session.get(SIGNED_IN_AT, 0)
    return age >= longest.total_seconds()


def end(request: HttpRequest) -> None:
    """Sign the person out here."""
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    auth.logout(request)


@transaction.atomic
def set_sign_out_after(account: Account, hours: int | None, *, by: audit.Actor) -> bool:
    """Sign the idle out after so many hours, None for never; False when it is so already."""
    Account.objects.locked(account.pk)
    before = AccountPreferences.of(account).sign_out_after_hours
    if before == hours:
        return False
    AccountPreferences.objects.update_or_create(
        account=account, defaults={"sign_out_after_hours": hours}
    )
    audit.record(account, "sign_out_changed", by=by, before=before, after=hours)
    return True
