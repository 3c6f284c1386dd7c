"""Open alerts and rules, as the page of alerts lists them for one reader."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db.models import Max, QuerySet, Value
from django.utils.translation import gettext as _

from portal.alerts import readers, words
from portal.alerts.events import EVENTS
from portal.models import Alert, AlertRule, Membership, Role, Webhook
from portal.words.aliases import names_for

MOST_SHOWN = 200


@dataclass(frozen=True)
class OpenAlert:
    """An open alert with what its row says."""

    alert: Alert
    text: str
    icon: str
    url: str
    is_mailed: bool
    """Whether whoever reads the page gets mails of it."""


@dataclass(frozen=True)
class ListedRule:
    """A rule with what its row says."""

    rule: AlertRule
    title: str
    scope: str
    threshold: str
    readers: str
    quiet: str
    is_mailed: bool
    """Whether whoever reads the page gets mails by it,"""
    is_stopped: bool
    """or would, if they had not stopped them."""
    stopped: str
    """Who else stopped them."""

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
    found = list(open_of(membership)[:MOST_SHOWN])
    mailing = readers.mailing_of(membership, found)
    return [
        OpenAlert(
            alert=alert,
            text=words.says(alert, names),
            icon=EVENTS[alert.event].icon,
            url=words.page_of(alert),
            is_mailed=bool(mailing.get(alert.pk)),
        )
        for alert in found
    ]


def rules_for(membership: Membership) -> list[ListedRule]:
    """The account's rules."""
    members = list(Membership.objects.active().filter(account=membership.account_id))
    rules = AlertRule.objects.filter(account=membership.account)
    told = rules.select_related("licence", "webhook").prefetch_related("people", "stopped_by")
    found = told.annotate(last_sent_at=Max("notices__sent_at")).order_by("created_at", "pk")
    return [listed(rule, membership, members) for rule in found]


def listed(rule: AlertRule, reader: Membership, members: Sequence[Membership]) -> ListedRule:
    """A rule as a row."""
    is_told = would_mail(rule, reader)
    stopped = {user.pk: user for user in rule.stopped_by.all()}
    others = [
        str(stopped[member.user_id])
        for member in members
        if member.user_id in stopped and member != reader and would_mail(rule, member)
    ]
    return ListedRule(
        rule=rule,
        title=words.title_of(rule),
        scope=words.scope_of(rule) if EVENTS[rule.event].is_of_licences else "",
        threshold=words.threshold_of(rule),
        readers=readers_in_words(rule, {member.user_id for member in members}),
        quiet=quiet_in_words(rule),
        is_mailed=is_told and reader.user_id not in stopped,
        is_stopped=is_told and reader.user_id in stopped,
        stopped=", ".join(others),
    )


def would_mail(rule: AlertRule, member: Membership) -> bool:
    """Whether a rule mails somebody, unless they stopped that."""
    return not EVENTS[rule.event].is_for_owners and readers.names(rule, member)


def readers_in_words(rule: AlertRule, members: Collection[int]) -> str:
    """Who is told by a rule: of those whom it names, who are of the account still."""
    channel = [name_of(rule.webhook)] if rule.webhook and not rule.webhook.removed_at else []
    if EVENTS[rule.event].is_for_owners:
        return ", ".join([*channel, _("Owners, by another mail")])
    roles = [all_with(Role(role)) for role in rule.roles]
    people = [str(person) for person in rule.people.all() if person.pk in members]
    return ", ".join([*roles, *people, *channel])


def all_with(role: Role) -> str:
    """Everybody who has a role."""
    return {
        Role.OWNER: _("Owners"), Role.MANAGER: _("Managers"), Role.VIEWER: _("Viewers")
    }[role]  # fmt: skip


def name_of(hook: Webhook) -> str:
    """A webhook by what stands there, and where; and that nothing arrives there, if so."""
    kind = hook.get_kind_display() if hook.is_chat else _("Webhook")
    name = f"{kind} ({hook})"
    if hook.turned_off_at:
        return _("%s (off)") % name
    return _("%s (nothing arrives)") % name if hook.failing_since else name


def quiet_in_words(rule: AlertRule) -> str:
    """The quiet hours of a rule; nothing if it has none."""
    if rule.quiet_from is None or rule.quiet_until is None:
        return ""
    return f"{rule.quiet_from:%H:%M}–{rule.quiet_until:%H:%M}"
