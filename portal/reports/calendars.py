"""The calendar of what ends: licences, and for owners API tokens and certificates (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import hmac
import secrets
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from licensing import audit, clock
from licensing.models import Account
from licensing.models.licences import LicenceState
from licensing.usage.working_time import of_account
from portal.models import ApiToken, CalendarFeed, Membership, Role, SingleSignOn
from portal.sso import saml_metadata

DAY = dt.timedelta(days=1)


class End(NamedTuple):
    """Something that ends on a day: its last one. ``key`` stays the same when the day moves."""

    key: str
    day: dt.date
    text: str
    url: str


@transaction.atomic
def make(membership: Membership) -> str:
    """A new secret address of the person's calendar, told once; the one before works no more."""
    code = secrets.token_urlsafe(32)
    values = {"digest": digest(code), "made_at": clock.database_time()}
    CalendarFeed.objects.update_or_create(
        account=membership.account, person=membership.user, defaults=values
    )
    audit.record(membership, "calendar_address_made", by=membership.user.as_actor)
    return settings.BASE_URL + reverse("portal:calendar", args=[code])


@transaction.atomic
def remove(membership: Membership) -> bool:
    """Nobody reads it any more; False when there was none."""
    of = CalendarFeed.objects.filter(account=membership.account_id, person=membership.user_id)
    removed, _each = of.delete()
    if removed:
        audit.record(membership, "calendar_address_removed", by=membership.user.as_actor)
    return bool(removed)


def digest(code: str) -> bytes:
    """What is stored of an address, useless without the server's secret."""
    key = settings.PRODUCT_KEY_DIGEST_KEY.encode()
    return hmac.digest(key, f"calendar:{code}".encode(), "sha256")


def find(code: str) -> tuple[CalendarFeed, Membership] | None:
    """Whose calendar it is, with what they may see by now; None once they have left."""
    feed = CalendarFeed.objects.filter(digest=digest(code)).first()
    if feed is None:
        return None
    held = Membership.objects.active().filter(account=feed.account_id, user=feed.person_id)
    membership = held.select_related("account", "user").first()
    return (feed, membership) if membership else None


def written(feed: CalendarFeed, membership: Membership) -> bytes:
    """The calendar, the same bytes until something of it changes."""
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.BRAND_NAME}//Licensing//EN")
    calendar.add("version", "2.0")
    name = _("%(account)s: what ends") % {"account": membership.account}
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for end in sorted(ends_for(membership), key=lambda end: (end.day, end.key)):
        calendar.add_component(event_of(end, feed))
    text: bytes = calendar.to_ical()
    return text


def event_of(end: End, feed: CalendarFeed) -> Event:
    """A whole day, which keeps nobody busy."""
    event = Event()
    event.add("uid", f"{end.key}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", feed.made_at.replace(microsecond=0))
    event.add("dtstart", end.day)
    event.add("dtend", end.day + DAY)  # the first day after it (RFC 5545, 3.6.1)
    event.add("summary", end.text)
    event.add("url", settings.BASE_URL + end.url)
    event.add("transp", "TRANSPARENT")
    return event


def ends_for(membership: Membership) -> Iterator[End]:
    """What ends, as far as the person may see it."""
    account = membership.account
    yield from of_licences(account)
    if membership.allows(Role.OWNER):
        zone = of_account(account).zone
        yield from of_tokens(account, zone)
        yield from of_certificates(account, zone)


def of_licences(account: Account) -> Iterator[End]:
    """The last days of licences that are not closed."""
    for licence in account.licences.exclude(state=LicenceState.CLOSED).exclude(ends_on=None):
        assert licence.ends_on is not None  # the query leaves the others out
        text = _("Last day of %(name)s") % {"name": licence.name}
        url = reverse("portal:licence", args=[licence.pk])
        yield End(f"licence-{licence.pk}", licence.ends_on, text, url)


def of_tokens(account: Account, zone: ZoneInfo) -> Iterator[End]:
    """The last days of API tokens that work."""
    for token in ApiToken.objects.working().filter(account=account):
        text = _("Last day of the API token “%(name)s”") % {"name": token.name}
        day = last_day_before(token.ends_at, zone)
        yield End(f"token-{token.pk}", day, text, reverse("portal:api_tokens"))


def of_certificates(account: Account, zone: ZoneInfo) -> Iterator[End]:
    """The last days of the sign-in service's certificates."""
    single = SingleSignOn.objects.filter(account=account).first()
    for certificate in single.certificates if single else []:
        found = saml_metadata.described(certificate)
        day = last_day_before(found.ends_at, zone)
        key = f"certificate-{found.fingerprint.replace(':', '')[:16].lower()}"
        text = _("Last day of the sign-in service's certificate")
        yield End(key, day, text, reverse("portal:sso_settings"))


def last_day_before(moment: dt.datetime, zone: ZoneInfo) -> dt.date:
    """The last day, there, some of which comes before a moment."""
    return (moment.astimezone(zone) - dt.timedelta(microseconds=1)).date()
