"""Snoozing: what a person put off is hidden from them for seven days, on Home and under Alerts.

A thing of the home page and the open alerts of the same are put off together, on whichever page
that was asked for. What begins anew meanwhile is told anew, on both.
"""

from __future__ import annotations

import datetime as dt

from django.db.models import Q
from django.db.models.functions import Now

from licensing.models.licences import ENDS_SOON
from portal.alerts.causes import SHARES
from portal.alerts.listed import open_of
from portal.home.attention import Attention, attention
from portal.home.first_steps import FIRST_STEPS
from portal.home.overview import Overview
from portal.models import Alert, Membership, Snooze
from portal.models.alerts import SNOOZED_AS
from portal.models.snoozes import SnoozeQuerySet

SNOOZED_FOR = dt.timedelta(days=7)
THINGS = {
    "pool_full": ("full:{licence}", "over-limit:{licence}"),
    "true_denials": ("denials:{licence}",),
    "key_used_widely": ("key:{key}",),
    "seat_held": ("held",),
    "licence_ends": ("ending",),
    "webhook_off": ("webhook:{key}",),
    "key_reissued": ("vendor:{entry}",),
    "session_released": ("vendor:{entry}",),
}
"""What the home page calls that of which an alert is, by its event."""


def things_of(alert: Alert) -> set[str]:
    """What the home page calls the same; nothing where it says nothing of it yet."""
    is_early = {
        "pool_full": alert.threshold != max(SHARES),
        "licence_ends": (alert.threshold or 0) > ENDS_SOON.days,
    }
    if is_early.get(alert.event):
        return set()
    words = {"licence": alert.licence_id, "key": alert.key, "entry": alert.entry_id}
    return {thing.format(**words) for thing in THINGS.get(alert.event, ())}


def of_person(membership: Membership) -> SnoozeQuerySet:
    """What somebody has put off in an account, or had."""
    return Snooze.objects.filter(account=membership.account_id, person=membership.user_id)


def put_off(membership: Membership, name: str) -> None:
    """Put a thing off for seven days, from now on if it was put off before."""
    Snooze.objects.update_or_create(
        account=membership.account,
        person=membership.user,
        name=name,
        defaults={"until": Now() + SNOOZED_FOR},
    )


def snooze(membership: Membership, name: str) -> bool:
    """Put a thing of the home page off, and the alerts of it; return whether there are any."""
    put_off(membership, name)
    same = [alert for alert in open_of(membership) if name in things_of(alert)]
    for alert in same:
        put_off(membership, alert.snoozed_as)
    return bool(same)


def snooze_alert(membership: Membership, alert: Alert) -> bool:
    """Put an alert off, and what the home page says of the same; return whether it says any."""
    put_off(membership, alert.snoozed_as)
    others = things_of(alert) - seen_things(membership)
    shown = attention(Overview(membership.account), membership) if others else []
    same = [item for item in shown if item.name in others and is_all_of(item, membership)]
    for item in same:
        put_off(membership, item.name)
    return bool(same)


def is_all_of(item: Attention, membership: Membership) -> bool:
    """Whether alerts tell of all that a thing of the home page counts, if it is of several."""
    if ":" in item.name or item.figure is None:
        return True
    alerts = Alert.objects.open().filter(account=membership.account_id)
    return sum(item.name in things_of(alert) for alert in alerts) >= item.figure


def seen_things(membership: Membership) -> set[str]:
    """What the home page calls that of which somebody sees an open alert."""
    return {thing for alert in open_of(membership) for thing in things_of(alert)}


def snoozed(membership: Membership) -> set[str]:
    """The things of the home page that the person has put off, and no new alert tells of."""
    found = set(of_person(membership).running().values_list("name", flat=True))
    names = {name for name in found if not name.startswith(SNOOZED_AS)}
    return names - seen_things(membership) if names - {FIRST_STEPS} else names


def snoozed_alerts(membership: Membership) -> list[Alert]:
    """The open alerts that the person has put off."""
    running = of_person(membership).running().filter(name__startswith=SNOOZED_AS)
    ids = [name.removeprefix(SNOOZED_AS) for name in running.values_list("name", flat=True)]
    open_ones = Alert.objects.open().filter(account=membership.account_id, pk__in=ids)
    return list(open_ones) if ids else []


def wake(membership: Membership) -> None:
    """Show the person everything of the home page again, and the alerts of the same."""
    names = of_person(membership).exclude(name__startswith=SNOOZED_AS)
    things = set(names.values_list("name", flat=True))
    same = [one.snoozed_as for one in snoozed_alerts(membership) if things_of(one) & things]
    of_person(membership).filter(name__in=[*things, *same]).delete()


def wake_alerts(membership: Membership) -> None:
    """Show the person all open alerts again, and what the home page says of the same."""
    things = {thing for alert in snoozed_alerts(membership) for thing in things_of(alert)}
    of_person(membership).filter(Q(name__startswith=SNOOZED_AS) | Q(name__in=things)).delete()
