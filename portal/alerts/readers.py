"""Whom rules concern: which alerts they are about, and who is told by them, when."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from functools import cached_property
from typing import Any

from django.db.models import QuerySet

from licensing.clock import database_time
from licensing.identity import as_compared
from portal.alerts import quiet
from portal.alerts.causes import Cause
from portal.alerts.events import EVENTS
from portal.models import Alert, AlertNotice, AlertRule, LicenceTag, Membership, Role
from portal.words import zones


class Rules:
    """Rules of some accounts, asked which are about something."""

    def __init__(self, rules: QuerySet[AlertRule]) -> None:
        self.found: dict[tuple[int, str], list[AlertRule]] = defaultdict(list)
        for rule in rules.select_related("account", "licence", "webhook"):
            self.found[rule.account_id, rule.event].append(rule)

    @classmethod
    def running(cls, event: str, accounts: Collection[int]) -> Rules:
        """Those of an event that are on."""
        return cls(AlertRule.objects.running().filter(event=event, account__in=accounts))

    def about(self, event: str, told: Cause | Alert) -> list[AlertRule]:
        """Those that are about a cause of an event, or an alert."""
        account = told.account if isinstance(told, Cause) else told.account_id
        licence = told.licence if isinstance(told, Cause) else told.licence_id
        is_reached = EVENTS[event].is_reached
        return [
            rule
            for rule in self.found.get((account, event), ())
            if is_reached(rule.threshold, told.threshold) and self.is_about(rule, licence)
        ]

    def is_about(self, rule: AlertRule, licence: int | None) -> bool:
        """Whether a rule is about this licence."""
        if rule.tag:
            return as_compared(rule.tag) in self.tags[licence]
        return rule.licence_id in (None, licence)

    @cached_property
    def tags(self) -> dict[int | None, set[str]]:
        """The tags of the accounts' licences, asked for only if a rule is about one."""
        found: dict[int | None, set[str]] = defaultdict(set)
        tags = LicenceTag.objects.filter(account__in={account for account, _event in self.found})
        for licence, name in tags.values_list("licence", "name"):
            found[licence].add(as_compared(name))
        return found


def mailing_of(membership: Membership, alerts: Iterable[Alert]) -> dict[int, list[AlertRule]]:
    """By which rules somebody gets mails about each of these alerts."""
    mailed = [alert for alert in alerts if not alert.is_for_owners]
    if not mailed:
        return {}
    mine = AlertRule.objects.running().mailing(membership.user_id, membership.role)
    of_reader = Rules(mine.filter(account=membership.account_id))
    return {alert.pk: of_reader.about(alert.event, alert) for alert in mailed}


def tell(alert: Alert, rules: Iterable[AlertRule], *, knows: Collection[Role] = ()) -> None:
    """Write down that the readers of these rules are to be told that an alert began, once each.

    Who has a role that ``knows`` has been told of it another way.
    """
    keep(alert, read_by(alert, rules, knows))


def tell_of_end(alert: Alert, rules: Iterable[AlertRule]) -> None:
    """Write down that the readers who were told that it began are to be told that it is over.

    Who has yet to be told is told both at once.
    """
    told = set(alert.notices.exclude(sent_at=None).values_list("user", "webhook"))
    begun = read_by(alert, rules, ())
    keep(alert, [one for one in begun if (one.user_id, one.webhook_id) in told], is_end=True)


def keep(alert: Alert, notices: list[AlertNotice], *, is_end: bool = False) -> None:
    """Keep what is to be told of an alert; who is told of it already is left out."""
    for notice in notices:
        notice.alert, notice.is_end = alert, is_end
    AlertNotice.objects.bulk_create(notices, ignore_conflicts=True)


def read_by(alert: Alert, rules: Iterable[AlertRule], knows: Collection[Role]) -> list[AlertNotice]:
    """A notice for each reader of each of the rules."""
    now = database_time()
    return [
        AlertNotice(rule=rule, **reader)
        for rule in rules
        for reader in readers_of(rule, now, knows, is_for_owners=alert.is_for_owners)
    ]


def readers_of(
    rule: AlertRule, now: dt.datetime, knows: Collection[Role], *, is_for_owners: bool
) -> Iterator[dict[str, Any]]:
    """Who is told by a rule, each with when that is."""
    for member in members_of(rule):
        if member.role not in knows and (member.role == Role.OWNER or not is_for_owners):
            zone = zones.of(member.user, rule.account) or dt.UTC
            yield {"user": member.user, "due_at": moment_for(rule, now, zone)}
    if rule.webhook and rule.webhook.removed_at is None:
        zone = zoneinfo.ZoneInfo(rule.account.time_zone)
        yield {"webhook": rule.webhook, "due_at": moment_for(rule, now, zone)}


def moment_for(rule: AlertRule, now: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """When somebody with these clocks is told by a rule."""
    return quiet.first_moment(now, rule.quiet_from, rule.quiet_until, zone)


def members_of(rule: AlertRule) -> list[Membership]:
    """The account holders who are told by a rule and have not stopped its mails."""
    stopped = {user.pk for user in rule.stopped_by.all()}
    members = Membership.objects.active().filter(account=rule.account_id).select_related("user")
    return [
        member
        for member in members.order_by("pk")
        if member.user_id not in stopped and names(rule, member)
    ]


def names(rule: AlertRule, member: Membership) -> bool:
    """Whether somebody of the account is among those whom a rule names, by role or in person."""
    return member.role in rule.roles or member.user_id in {user.pk for user in rule.people.all()}
