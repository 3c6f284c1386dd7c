"""Open alerts and rules, as the page of alerts lists them for one reader."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Max, QuerySet, Value
from django.utils.translation import gettext as _

from portal.alerts import words
from portal.alerts.events import EVENTS
from portal.models import Alert, AlertRule, Membership, Role, Webhook
from portal.models.people import User
from portal.words.aliases import names_for

MOST_SHOWN = 200


@dataclass(frozen=True)
class OpenAlert:
    """An open alert with what its row says."""

    alert: Alert
    text: str
    icon: str
    url: str


@dataclass(frozen=True)
class ListedRule:
    """A rule with what its row says."""

    rule: AlertRule
    title: str
    scope: str
    threshold: str
    readers: str
    quiet: str
    is_stopped: bool
    """Whether whoever reads the page gets no mails by it any more."""

    @property
    def state(self) -> str:
        """The state word."""
        if self.rule.is_running:
            return "rule_on"
        return "rule_paused" if self.rule.is_paused else "turned_off"


def open_of(membership: Membership) -> QuerySet[Alert]:
    """The open alerts that somebody sees, the newest first."""
    seen = Alert.objects.seen_by(Value(membership.user_id), Value(str(membership.role)))
    return seen.filter(account=membership.account).select_related("licence", "entry")


def open_for(membership: Membership) -> list[OpenAlert]:
    """The same as rows."""
    names = names_for(membership)
    return [
        OpenAlert(alert, words.says(alert, names), EVENTS[alert.event].icon, words.page_of(alert))
        for alert in open_of(membership)[:MOST_SHOWN]
    ]


def rules_for(membership: Membership) -> list[ListedRule]:
    """The account's rules."""
    rules = AlertRule.objects.filter(account=membership.account)
    told = rules.select_related("licence", "webhook").prefetch_related("people", "stopped_by")
    found = told.annotate(last_sent_at=Max("notices__sent_at"))
    return [listed(rule, membership.user_id) for rule in found]


def listed(rule: AlertRule, reader: int) -> ListedRule:
    """A rule as a row."""
    return ListedRule(
        rule=rule,
        title=words.title_of(rule),
        scope=words.scope_of(rule) if EVENTS[rule.event].is_of_licences else "",
        threshold=words.threshold_of(rule),
        readers=readers_in_words(rule),
        quiet=quiet_in_words(rule),
        is_stopped=reader in {user.pk for user in rule.stopped_by.all()},
    )


def readers_in_words(rule: AlertRule) -> str:
    """Who is told by a rule."""
    roles = [all_with(Role(role)) for role in rule.roles]
    people = [str(person) for person in people_of(rule)]
    return ", ".join([*roles, *people, *([name_of(rule.webhook)] if rule.webhook else [])])


def people_of(rule: AlertRule) -> list[User]:
    """Who is named by a rule."""
    return list(rule.people.all())


def all_with(role: Role) -> str:
    """Everybody who has a role."""
    return {
        Role.OWNER: _("Owners"), Role.MANAGER: _("Managers"), Role.VIEWER: _("Viewers")
    }[role]  # fmt: skip


def name_of(hook: Webhook) -> str:
    """A webhook by what stands there, and where; and that it is off."""
    kind = hook.get_kind_display() if hook.is_chat else _("Webhook")
    return _("%s (off)") % f"{kind} ({hook})" if hook.turned_off_at else f"{kind} ({hook})"


def quiet_in_words(rule: AlertRule) -> str:
    """The quiet hours of a rule; nothing if it has none."""
    if rule.quiet_from is None or rule.quiet_until is None:
        return ""
    return f"{rule.quiet_from:%H:%M}–{rule.quiet_until:%H:%M}"
