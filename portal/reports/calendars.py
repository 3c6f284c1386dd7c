"""The calendar of what ends: licences, and for owners API tokens and certificates (RFC 5545)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing.models import Account
from licensing.models.licences import LicenceState
from licensing.usage.working_time import of_account
from portal.models import ApiToken, Membership, Role, SingleSignOn
from portal.sign_in.secret_addresses import Reader
from portal.sso import saml_metadata
from portal.words.times import last_day_before

if TYPE_CHECKING:
    from icalendar import Event

DAY = dt.timedelta(days=1)


class End(NamedTuple):
    """Something that ends on a day: its last one. ``key`` stays the same when the day moves."""

    key: str
    day: dt.date
    text: str
    url: str


def written(reader: Reader) -> bytes:
    """The calendar of an account's reader."""
    membership, made_at = reader
    name = _("%(account)s: what ends") % {"account": membership.account}
    return calendar_of(name, ends_for(membership), made_at)


def calendar_of(name: str, ends: Iterable[End], made_at: dt.datetime) -> bytes:
    """What ends as a calendar, the same bytes until something of it changes."""
    from icalendar import Calendar  # few ask for one: 4 MB of each web server's worker

    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.BRAND_NAME}//Licensing//EN")
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", dt.timedelta(hours=12), parameters={"VALUE": "DURATION"})
    for end in sorted(ends, key=lambda end: (end.day, end.key)):
        calendar.add_component(event_of(end, made_at))
    text: bytes = calendar.to_ical()
    return text


def event_of(end: End, made_at: dt.datetime) -> Event:
    """A whole day, which keeps nobody busy."""
    from icalendar import Event

    event = Event()
    event.add("uid", f"{end.key}@{urlsplit(settings.BASE_URL).hostname}")
    event.add("dtstamp", made_at.replace(microsecond=0))
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
