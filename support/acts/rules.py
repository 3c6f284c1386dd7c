"""What staff do to access rules."""

from __future__ import annotations

from licensing import clock, rules
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.models import AccessRule
from licensing.models.rules import Effect
from support.acts.records import Kind, RecordAct
from support.acts.why import Usual, Why
from support.words import moment


def lift(rule: AccessRule, *, by: Actor, reason: str) -> str:
    """Lift the rule; return what to tell."""
    if not rules.lift(rule, by=by, reason=reason):
        raise InvalidOperation(f"{rule} has ended already.")
    return f"Lifted: {rule}."


def preview_lift(rule: AccessRule) -> list[str]:
    """Who gets in that did not."""
    where = str(rule.licence or f"any licence of {rule.account}")
    if rule.effect == Effect.BLOCK:
        return [f"Whom it barred from {where} can start the program again, unless another rule "
                "bars them."]  # fmt: skip
    others = AccessRule.objects.filter(account=rule.account).current().exclude(pk=rule.pk)
    left = others.filter(effect=Effect.ALLOW, licence=rule.licence).count()
    if left:
        return [f"Whom it let in at {where} is barred, unless another of {left} rules allows them."]
    return [f"It is the last that allows only some at {where}: everybody gets in who is not "
            "blocked."]  # fmt: skip


def why_not_lift(rule: AccessRule) -> str:
    """A rule that is over is not lifted."""
    if rule.ends_at is None or rule.ends_at > clock.database_time():
        return ""
    return f"{rule} ended on {moment(rule.ends_at, rule.account)} already."


KIND = Kind(
    acts=(
        RecordAct(
            name="lift",
            label="Lift",
            effects="The rule ends now and stays as a record.",
            run=lift,
            preview=preview_lift,
            why_not=why_not_lift,
            reasons=(Usual(Why.ASKED), Usual(Why.ROUTINE, "It was added by mistake.")),
        ),
    ),
)
