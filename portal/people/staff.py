"""The vendor's staff: who they are, what they may do, and who may sign in at all.

What is done to somebody stands in the record of each of their accounts. Staff mostly have
none: there Django's history of the admin tells it, and a line of the log.
"""

from __future__ import annotations

from collections.abc import Collection

import structlog
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.db import transaction

from licensing import audit
from licensing.errors import InvalidOperation
from portal.models import User
from portal.people import invitations

logger = structlog.get_logger(__name__)

ONLY_STAFF = "Only staff have groups."


@transaction.atomic
def add(user: User, *, by: audit.Actor) -> User:
    """Make somebody staff who is new here: they set a password by "Forgot your password?"."""
    user.email = invitations.normalise(user.email)
    user.is_staff = True
    user.set_unusable_password()
    user.save()
    logger.info("staff_added", user=user.pk, by=by.name)
    return user


@transaction.atomic
def set_rights(
    user: User, *, is_staff: bool, groups: Collection[str], by: audit.Actor, reason: str
) -> None:
    """Let somebody work for the vendor, as these groups may, or no longer.

    Raise InvalidOperation for groups without being staff: they would wait for the day when
    somebody is.
    """
    if groups and not is_staff:
        raise InvalidOperation(ONLY_STAFF)
    user.is_staff = is_staff
    user.save(update_fields=["is_staff"])
    user.groups.set(Group.objects.filter(name__in=groups))
    named = sorted(groups)
    logger.info(
        "staff_rights_changed", user=user.pk, is_staff=is_staff, groups=named, by=by.name,
        reason=reason,
    )  # fmt: skip


@transaction.atomic
def lock_out(user: User, *, by: audit.Actor, reason: str) -> None:
    """Keep somebody from signing in, and sign them out everywhere."""
    put_active(user, False, "person_locked_out", by=by, reason=reason)
    for session in UserSession.objects.filter(user=user):
        session.end()


@transaction.atomic
def let_in(user: User, *, by: audit.Actor, reason: str) -> None:
    """Let somebody sign in again."""
    put_active(user, True, "person_let_in", by=by, reason=reason)


def put_active(user: User, is_active: bool, action: str, *, by: audit.Actor, reason: str) -> None:
    """Whether they may sign in, in the record of each of their accounts."""
    user.is_active = is_active
    user.save(update_fields=["is_active"])
    for membership in user.memberships.order_by("account"):
        audit.record(membership, action, by=by, reason=reason)
    logger.info(action, user=user.pk, by=by.name, reason=reason)
