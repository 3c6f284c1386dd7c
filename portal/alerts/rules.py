"""Rules of alerts: made, changed, paused, turned on, removed. All of it is recorded.

Each account has some from its first day, so that its owners are told without doing anything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from licensing import audit
from licensing.clock import database_time
from licensing.errors import InvalidOperation
from licensing.models import Account, Licence
from portal.alerts.events import EVENTS
from portal.models import AlertRule, Role, User, Webhook

MOST_RULES = 50
FIRST = ("pool_full", "true_denials", "key_used_widely", "licence_ends")
FIRST_THRESHOLDS = {"pool_full": 100, "licence_ends": 30}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a rule is to say."""

    event: str
    threshold: int | None = None
    licence: Licence | None = None
    tag: str = ""
    roles: Sequence[str] = ()
    people: Collection[User] = ()
    webhook: Webhook | None = None
    quiet_from: dt.time | None = None
    quiet_until: dt.time | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """What stands in the rule's own row."""
        columns = vars(self) | {"roles": list(self.roles)}
        del columns["people"]
        return columns

    @property
    def told(self) -> dict[str, Any]:
        """What the record tells of it."""
        return {
            "threshold": self.threshold,
            "licence": str(self.licence or ""),
            "tag": self.tag,
            "roles": list(self.roles),
            "people": [person.email for person in self.people],
            "webhook": str(self.webhook or ""),
        }


def make_first(account: Account) -> None:
    """The rules that every account has at first: owners are told of what costs most."""
    for event in FIRST:
        AlertRule.objects.create(
            account=account,
            event=event,
            threshold=FIRST_THRESHOLDS.get(event),
            roles=[Role.OWNER],
            created_by=audit.SYSTEM.name,
        )


@transaction.atomic
def add(account: Account, wanted: Wanted, *, by: audit.Actor) -> AlertRule:
    """A new rule; raise InvalidOperation when there are too many, or nobody is told."""
    require_readers(account, wanted)
    Account.objects.locked(account.pk)
    if AlertRule.objects.filter(account=account).count() >= MOST_RULES:
        text = _("There are %(n)s rules already. Remove one first.") % {"n": MOST_RULES}
        raise InvalidOperation(text)
    rule = AlertRule.objects.create(account=account, created_by=by.name, **wanted.columns)
    rule.people.set(wanted.people)
    audit.record(rule, "alert_rule_added", by=by, **wanted.told)
    return rule


@transaction.atomic
def change(rule: AlertRule, wanted: Wanted, *, by: audit.Actor) -> bool:
    """Let it say something else; False if that is what it says. Raise InvalidOperation as above.

    What waits to be sent by it is sent to those who were to be told.
    """
    require_readers(rule.account, wanted)
    found = locked(rule)
    people = set(found.people.all())
    if said_by(found) == wanted.columns and people == set(wanted.people):
        return False
    for name, value in wanted.columns.items():
        setattr(found, name, value)
    found.save(update_fields=[*wanted.columns])
    found.people.set(wanted.people)
    audit.record(found, "alert_rule_changed", by=by, **wanted.told)
    return True


def said_by(rule: AlertRule) -> dict[str, Any]:
    """What a rule says but for the people."""
    return {name: getattr(rule, name) for name in Wanted(event=rule.event).columns}


def require_readers(account: Account, wanted: Wanted) -> None:
    """Raise InvalidOperation unless somebody is told."""
    if wanted.webhook:
        return
    if not (wanted.roles or wanted.people):
        raise InvalidOperation(_("Choose who is told."))
    event = EVENTS.get(wanted.event)
    if event and event.is_for_owners and not names_an_owner(account, wanted):
        raise InvalidOperation(_("Only owners are told of this. Choose owners, or a channel."))


def names_an_owner(account: Account, wanted: Wanted) -> bool:
    """Whether an owner is among those whom a rule names, by role or in person."""
    owners = account.memberships.owners()
    return Role.OWNER in wanted.roles or owners.filter(user__in=wanted.people).exists()


@transaction.atomic
def pause(
    rule: AlertRule, for_long: dt.timedelta | None, *, by: audit.Actor, reason: str = ""
) -> None:
    """Tell nobody by it for so long, or until it is turned on; what waits is not sent either."""
    found = locked(rule)
    found.is_on = for_long is not None
    found.paused_until = database_time() + for_long if for_long else None
    found.save(update_fields=["is_on", "paused_until"])
    found.notices.waiting().delete()
    until = found.paused_until and found.paused_until.isoformat()
    audit.record(found, "alert_rule_paused", by=by, reason=reason, until=until)


@transaction.atomic
def turn_on(rule: AlertRule, *, by: audit.Actor) -> bool:
    """Tell its readers again, of what is the case now too; False if it was on."""
    found = locked(rule)
    if found.is_running:
        return False
    found.is_on, found.paused_until = True, None
    found.save(update_fields=["is_on", "paused_until"])
    audit.record(found, "alert_rule_turned_on", by=by)
    return True


@transaction.atomic
def remove(rule: AlertRule, *, by: audit.Actor, reason: str = "") -> None:
    """Nobody is told by it any more."""
    found = locked(rule)
    audit.record(found, "alert_rule_removed", by=by, reason=reason)
    found.delete()


def locked(rule: AlertRule) -> AlertRule:
    """The rule as it is, while nobody else changes those of its account; raise InvalidOperation."""
    Account.objects.locked(rule.account_id)
    found = AlertRule.objects.filter(pk=rule.pk).first()
    if found is None:
        raise InvalidOperation(_("This rule was removed."))
    return found


@transaction.atomic
def stop_mails(rules: Collection[AlertRule], user: User) -> None:
    """Mail this person by none of these rules any more; what waits for them is not sent either."""
    for account in sorted({rule.account_id for rule in rules}):
        Account.objects.locked(account)
    ids = [rule.pk for rule in rules]
    for rule in AlertRule.objects.filter(pk__in=ids).exclude(stopped_by=user):
        rule.stopped_by.add(user)
        rule.notices.waiting().filter(user=user).delete()
        audit.record(rule, "alert_rule_mails_stopped", by=user.as_actor)


@transaction.atomic
def get_mails_again(rule: AlertRule, user: User) -> bool:
    """Mail this person by the rule again; False if they had not stopped it."""
    Account.objects.locked(rule.account_id)
    if not rule.stopped_by.filter(pk=user.pk).exists():
        return False
    rule.stopped_by.remove(user)
    audit.record(rule, "alert_rule_mails_wanted", by=user.as_actor)
    return True
