"""The form of a rule, and finding one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django import forms
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing.errors import InvalidOperation
from licensing.models import Account
from portal.acts import ReasonForm
from portal.alerts import listed, rules
from portal.alerts.events import EVENTS, Event
from portal.alerts.rules import Wanted
from portal.models import AlertRule, LicenceTag, Role, Webhook
from portal.people import members
from portal.views.access import AccountRequest
from portal.views.acts import GroupedCheckboxes, choice_with_note
from portal.words.names import named_in_choices, short_name

type Choices = list[tuple[str, Any]]
LICENCE, TAG = "licence:", "tag:"
MEASURED = tuple(name for name, event in EVENTS.items() if event.thresholds)
"""Events of which a rule has a threshold: each has a field of its name, seen where it is chosen."""
PAUSES = {"1": dt.timedelta(days=1), "7": dt.timedelta(days=7), "": None}
"""For how many days a rule is paused."""


def rule_or_404(request: AccountRequest, alert_rule_id: int) -> AlertRule:
    """The account's rule of this id."""
    rules = AlertRule.objects.select_related("licence", "webhook", "account")
    return get_object_or_404(rules, pk=alert_rule_id, account=request.account)


def hour_field(**wanted: Any) -> forms.TimeField:
    """A time of day."""
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(widget=widget, required=False, **wanted)


class RuleForm(forms.Form):
    """Of what, about which licences, and to whom."""

    event = forms.ChoiceField(label=gettext_lazy("Event"), widget=forms.RadioSelect)
    pool_full = forms.TypedChoiceField(
        label=gettext_lazy("Pool full: from when on"),
        coerce=int,
        initial=rules.FIRST_THRESHOLDS["pool_full"],
    )
    licence_ends = forms.TypedChoiceField(
        label=gettext_lazy("Licence ends: how long before"),
        coerce=int,
        initial=rules.FIRST_THRESHOLDS["licence_ends"],
    )
    scope = forms.ChoiceField(label=gettext_lazy("Licences"), required=False)
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Tell everybody who is"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    people = forms.MultipleChoiceField(
        label=gettext_lazy("Tell these people"), widget=GroupedCheckboxes, required=False
    )
    webhook = forms.ChoiceField(
        label=gettext_lazy("Tell a channel or system"),
        required=False,
        help_text=gettext_lazy("Owners add Microsoft Teams, Slack and others under Webhooks."),
    )
    quiet_from = hour_field(label=gettext_lazy("Quiet hours from"))
    quiet_until = hour_field(
        label=gettext_lazy("until"),
        help_text=gettext_lazy("By each reader's own clock. What happens then is told after them."),
    )

    def __init__(
        self, account: Account, *args: Any, rule: AlertRule | None = None, **kwargs: Any
    ) -> None:
        if rule:
            kwargs["initial"] = said_by(rule)
        super().__init__(*args, **kwargs)
        self.account = account
        for name in MEASURED:
            self.fields[name].required = self.data.get("event") == name
        self.members = {str(member.user_id): member.user for member in members.of(account)}
        for name, choices in choices_of(account, self.members.items()).items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """Everything; refused unless somebody is told, and quiet hours begin and end."""
        cleaned: dict[str, Any] = super().clean() or {}
        self.require_readers(cleaned)
        begin, end = cleaned.get("quiet_from"), cleaned.get("quiet_until")
        if (begin is None) != (end is None) or (begin is not None and begin == end):
            self.add_error("quiet_until", _("Say when quiet hours begin and when they end."))
        return cleaned

    def require_readers(self, cleaned: dict[str, Any]) -> None:
        """Refuse, at the roles, what would tell nobody."""
        asked = Wanted(
            event=cleaned.get("event", ""),
            roles=cleaned.get("roles", ()),
            people=[self.members[person] for person in cleaned.get("people", ())],
            webhook=hooks_of(self.account).filter(pk=cleaned.get("webhook") or None).first(),
        )
        try:
            rules.require_readers(self.account, asked)
        except InvalidOperation as error:
            self.add_error("roles", str(error))

    @property
    def wanted(self) -> Wanted:
        """What was asked for."""
        asked = self.cleaned_data
        scope = asked["scope"] if EVENTS[asked["event"]].is_of_licences else ""
        licence = scope.removeprefix(LICENCE) if scope.startswith(LICENCE) else None
        webhook = asked["webhook"] or None
        return Wanted(
            event=asked["event"],
            threshold=asked[asked["event"]] if asked["event"] in MEASURED else None,
            licence=self.account.licences.get(pk=licence) if licence else None,
            tag=scope.removeprefix(TAG) if scope.startswith(TAG) else "",
            roles=[str(role) for role in Role if role in asked["roles"]],
            people=[self.members[person] for person in asked["people"]],
            webhook=hooks_of(self.account).get(pk=webhook) if webhook else None,
            quiet_from=asked["quiet_from"],
            quiet_until=asked["quiet_until"],
        )

    @property
    def grouped(self) -> list[dict[str, Any]]:
        """The people, under one heading that opens."""
        boxes = list(self["people"])
        ticked = sum(box.data["selected"] for box in boxes)
        return [{"name": _("By name"), "boxes": boxes, "ticked": ticked}]


def said_by(rule: AlertRule) -> dict[str, Any]:
    """What the form shows of a rule."""
    about_tag = f"{TAG}{rule.tag}" if rule.tag else ""
    return {
        "event": rule.event,
        rule.event: rule.threshold,
        "scope": f"{LICENCE}{rule.licence_id}" if rule.licence_id else about_tag,
        "roles": rule.roles,
        "people": [str(person.pk) for person in rule.people.all()],
        "webhook": str(rule.webhook_id or ""),
        "quiet_from": rule.quiet_from,
        "quiet_until": rule.quiet_until,
    }


def choices_of(account: Account, people: Iterable[tuple[str, Any]]) -> dict[str, Choices]:
    """What each field offers."""
    return {
        "event": [
            (name, choice_with_note(event.title, str(event.note))) for name, event in EVENTS.items()
        ],
        **{name: thresholds(EVENTS[name]) for name in MEASURED},
        "scope": scopes(account),
        "roles": [(str(role), listed.all_with(role)) for role in reversed(Role)],
        "people": [(pk, short_name(str(person))) for pk, person in people],
        "webhook": [
            ("", _("None")),
            *((str(hook.pk), listed.name_of(hook)) for hook in hooks_of(account)),
        ],
    }


def thresholds(event: Event) -> Choices:
    """Those of an event that has some."""
    return [(str(n), event.threshold(n)) for n in event.thresholds]


def scopes(account: Account) -> Choices:
    """The whole account, its licences and its tags."""
    licences = [(one.pk, named_in_choices(one)) for one in account.licences.all()]
    tags = dict.fromkeys(LicenceTag.objects.filter(account=account).values_list("name", flat=True))
    groups: Choices = [("", _("Whole account"))]
    if licences:
        groups.append((_("Licence"), [(f"{LICENCE}{pk}", name) for pk, name in licences]))
    if tags:
        groups.append((_("Tag"), [(f"{TAG}{name}", name) for name in tags]))
    return groups


def hooks_of(account: Account) -> Any:
    """The account's webhooks."""
    return Webhook.objects.kept().filter(account=account)


class PauseForm(ReasonForm):
    """For how long nobody is told."""

    days = forms.ChoiceField(
        label=gettext_lazy("For how long"),
        widget=forms.RadioSelect,
        required=False,
        choices=[
            ("1", gettext_lazy("A day")),
            ("7", gettext_lazy("Seven days")),
            ("", gettext_lazy("Until it is turned on again")),
        ],
        initial="7",
    )
    field_order = ["days", "reason"]

    @property
    def length(self) -> dt.timedelta | None:
        """The time, if it has an end."""
        return PAUSES[self.cleaned_data["days"]]
