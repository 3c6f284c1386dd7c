"""The feed of an account's alerts (Atom, RFC 4287), as one person sees them."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.alerts import words
from portal.alerts.events import EVENTS
from portal.alerts.told import since
from portal.models import Alert, Membership
from portal.sign_in.secret_addresses import Reader
from portal.words.aliases import Names, names_for

MOST_SHOWN = 100


class Feed(Atom1Feed):
    """A feed that is as old as its address while nothing has happened."""

    def latest_post_date(self) -> dt.datetime:
        """When the last of its alerts began or ended."""
        made_at: dt.datetime = self.feed["made_at"]
        return max([made_at, *(item["updateddate"] for item in self.items)])


def written(reader: Reader) -> bytes:
    """The feed, the same bytes until something of it changes."""
    account = reader.membership.account
    feed = Feed(
        title=_("%(account)s: alerts") % {"account": account},
        link=settings.BASE_URL + reverse("portal:alerts"),
        description="",
        language=get_language(),
        author_name=settings.BRAND_NAME,
        feed_guid=tag(f"account-{account.pk}-alerts", account.created_at),
        made_at=reader.made_at,
    )
    names = names_for(reader.membership)
    for alert in alerts_of(reader.membership):
        add(feed, alert, names)
    return feed.writeString("utf-8").encode()


def alerts_of(membership: Membership) -> list[Alert]:
    """What the person sees of what is open and of what is over, the last that changed first."""
    seen = Alert.objects.told_to(Value(membership.user_id), Value(str(membership.role)))
    of_account = seen.filter(account=membership.account_id)
    found = of_account.strongest().select_related("licence", "entry")
    return list(found.order_by(Coalesce("resolved_at", F("opened_at")).desc(), "-pk")[:MOST_SHOWN])


def add(feed: Feed, alert: Alert, names: Names) -> None:
    """An entry, which stays the same one when the alert is over."""
    feed.add_item(
        title=words.says(alert, names),
        link=words.url_of(alert),
        description=state_of(alert),
        unique_id=tag(f"alert-{alert.pk}", alert.opened_at),
        categories=[str(EVENTS[alert.event].title)],
        pubdate=alert.opened_at,
        updateddate=alert.resolved_at or alert.opened_at,
    )


def state_of(alert: Alert) -> str:
    """Whether it is the case, and since when it is or is not."""
    if alert.over_at:
        return _("Over since %(moment)s.") % {"moment": since(alert.over_at)}
    return _("Open since %(moment)s.") % {"moment": since(alert.since)}


def tag(name: str, day: dt.datetime) -> str:
    """An id that stays the same for good, wherever the product moves (RFC 4151)."""
    return f"tag:{urlsplit(settings.BASE_URL).hostname},{day:%Y-%m-%d}:{name}"
