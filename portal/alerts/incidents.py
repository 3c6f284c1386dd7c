"""Alerts as they begin, go on and end: once for each cause, whoever looks and how often."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.db.models.functions import Now

from licensing.clock import database_time
from licensing.history import delete_in_batches
from licensing.models import Account, OutboxEvent
from portal.alerts import readers, rules
from portal.alerts.causes import Cause
from portal.alerts.events import EVENTS, Event
from portal.alerts.readers import Rules
from portal.models import Alert, AlertRule

BY_ACT = {act: name for name, event in EVENTS.items() for act in event.acts}


def look() -> Counter[str]:
    """Look at all that is the case now; return how many alerts began and ended."""
    done: Counter[str] = Counter()
    wanted = set(AlertRule.objects.running().order_by().values_list("event", flat=True).distinct())
    for name, event in EVENTS.items():
        done += look_at(name, event, is_wanted=name in wanted)
    done["ended"] += end_by_themselves()
    return done


def look_at(name: str, event: Event, *, is_wanted: bool) -> Counter[str]:
    """Let the alerts of an event be those of the causes that rules are about.

    Of accounts where nothing is the case no rule is read.
    """
    there = {
        (alert.account_id, alert.key): alert
        for alert in Alert.objects.unresolved().filter(event=name, ends_at=None)
    }
    causes = list(event.found()) if is_wanted else []
    accounts = {cause.account for cause in causes} | {account for account, _key in there}
    of_rules = Rules.running(name, accounts)
    done: Counter[str] = Counter()
    for cause in causes:
        if not of_rules.about(name, cause):
            continue
        if alert := there.pop((cause.account, cause.key), None):
            go_on(alert, cause)
        elif cause.opens:
            done["began"] += begin(name, cause, of_rules)
    for alert in there.values():
        done["ended"] += let_go(alert, of_rules)
    return done


@transaction.atomic
def begin(name: str, cause: Cause, of_rules: Rules) -> bool:
    """Begin an alert, of which the readers of its rules are told; False if it was there."""
    alert, is_new = Alert.objects.get_or_create(
        account_id=cause.account,
        event=name,
        key=cause.key,
        resolved_at=None,
        defaults={
            "licence_id": cause.licence,
            "threshold": cause.threshold,
            "facts": cause.facts,
            "since": cause.since or Now(),
            "ends_at": cause.ends_at,
            "entry": cause.entry,
            "is_for_owners": EVENTS[name].is_for_owners,
        },
    )
    if is_new:
        readers.tell(alert, of_rules.about(name, cause), knows=cause.knows)
    return is_new


def go_on(alert: Alert, cause: Cause) -> None:
    """The cause is still there, or there again; facts are those of now."""
    if alert.eased_at or alert.facts != cause.facts:
        Alert.objects.filter(pk=alert.pk).update(facts=cause.facts, eased_at=None)


def let_go(alert: Alert, of_rules: Rules) -> bool:
    """The cause has gone: the alert is over when it has been so for long enough; return that."""
    now = database_time()
    if alert.eased_at is None:
        Alert.objects.filter(pk=alert.pk, eased_at=None).update(eased_at=now)
    if now - (alert.eased_at or now) < EVENTS[alert.event].rests:
        return False
    return end(alert, of_rules)


@transaction.atomic
def end(alert: Alert, of_rules: Rules) -> bool:
    """End an alert, and have those told who know that it began; False if it was over."""
    if not Alert.objects.unresolved().filter(pk=alert.pk).update(resolved_at=Now()):
        return False
    if EVENTS[alert.event].over is not None:
        readers.tell_of_end(alert, of_rules.about(alert.event, alert))
    return True


def end_by_themselves() -> int:
    """End those whose time is over; return how many."""
    return Alert.objects.unresolved().filter(ends_at__lte=Now()).update(resolved_at=Now())


def receive(account: Account, events: Sequence[OutboxEvent]) -> int:
    """Begin alerts of what was just done in an account; return how many.

    A new account gets its first rules.
    """
    began = 0
    for event in events:
        if event.kind == "account_created":
            rules.make_first(account)
        if name := BY_ACT.get(event.kind):
            cause = EVENTS[name].acts[event.kind](event.entry)
            of_rules = Rules.running(name, {account.pk})
            began += bool(of_rules.about(name, cause)) and begin(name, cause, of_rules)
    return began


def prune() -> int:
    """Delete alerts that have been over for long enough; return how many."""
    oldest = Now() - dt.timedelta(days=settings.KEEP_ALERTS_DAYS)
    over = Q(resolved_at__lt=oldest)
    return delete_in_batches(Alert.objects.filter(over))
