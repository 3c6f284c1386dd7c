"""Who asks a second member of staff for what, who approves it, and what of that waits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q

from licensing.models import Account
from support.acts.merging import MERGE, as_carried
from support.acts.records import RecordAct
from support.console import tables
from support.console.table import Table
from support.models import Approval

type Waiting = tuple[Table, RecordAct]


def all_acts() -> list[Waiting]:
    """The acts that a second one approves, each with its table."""
    return [
        (table, act) for table in tables.ALL for act in table.kind.acts if act.approved_by_a_second
    ]


def may_approve(user: Any, table: Table, act: RecordAct) -> bool:
    """Whether this person may approve the act, asked for by somebody else."""
    return bool(user.has_perm(f"{table.permission(act)}_approve"))


def of_acts(acts: Sequence[Waiting]) -> Q:
    """The approvals of these acts."""
    found = Q(pk__in=[])
    for table, act in acts:
        found |= Q(table=table.name, act=act.name)
    return found


def may_see(user: Any) -> bool:
    """Whether this person asks for, or approves, any of them."""
    return any(may_approve(user, table, act) or table.may(user, act) for table, act in all_acts())


def seen_by(user: Any) -> Q:
    """The approvals that this person may ask for or approve."""
    seen = [one for one in all_acts() if may_approve(user, *one) or one[0].may(user, one[1])]
    return of_acts(seen)


def waiting_for(user: Any) -> int:
    """How many wait that this person may approve."""
    acts = [one for one in all_acts() if may_approve(user, *one)]
    if not acts:
        return 0
    return Approval.objects.waiting().filter(of_acts(acts)).exclude(asker=str(user.pk)).count()


def waiting_at(account: Account, user: Any) -> list[Approval]:
    """What waits that is about this account, or merges it into another, for those who see it."""
    merged = Q(act=MERGE.name, asked__contains=[["other", as_carried(account)]])
    waiting = Approval.objects.waiting().filter(Q(account=account) | merged)
    return list(waiting.filter(seen_by(user)).order_by("asked_at", "pk"))
