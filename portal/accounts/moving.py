"""How what the portal has of an account becomes another's, table by table, and what clashes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Exists, Model, OuterRef, QuerySet

from licensing import audit, merging
from licensing.audit import Actor
from licensing.models import Account
from portal.models import (
    Alert,
    AlertRule,
    CustomerRequest,
    Invitation,
    LicenceNotes,
    LicenceTag,
    Membership,
    Report,
    Role,
    SavedView,
    SecretAddress,
    Snooze,
)
from portal.models.views import MOST_IN_A_NAME

type Mover = Callable[[Account, Account], object]


def all_of(model: type[Model]) -> Mover:
    """Moves all rows of a table in which nothing can clash."""
    return lambda old, new: model._default_manager.filter(account=old).update(account=new)


def views(old: Account, new: Account) -> None:
    """Saved views; one whose name its person has there has the old account's behind it."""
    for view in SavedView.objects.filter(account=old).order_by("pk"):
        theirs = SavedView.objects.filter(account=new, person=view.person_id, listed=view.listed)
        taken = set(theirs.values_list("name", flat=True))
        if view.name in taken:
            view.name = merging.free_name(
                view.name, old, longest=MOST_IN_A_NAME, room=30, is_taken=taken.__contains__
            )
        view.account = new
        view.save(update_fields=["account", "name"])


def reports(old: Account, new: Account) -> None:
    """Reports but those that say the same, as often, to the same readers."""
    there = {alike(report) for report in Report.objects.filter(account=new)}
    for report in Report.objects.filter(account=old).order_by("pk"):
        if alike(report) not in there:
            Report.objects.filter(pk=report.pk).update(account=new)


def alike(report: Report) -> tuple[Any, ...]:
    """What two reports have in common of which one is enough."""
    readers = frozenset(report.places.values_list("person", flat=True))
    return report.kind, report.view_id, report.every, report.format, readers


def invitations(old: Account, new: Account) -> None:
    """Invitations but those of who is there, or invited there, already."""
    is_there = Membership.objects.filter(account=new, user__email__iexact=OuterRef("email"))
    is_asked = Invitation.objects.pending().filter(account=new, email__iexact=OuterRef("email"))
    Invitation.objects.pending().filter(~Exists(is_there), ~Exists(is_asked), account=old).update(
        account=new
    )


def people(old: Account, new: Account, *, by: Actor, reason: str) -> tuple[int, int]:
    """People; who is in both has the higher role. Return how many came, and how many were there."""
    there = {member.user_id: member for member in new.memberships.select_related("user")}
    theirs = list(old.memberships.select_related("user", "account").order_by("pk"))
    for member in theirs:
        if known := there.get(member.user_id):
            raise_role(known, Role(member.role), by=by, reason=reason)
    came = [member for member in theirs if member.user_id not in there]
    for member in came:
        member.account = new
        member.save(update_fields=["account"])
    changes: list[tuple[Model, dict[str, Any]]] = [
        (one, {"person": str(one.user), "role": one.role, "from": old.name}) for one in came
    ]
    audit.record_all(changes, "person_brought", by=by, reason=reason)
    return len(came), len(theirs) - len(came)


def raise_role(member: Membership, role: Role, *, by: Actor, reason: str) -> None:
    """Let somebody have the higher of two roles."""
    before = Role(member.role)
    if before.includes(role):
        return
    member.role = role
    member.save(update_fields=["role"])
    told = {"person": str(member.user), "before": str(before), "after": str(role)}
    audit.record(member, "role_changed", by=by, reason=reason, **told)


def alert_rules(old: Account, new: Account) -> None:
    """Rules about a licence or a tag that tell somebody; a webhook of the old account ends."""
    of_some = AlertRule.objects.filter(account=old).exclude(licence=None, tag="")
    told = of_some.exclude(roles=[], people=None)
    AlertRule.objects.filter(pk__in=list(told.values_list("pk", flat=True))).update(
        account=new, webhook=None
    )


def alerts(old: Account, new: Account) -> None:
    """Alerts of licences, which are the other account's by now."""
    Alert.objects.filter(account=old, licence__isnull=False).update(account=new)


def without_doubles(model: type[Model], *, by: tuple[str, ...]) -> Mover:
    """Moves the rows of a table of which the other account has no such row."""

    def move(old: Account, new: Account) -> None:
        same = {name: OuterRef(name) for name in by}
        there = model._default_manager.filter(account=new, **same)
        rows: QuerySet[Any] = model._default_manager.filter(~Exists(there), account=old)
        rows.update(account=new)

    return move


MOVERS: dict[type[Model], Mover] = {
    LicenceTag: all_of(LicenceTag),
    LicenceNotes: all_of(LicenceNotes),
    CustomerRequest: all_of(CustomerRequest),
    SavedView: views,
    Report: reports,
    Invitation: invitations,
    AlertRule: alert_rules,
    Alert: alerts,
    Snooze: without_doubles(Snooze, by=("person", "name")),
    SecretAddress: without_doubles(SecretAddress, by=("person", "kind")),
}
"""How each table is moved that moves, but for licences and people."""
