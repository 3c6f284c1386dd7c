"""What an operator's alarm reads: who was not let in, and who was refused an act.

Each is a log line with a fixed name (docs/operations.md lists them), with the address, and the
person and their accounts where they are known. Then each of the accounts gets an audit entry too,
of a kind and person the first in ten minutes, and one whenever they are ten times as many: a
stranger who tries on and on fills no record, and the record says how often they tried.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from django.db import transaction
from django.db.models.functions import Now
from django.http import HttpRequest

from licensing import audit
from licensing.api import addresses, brake
from licensing.models import Account, AuditEntry
from portal.models import ApiToken, Membership, User

logger = structlog.get_logger(__name__)

FOLDED = dt.timedelta(minutes=10)
TOLD_AT = (10, 100, 1_000, 10_000)
STRANGER = audit.Actor("stranger", "", "Somebody not signed in")


def not_let_in(request: HttpRequest, event: str, user: User | None) -> None:
    """Somebody gave a wrong password, code or second step, perhaps in a person's name."""
    signed_in = request.user if request.user.is_authenticated else None
    tell(request, event, user, by=signed_in.as_actor if signed_in else STRANGER)


def code_rejected(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Somebody gave another code than the one that was mailed."""
    not_let_in(request, "sign_in_code_failed", user)


def second_step_failed(request: HttpRequest, user: User, **_signal: Any) -> None:
    """Somebody who knows the password gave a wrong second step."""
    not_let_in(request, "second_step_failed", user)


def act_refused(request: HttpRequest) -> None:
    """Somebody who is signed in asked for what they may not do."""
    found = request.resolver_match
    page = found.view_name if found else ""
    user = request.user if request.user.is_authenticated else None
    by = user.as_actor if user else STRANGER
    tell(request, "act_refused", user, by=by, page=page, method=request.method)


def tell(
    request: HttpRequest, event: str, user: User | None, *, by: audit.Actor, **facts: Any
) -> None:
    """Log it, and record it in the accounts of a person of ours."""
    members = list(user.memberships.order_by("account")) if user else []
    logger.warning(
        event,
        address=addresses.of(request),
        user=user.pk if user else None,
        accounts=",".join(str(member.account_id) for member in members),
        **facts,
    )
    for member in members:
        record(member, event, by=by)


def record(member: Membership, event: str, *, by: audit.Actor) -> None:
    """Record it: the first within ten minutes, and the tenth, the hundredth and so on, with their
    number."""
    counter = f"alarms:{event}:{member.pk}"
    times = brake.count(counter, seconds=int(FOLDED.total_seconds()))
    if times not in TOLD_AT and (times > 1 or is_recorded(member, event)):
        return
    with transaction.atomic():
        Account.objects.locked(member.account_id)
        if times in TOLD_AT or not is_recorded(member, event):
            facts: dict[str, Any] = {"times": times} if times > 1 else {}
            audit.record(member, event, by=by, **facts)


def is_recorded(about: Membership | ApiToken, event: str) -> bool:
    """Whether the account's record has it of late."""
    return AuditEntry.objects.filter(
        account=about.account_id,
        object_kind=str(about._meta.verbose_name),
        object_id=str(about.pk),
        action=event,
        at__gt=Now() - FOLDED,
    ).exists()
