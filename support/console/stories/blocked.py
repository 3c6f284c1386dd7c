"""The rule that keeps somebody out, which is told before all else that is in their way: of who
left nothing else needs mending."""

from __future__ import annotations

from collections.abc import Iterator

from licensing import rules
from licensing.identity import Client
from licensing.models import AccessRule, ClientSession, Denial
from licensing.rules import Decision, Somebody
from support.console.stories.advice import Advice
from support.words import moment

MEANT = (
    "Nothing, if they are to stay out. If not, ask an owner or manager before the block is lifted; "
    "then look this up again, for what else is in their way."
)


def rule_against(event: Denial | ClientSession) -> AccessRule | None:
    """The rule that bars them from the licence now, if one does."""
    if event.licence is None:
        return None
    decision = rules.decide(event.licence, somebody(event))
    return None if decision.is_allowed else decision.rule


def somebody(event: Denial | ClientSession) -> Somebody:
    """Whom it is about, as rules know them."""
    if isinstance(event, ClientSession):
        return event
    return Client(machine_name=event.machine_name, username=event.username, version=event.version)


def now(denial: Denial) -> Iterator[str]:
    """How it stands where no rule names who was refused by one."""
    decision: Decision = rules.decide(denial.licence, somebody(denial))  # type: ignore[arg-type]
    if decision.is_allowed:
        yield "Now no rule keeps them out."
    elif decision.rule is None:
        yield "Only others are allowed."


def told(rule: AccessRule) -> str:
    """``Blocked since Tue 1 Dec, 09:00 GMT by Anna Kowalski: Leaver.``, and by which rule."""
    since, by = moment(rule.starts_at, rule.account), rule.created_by
    until = f" until {moment(rule.ends_at, rule.account)}" if rule.ends_at else ""
    because = rule.reason.rstrip(". ") or "no reason was given"
    return f"Blocked since {since}{until} by {by}: {because}. The rule is {rule}."


def advice_for(event: Denial | ClientSession, usual: Advice, rule: AccessRule) -> Advice:
    """What is done about who is barred: the block comes first, and a seat still held may be."""
    holds_seat = isinstance(event, ClientSession) and not event.ended_at
    return Advice(
        told=usual.told,
        now=usual.now,
        then=f"{MEANT} {usual.then}" if holds_seat else MEANT,
        ways=lambda one: [(rule, "lift"), *(usual.ways(one) if holds_seat else ())],
    )
