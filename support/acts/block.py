"""Blocking people and machines: what the act asks, foretells and calls."""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from django import forms
from django.db.models import BooleanField, QuerySet
from django.db.models.expressions import RawSQL

from licensing import rules
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import Account, ClientSession, Licence
from licensing.models.rules import Effect
from licensing.names import one_line
from portal.licences import caught
from support.acts.records import RecordAct, RecordForm
from support.acts.why import Usual, Why
from support.words import moment, number_of


class BlockForm(RecordForm):
    """Whom, where, until when, and why."""

    username = forms.CharField(
        validators=[one_line],
        required=False,
        max_length=255,
        label="User",
        help_text=r"Exact, or with *: ACME\temp*",
    )
    machine_name = forms.CharField(
        validators=[one_line],
        required=False,
        max_length=255,
        label="Machine",
        help_text="Exact, or with *: SITE-*",
    )
    whole_account = forms.BooleanField(required=False, label="On all licences of the account")
    ends_at = forms.DateTimeField(
        required=False,
        label="Until",
        help_text="In the account's time zone. Empty: until the rule is lifted.",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )
    everybody = forms.BooleanField(
        required=False,
        label="I mean to bar that many people",
        help_text="Needed for a rule that bars everybody, or most people seen in 30 days.",
    )
    field_order = ["username", "machine_name", "whole_account", "ends_at", "everybody", "reason"]

    def clean_ends_at(self) -> dt.datetime | None:
        """The time as the account's clocks show it."""
        ends_at = self.cleaned_data["ends_at"]
        zone = zoneinfo.ZoneInfo(self.record.account.time_zone)
        return ends_at.replace(tzinfo=zone) if ends_at else None


def preview_block(
    licence: Licence,
    *,
    username: str,
    machine_name: str,
    whole_account: bool,
    ends_at: dt.datetime | None,
    everybody: bool,
) -> list[str]:
    """Whom the rule bars, and how many of them work now."""
    wanted = {"username": username, "machine_name": machine_name, "ends_at": ends_at}
    rule = wanted_rule(licence, whole_account=whole_account, **wanted)
    require_meant(licence, rule, so_many=everybody)
    held = matching(sessions_in_reach(licence, whole_account), username, machine_name).count()
    where = f"any licence of {licence.account}" if whole_account else str(licence)
    until = f"until {moment(ends_at, licence.account)}" if ends_at else "until the rule is lifted"
    who = f"{username or 'Anybody'} on {machine_name or 'any machine'}"
    lines = [f"{who} can't take a seat of {where}, from now {until}."]
    if rule.is_about_everybody:
        lines.insert(0, "This bars EVERYBODY.")
    return [
        *lines,
        f"In use now by them: {number_of(held, 'seat')}. "
        "Seats come back at their next refresh; a program that is open stays open.",
        *not_caught(licence.account, username),
    ]


def not_caught(account: Account, username: str) -> list[str]:
    """The other names of a user that the rule is not about, as with a domain and without it."""
    return [
        f"NOT about {name.username}, a name of the same user: "
        f"{caught.told_of(account, name)}. Block that too, or all by *."
        for name in caught.missed(account, username)
    ]


def wanted_rule(licence: Licence, *, whole_account: bool, **wanted: Any) -> rules.NewRule:
    """The rule that is asked for."""
    return rules.NewRule(licence=None if whole_account else licence, effect=Effect.BLOCK, **wanted)


def require_meant(licence: Licence, rule: rules.NewRule, *, so_many: bool) -> None:
    """Raise InvalidOperation for a rule that bars most people seen of late, unless it is meant."""
    rules.require_sensible(rule, even_everybody=so_many)
    question = "" if so_many else caught.question_about(licence.account, [rule])
    if question:
        raise InvalidOperation(question, part="everybody")


def sessions_in_reach(licence: Licence, whole_account: bool) -> QuerySet[ClientSession]:
    """The sessions that hold a seat of the licence, or of any of the account's."""
    active = ClientSession.objects.active()
    if whole_account:
        return active.filter(account=licence.account_id)
    return active.filter(licence=licence)


def matching(
    among: QuerySet[ClientSession], username: str, machine_name: str
) -> QuerySet[ClientSession]:
    """Those of the sessions that a rule with these patterns is about."""
    patterns = [rules.like(username), rules.like(machine_name)]
    return among.filter(
        RawSQL("person LIKE %s AND machine LIKE %s", patterns, output_field=BooleanField())
    )


def block(
    licence: Licence,
    *,
    by: Actor,
    reason: str,
    whole_account: bool,
    everybody: bool,
    **wanted: Any,
) -> str:
    """Add the rule; return what to tell."""
    rule = wanted_rule(licence, whole_account=whole_account, **wanted)
    require_meant(licence, rule, so_many=everybody)
    made = rules.add(licence.account, rule, by=by, reason=reason, even_everybody=everybody)
    return f"{made}: the rule holds from now on."


BLOCK = RecordAct(
    name="block",
    label="Block",
    effects="A block beats every rule that allows. It is lifted among the access rules.",
    run=block,
    form=BlockForm,
    in_rows=True,
    reasons=(Usual(Why.LEAVER, "They left the company."), Usual(Why.ASKED)),
    preview=preview_block,
)
