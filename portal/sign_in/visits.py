"""Visits: support sees an account as its owner does, read only, and its owners hear of it.

A browser's session remembers which visit it is in; whether that still goes on is asked of the
database at each request. ``standing_of`` is what makes the account the request's;
``portal.views.visiting`` says which pages are shown.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import Value
from django.db.models.functions import Now
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing import audit
from licensing.clock import database_time
from licensing.models import Account
from portal.mail import mails
from portal.models import Alert, Membership, Role, User, Visit, VisitOver
from portal.sign_in.standing import Standing, person
from portal.words.names import short_name

logger = structlog.get_logger(__name__)

LASTS = dt.timedelta(minutes=30)
REMEMBERED_AS = "visit"
RIGHT = "support.account_view_as"
"""What the vendor's table of rights calls it."""
BEGAN, ENDED = "support_view_began", "support_view_ended"
"""What the record calls it."""


@transaction.atomic
def begin(request: HttpRequest, account: Account, *, reason: str, ticket: str = "") -> Visit:
    """Let this browser see the account as its owner does, for half an hour.

    It stands in the account's record, and its owners are told by mail. Raise InvalidOperation
    when it is closed.
    """
    Account.objects.locked(account.pk).require_open()
    staff = person(request)
    ends_at = database_time() + LASTS
    told = {"ticket": ticket, "ends_at": ends_at.isoformat()}
    with audit.kept_for_staff(audit.ForStaff(ticket)):
        entry = audit.record(account, BEGAN, by=staff.as_actor, reason=reason, **told)
    visit = Visit.objects.create(
        account=account, person=staff, entry=entry, ticket=ticket, ends_at=ends_at
    )
    tell_owners(visit)
    request.session[REMEMBERED_AS] = visit.pk
    logger.info(BEGAN, **in_log(visit))
    return visit


def in_log(visit: Visit) -> dict[str, Any]:
    """What the log says of it, as it does of whatever an alarm reads."""
    return {
        "address": visit.entry.address,
        "user": visit.person_id,
        "accounts": str(visit.account_id),
        "ticket": visit.ticket,
    }


def tell_owners(visit: Visit) -> None:
    """Mail each owner, in their language and zone, who looks at their account, and why."""
    context = {
        "visit": visit,
        "account": visit.account,
        "name": short_name(visit.entry.actor_name),
        "reason": visit.entry.reason,
        "url": settings.BASE_URL + reverse("portal:audit", query={"staff": "1"}),
    }
    for email in visit.account.memberships.owners().values_list("user__email", flat=True):
        with mails.read_by(email, visit.account):
            titled = context | {"title": title_of(visit)}
        mails.write("support_view", titled, to=email, account=visit.account)


def title_of(visit: Visit) -> str:
    """What was done, with its ticket if there is one."""
    if not visit.ticket:
        return _("Support viewed your account")
    return _("Support viewed your account (ticket %(ticket)s)") % {"ticket": visit.ticket}


@transaction.atomic
def end(visit: Visit, because: VisitOver, *, by: audit.Actor) -> bool:
    """Let it be over, in the account's record too; False if it was."""
    if not Visit.objects.going_on().filter(pk=visit.pk).update(ended_at=Now()):
        return False
    told = {"because": because.value, "person": short_name(visit.entry.actor_name)}
    with audit.kept_for_staff(audit.ForStaff(visit.ticket)):
        audit.record(visit.account, ENDED, by=by, ticket=visit.ticket, **told)
    logger.info(ENDED, because=because.value, **in_log(visit))
    return True


def remembered(request: HttpRequest) -> Visit | None:
    """The visit that this browser is in, unless its end was written down."""
    visit = request.session.get(REMEMBERED_AS)
    if visit is None:
        return None
    of_person = Visit.objects.going_on().filter(pk=visit, person=request.user.pk)
    return of_person.select_related("account__preferences", "entry").first()


def why_over(visit: Visit, staff: User) -> VisitOver | None:
    """Why it may not go on, if so: its time is over, or the person has not the right any more."""
    if visit.is_due:
        return VisitOver.TIME
    is_allowed = staff.is_active and staff.is_staff and staff.has_perm(RIGHT)
    return None if is_allowed else VisitOver.NO_RIGHT


def go_on(request: HttpRequest) -> tuple[Visit | None, Account | None]:
    """The visit that goes on in this browser, or the account that it can't be in any longer."""
    if REMEMBERED_AS not in request.session:
        return None, None
    visit = remembered(request)
    because = why_over(visit, person(request)) if visit else None
    if visit and not because:
        return visit, None
    if visit and because:
        end(visit, because, by=audit.SYSTEM)
    return None, leave(request)


def leave(request: HttpRequest) -> Account | None:
    """Let the browser forget the visit that it was in; return whose account that was."""
    visit = request.session.pop(REMEMBERED_AS, None)
    return Account.objects.filter(visits=visit, visits__person=request.user.pk).first()


def standing_of(visit: Visit, staff: User) -> Standing:
    """How the person stands there meanwhile: as an owner would, though nobody wrote them down."""
    seen = Alert.objects.seen_by(Value(staff.pk), Value(str(Role.OWNER)))
    return Standing(
        Membership(account=visit.account, user=staff, role=Role.OWNER),
        has_others=False,
        open_alerts=seen.filter(account=visit.account_id).count(),
    )


def end_at_sign_out(request: HttpRequest | None, user: User | None, **_signal: Any) -> None:
    """Whoever signs out leaves the account that they looked at."""
    session = getattr(request, "session", None)
    if request is None or session is None or REMEMBERED_AS not in session:
        return
    visit = Visit.objects.filter(pk=session[REMEMBERED_AS]).select_related("account", "entry")
    if user and (found := visit.filter(person=user.pk).first()):
        end(found, VisitOver.SIGNED_OUT, by=user.as_actor)


def end_overdue() -> int:
    """End those whose half hour is over, whether or not anybody comes back; return how many."""
    overdue = Visit.objects.overdue().select_related("account", "entry")
    return sum(end(visit, VisitOver.TIME, by=audit.SYSTEM) for visit in overdue)
