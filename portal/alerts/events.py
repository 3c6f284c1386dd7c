"""The events of alerts. Each is declared here and nowhere else.

Its name is what rules and alerts keep, and with a capital letter its title in English.
``docs/alerts.md`` has a row for each.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from licensing.models import AuditEntry
from portal.alerts import causes
from portal.alerts.causes import Cause
from portal.alerts.told import since, support_views, token_ends, webhook_is_off
from portal.models import Alert
from portal.words.aliases import Names
from portal.words.sentences import sentence

type Says = Callable[[Alert, Names], str]


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something of which people may want to be told.

    It begins and ends with the causes that are ``found``, or begins with an act of the record
    (``acts``) and ends by itself. An alert ``says`` what is the case, fact first: it is the
    subject of a mail. Only where there are words for when it is ``over`` is anybody told of that,
    after the cause has been gone for as long as it ``rests``.
    """

    title: Promise
    note: Promise
    icon: str
    says: Says
    leads_to: Callable[[Alert], str]
    found: Callable[[], Iterable[Cause]] = tuple
    acts: Mapping[str, Callable[[AuditEntry], Cause]] = field(default_factory=dict)
    over: Says | None = None
    rests: dt.timedelta = dt.timedelta()
    thresholds: tuple[int, ...] = ()
    threshold: Callable[[int], str] = str
    is_down_to: bool = False
    """Whether who wants a threshold is told of those below it too."""
    is_of_licences: bool = True
    is_for_owners: bool = False
    """Whether it tells of what only owners see."""

    def is_reached(self, wanted: int | None, reached: int | None) -> bool:
        """Whether a rule with this threshold is about an alert with that one."""
        if wanted is None or reached is None:
            return True
        return reached <= wanted if self.is_down_to else reached == wanted


def licence_of(alert: Alert) -> str:
    """The name of the licence that it is about."""
    return alert.licence.name if alert.licence else ""


def percent(share: int) -> str:
    """A share of seats in words."""
    return _("%(n)s %% of the seats in use") % {"n": share}


def pool_is_full(alert: Alert, _names: Names) -> str:
    """ "London planners full: 10 of 10 since 10:40"."""
    words = {"pool": licence_of(alert), "since": since(alert.since), "n": alert.threshold}
    words |= alert.facts
    if alert.over_at:
        words["until"] = since(alert.over_at)
        if alert.threshold == max(causes.SHARES):
            return _("%(pool)s was full from %(since)s until %(until)s") % words
        return _("%(pool)s was %(n)s %% full from %(since)s until %(until)s") % words
    if alert.threshold == max(causes.SHARES):
        return _("%(pool)s full: %(in_use)s of %(seats)s since %(since)s") % words
    return _("%(pool)s %(n)s %% full: %(in_use)s of %(seats)s in use, since %(since)s") % words


def pool_has_seats(alert: Alert, _names: Names) -> str:
    """ "London planners has seats again"."""
    words = {"pool": licence_of(alert), "n": alert.threshold}
    if alert.threshold == max(causes.SHARES):
        return _("%(pool)s has seats again") % words
    return _("%(pool)s is less than %(n)s %% full again") % words


def people_could_not_start(alert: Alert, _names: Names) -> str:
    """ "London planners: 3 people couldn't start since 09:12"."""
    text = ngettext(
        "%(pool)s: %(people)s person couldn't start since %(since)s",
        "%(pool)s: %(people)s people couldn't start since %(since)s",
        alert.facts["people"],
    )
    first = dt.datetime.fromisoformat(alert.facts["since"])
    return text % (alert.facts | {"pool": licence_of(alert), "since": since(first)})


def seat_is_held(alert: Alert, names: Names) -> str:
    """ "CAD-03 still holds a seat, offline since 20 Nov 17:02"."""
    words = {"machine": names.machine(alert.facts["machine"]), "since": since(alert.since)}
    words["pool"] = licence_of(alert)
    return _("%(machine)s still holds a seat of %(pool)s, offline since %(since)s") % words


def key_is_used_widely(alert: Alert, _names: Names) -> str:
    """ "Key ending 7Q2X used by 6 new machines"."""
    text = ngettext(
        "Key ending %(last_four)s used by %(machines)s new machine",
        "Key ending %(last_four)s used by %(machines)s new machines",
        alert.facts["machines"],
    )
    return text % alert.facts


def key_was_reissued(alert: Alert, names: Names) -> str:
    """ "New key for London planners: Tom Reed reissued a product key …"."""
    return _("New key for %(pool)s: %(sentence)s") % {
        "pool": licence_of(alert),
        "sentence": as_recorded(alert, names),
    }


def as_recorded(alert: Alert, names: Names) -> str:
    """What the record says, without its full stop."""
    assert alert.entry is not None  # it began with one
    return sentence(alert.entry, names).rstrip(".")


def licence_ends(alert: Alert, _names: Names) -> str:
    """ "London planners ends in 30 days"."""
    words = {"pool": licence_of(alert), "days": alert.facts["days"]}
    if not words["days"]:
        return _("%(pool)s ends today") % words
    text = ngettext("%(pool)s ends tomorrow", "%(pool)s ends in %(days)s days", words["days"])
    return text % words


def days_before(days: int) -> str:
    """So long before, in words."""
    return ngettext("from %(n)s day before", "from %(n)s days before", days) % {"n": days}


def to_sessions(alert: Alert) -> str:
    """Who is using the licence."""
    return reverse("portal:sessions", query={"licence": alert.licence_id})


def to_denials(alert: Alert) -> str:
    """Who was refused by the licence of late."""
    asked = {"licence": alert.licence_id, "only": "true", "days": 7}
    return reverse("portal:denials", query=asked)


EVENTS = {
    "pool_full": Event(
        title=gettext_lazy("Pool full"),
        note=gettext_lazy(
            "So much of a pool's seats is in use. Over when it has not been for ten minutes."
        ),
        icon="armchair",
        found=causes.full_pools,
        says=pool_is_full,
        over=pool_has_seats,
        rests=dt.timedelta(minutes=10),
        leads_to=to_sessions,
        thresholds=causes.SHARES,
        threshold=percent,
    ),
    "true_denials": Event(
        title=gettext_lazy("True denials"),
        note=gettext_lazy(
            "A pool was full, and people got no seat within ten minutes. All of a quarter of an "
            "hour are told together. Over when there was none for an hour."
        ),
        icon="ban",
        found=causes.turned_away,
        says=people_could_not_start,
        leads_to=to_denials,
    ),
    "seat_held": Event(
        title=gettext_lazy("Seat held"),
        note=gettext_lazy(
            "A PC has been offline beyond its grace period and holds a seat. Over when it is "
            "back or the seat is."
        ),
        icon="plug-connected-x",
        found=causes.held_seats,
        says=seat_is_held,
        leads_to=lambda alert: reverse("portal:session", args=[alert.key]),
    ),
    "key_used_widely": Event(
        title=gettext_lazy("Key used widely"),
        note=gettext_lazy(
            "Unusually many new machines use a product key: it may have leaked. Over when a "
            "week is as usual again."
        ),
        icon="key",
        found=causes.keys_used_widely,
        says=key_is_used_widely,
        leads_to=lambda alert: reverse("portal:key", args=[alert.licence_id, alert.key]),
    ),
    "key_reissued": Event(
        title=gettext_lazy("Key reissued"),
        note=gettext_lazy(
            "A new product key replaces another. Over when the other starts nothing any more, "
            "at the earliest a day later."
        ),
        icon="refresh",
        acts={"key_reissued": causes.reissued},
        says=key_was_reissued,
        leads_to=lambda alert: reverse("portal:licence", args=[alert.licence_id]),
    ),
    "session_released": Event(
        title=gettext_lazy("Session released"),
        note=gettext_lazy("Somebody released a session. Over a day later."),
        icon="door-exit",
        acts={"session_released": causes.released},
        says=as_recorded,
        leads_to=to_sessions,
    ),
    "licence_ends": Event(
        title=gettext_lazy("Licence ends"),
        note=gettext_lazy(
            "A licence ends in 90, 60, 30, 14 and 7 days and tomorrow: each is told once. Over "
            "when it has ended, or ends later."
        ),
        icon="calendar-due",
        found=causes.ending_licences,
        says=licence_ends,
        leads_to=lambda alert: reverse("portal:licence", args=[alert.licence_id]),
        thresholds=causes.DAYS,
        threshold=days_before,
        is_down_to=True,
    ),
    "support_viewed": Event(
        title=gettext_lazy("Support viewed"),
        note=gettext_lazy(
            "Our support views the account as its owner sees it. Over when the view is, after half "
            "an hour at the latest. Owners alone see it, and get another mail at once: this rule "
            "mails nobody."
        ),
        icon="eye",
        found=causes.support_views,
        acts={"support_view_began": causes.begun_view},
        says=support_views,
        leads_to=lambda _alert: reverse("portal:audit", query={"staff": "1"}),
        is_of_licences=False,
        is_for_owners=True,
    ),
    "token_ends": Event(
        title=gettext_lazy("Token ends"),
        note=gettext_lazy(
            "An API token ends within 14 days. Over when it has ended. Owners alone see it, and "
            "get another mail on the next morning: this rule mails nobody."
        ),
        icon="code",
        found=causes.ending_tokens,
        says=token_ends,
        leads_to=lambda _alert: reverse("portal:api_tokens"),
        is_of_licences=False,
        is_for_owners=True,
    ),
    "webhook_off": Event(
        title=gettext_lazy("Webhook off"),
        note=gettext_lazy(
            "A webhook was turned off because nothing arrived there. Over when it is on again. "
            "Owners alone see it, and get another mail: this rule mails nobody."
        ),
        icon="webhook",
        found=causes.webhooks_off,
        says=webhook_is_off,
        leads_to=lambda alert: reverse("portal:webhook", args=[alert.key]),
        is_of_licences=False,
        is_for_owners=True,
    ),
}
