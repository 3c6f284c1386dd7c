"""Access rules in words, and what they would say to somebody who asks for a seat."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from licensing import devices, errors, rules
from licensing.identity import Client
from licensing.known_names import namesakes
from licensing.models import AccessRule, Licence
from licensing.models.rules import Effect
from licensing.names import alphabetical, on_one_line
from licensing.rules import Decision, NewRule
from portal.words.aliases import Names

ANYWHERE = gettext_lazy("Any machine")
ANYBODY = gettext_lazy("Anybody")


@dataclass(frozen=True)
class RuleRow:
    """One rule with what a list says about it."""

    rule: AccessRule
    who: str | Promise
    where: str | Promise
    status: str
    reason: str


def rules_of(licence: Licence, names: Names) -> list[RuleRow]:
    """The rules in force about a licence, those of the whole account included, for the reader."""
    return rows_of(AccessRule.objects.of_licence(licence).current(), names)


def rows_of(in_force: Iterable[AccessRule], names: Names) -> list[RuleRow]:
    """Rules as a list tells them to the reader."""
    return [
        RuleRow(
            rule,
            who=names.pattern(rule.username) or ANYBODY,
            where=names.pattern(rule.machine_name) or ANYWHERE,
            status="blocked" if rule.effect == Effect.BLOCK else "only_allowed",
            reason=names.written(rule.reason),
        )
        for rule in in_force
    ]


def subject(username: str, machine_name: str) -> str:
    """Whom a rule is about: "J. Smith", "Anybody on CAD-*", "J. Smith on CAD-017"."""
    user, machine = on_one_line(username), on_one_line(machine_name)
    if not machine.replace("*", ""):
        return user or str(ANYBODY)
    return _("%(user)s on %(machine)s") % {"user": user or ANYBODY, "machine": machine}


def blocked(wanted: NewRule) -> str:
    """What blocking does to whoever it is about."""
    if wanted.is_about_everybody:
        return _("Nobody can take a seat from now on. A program that is open stays open.")
    whom = subject(wanted.username, wanted.machine_name)
    return _("%s can't take a seat from now on. A program that is open stays open.") % whom


@dataclass(frozen=True)
class Verdict:
    """What would happen to somebody who asks for a seat now: ``tone`` is ok, warn or bad."""

    tone: str
    text: str
    rule: AccessRule | None = None
    others: Sequence[str] = ()
    """What would happen to names of the same user, where that differs."""


def verdict(licence: Licence, username: str, machine_name: str) -> Verdict:
    """Blocked by which rule; or allowed, and whether there is a seat."""
    client = Client(username=username, machine_name=machine_name, version="")
    decision = rules.decide(licence, client)
    others = verdicts_on_namesakes(licence, client, decision)
    if decision.is_allowed:
        return replace(seat_for(licence, client), rule=decision.rule, others=others)
    return Verdict("bad", by_rules(decision), rule=decision.rule, others=others)


def by_rules(decision: Decision) -> str:
    """What the rules say of somebody."""
    if decision.is_allowed:
        return _("Allowed by the rules.")
    if decision.rule is None:
        return _("Blocked: only those whom an “only allow” rule names get in.")
    return _("Blocked by the rule “%s”.") % decision.rule


def verdicts_on_namesakes(licence: Licence, asked: Client, decision: Decision) -> list[str]:
    """Of the user's other names of late those of whom the rules say something else."""
    found = namesakes(licence.account, asked.username)
    told = []
    for name in found:
        other = rules.decide(licence, replace(asked, username=name.username))
        if other.is_allowed != decision.is_allowed:
            words = {"name": name.username, "verdict": by_rules(other)}
            told.append(told_of(words, is_same=name in found.theirs))
    return told


def told_of(words: dict[str, str], *, is_same: bool) -> str:
    """Another name of the user and what the rules say of it."""
    if is_same:
        return _("The same person as %(name)s: %(verdict)s") % words
    return _("Programs know %(name)s too, maybe somebody else: %(verdict)s") % words


def seat_for(licence: Licence, client: Client) -> Verdict:
    """Whether somebody who is allowed would get a seat now."""
    try:
        licence.require_usable()
    except errors.LicensingError as refusal:
        return Verdict("warn", _("Allowed by the rules. But: %s") % refusal)
    holds = licence.sessions.active().filter(person=client.person, machine=client.machine)
    if holds.exists():
        return Verdict("ok", _("Allowed, and holds a seat already."))
    if licence.is_concurrent:
        return free_seat_of_pool(licence)
    return free_seat_of_devices(licence, client)


def free_seat_of_pool(licence: Licence) -> Verdict:
    """How many seats of a pool a check-out could take: free ones and stale ones."""
    kept = licence.sessions.active().count() - licence.sessions.stale().count()
    if kept >= licence.seats:
        return Verdict("warn", _("Allowed. Would get no seat now: every seat is in use."))
    return would_get(licence.seats - kept)


def free_seat_of_devices(licence: Licence, client: Client) -> Verdict:
    """Whether this machine has a seat, or could be bound to one."""
    if devices.bound_seat(licence, client.machine_name):
        return Verdict("ok", _("Allowed. This machine has its seat."))
    bound = list(licence.devices.bound().values_list("machine_name", flat=True))
    if len(bound) >= licence.seats:
        text = _("Allowed. Would get no seat now: bound to %s.")
        return Verdict("warn", text % ", ".join(sorted(bound, key=alphabetical)))
    return would_get(licence.seats - len(bound))


def would_get(free: int) -> Verdict:
    """The good answer, with how many seats are free."""
    text = ngettext(
        "Allowed. Would get a seat now: %(n)s free.",
        "Allowed. Would get a seat now: %(n)s free.",
        free,
    )
    return Verdict("ok", text % {"n": free})
