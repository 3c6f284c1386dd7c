"""Two-step sign-in: who has it, and who must."""

from __future__ import annotations

import datetime as dt

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone
from django.utils.translation import gettext

from licensing import audit, clock
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account
from licensing.models.spelling import Alphabetical
from portal.models import AccountPreferences, Membership, User
from portal.sign_in import security_changes
from portal.words.names import short_name

NOTICE = dt.timedelta(days=7)
STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
"""What counts as a second step; recovery codes only stand in for one."""


def steps_of(user: str) -> Exists:
    """Whether the person that this column of a query names has two-step sign-in."""
    return Exists(Authenticator.objects.filter(user=OuterRef(user), type__in=STEPS))


def has(user: User) -> bool:
    """Whether the person has two-step sign-in."""
    return Authenticator.objects.filter(user=user, type__in=STEPS).exists()


def steps_in_words(membership: Membership) -> str:
    """Which second steps the person has, so that a new one is told from the one before."""
    steps = Authenticator.objects.filter(user=membership.user, type__in=STEPS)
    return " ".join(map(str, steps.order_by("pk").values_list("pk", flat=True)))


def is_needed(membership: Membership) -> bool:
    """Whether the account's owners require it by now."""
    preferences = getattr(membership.account, "preferences", None)
    due = preferences.two_step_required_from if preferences else None
    return due is not None and due <= timezone.now()


def is_needed_by_staff(user: User) -> bool:
    """Whether the person may not work for the vendor without it."""
    return user.is_staff and settings.STAFF_NEED_TWO_STEP


def without(account: Account) -> QuerySet[Membership]:
    """The account's people who would have to set it up."""
    people = account.memberships.active().select_related("user")
    return people.exclude(steps_of("user")).order_by(Alphabetical("user__name"), "pk")


@transaction.atomic
def require(account: Account, *, by: audit.Actor) -> AccountPreferences:
    """Ask everybody in the account for it, in seven days.

    Raise AlreadyDone when it has been asked already.
    """
    preferences, _ = AccountPreferences.objects.select_for_update().get_or_create(account=account)
    if preferences.two_step_required_from:
        raise AlreadyDone(gettext("Two-step sign-in is required already."))
    preferences.two_step_required_from = clock.database_time() + NOTICE
    preferences.save(update_fields=["two_step_required_from"])
    due = preferences.two_step_required_from.isoformat()
    audit.record(account, "two_step_required", by=by, due=due)
    return preferences


@transaction.atomic
def stop_requiring(account: Account, *, by: audit.Actor) -> AccountPreferences:
    """Leave it to each person again. Raise AlreadyDone when nobody asked for it."""
    preferences, _ = AccountPreferences.objects.select_for_update().get_or_create(account=account)
    if not preferences.two_step_required_from:
        raise AlreadyDone(gettext("Two-step sign-in is not required."))
    preferences.two_step_required_from = None
    preferences.save(update_fields=["two_step_required_from"])
    audit.record(account, "two_step_not_required", by=by)
    return preferences


def has_none(user: User) -> str:
    """Why nothing can be reset of somebody who has no second step."""
    return gettext("%s has no two-step sign-in.") % user


@transaction.atomic
def reset(membership: Membership, *, by: audit.Actor, reason: str) -> None:
    """Take a person's second steps away, for one who lost them, and sign them out everywhere.

    They get a mail, and each of their accounts an entry in its record; why is for the account
    of the membership alone. Raise InvalidOperation when they have none.
    """
    steps = Authenticator.objects.filter(user=membership.user)
    if not steps.exists():
        raise InvalidOperation(has_none(membership.user))
    steps.delete()
    for session in UserSession.objects.filter(user=membership.user):
        session.end()
    for held in membership.user.memberships.order_by("account"):
        why = reason if held.pk == membership.pk else ""
        audit.record(held, "two_step_reset", by=by, reason=why)
    change = security_changes.CHANGES["mfa/email/totp_deactivated"]
    origin = short_name(by.name)
    security_changes.mail(membership.user, change.subject, origin=origin)
