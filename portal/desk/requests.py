"""Asking the vendor's desk, answering, and withdrawing what was asked."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from licensing import audit, clock, licences, pools
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account, Licence
from portal.mail import mails
from portal.models import CustomerRequest, Delivery, RequestKind, RequestState, User


@transaction.atomic
def make(
    account: Account,
    kind: RequestKind,
    text: str,
    *,
    by: User,
    licence: Licence | None = None,
    seats: int | None = None,
) -> CustomerRequest:
    """Ask the desk for something; it is told by mail."""
    request = CustomerRequest.objects.create(
        account=account,
        licence=licence,
        kind=kind,
        seats=seats,
        text=text,
        asked_by=str(by),
        asked_by_email=by.email,
    )
    audit.record(request, "request_made", by=by.as_actor, kind=str(kind))
    desk = settings.SALES_EMAIL if kind == RequestKind.SEATS else settings.SUPPORT_EMAIL
    request.mail = mail("request_made", request, to=desk, asked_by=by)
    request.save(update_fields=["mail"])
    return request


@transaction.atomic
def take(request: CustomerRequest, *, by: audit.Actor, reason: str = "") -> CustomerRequest:
    """Have somebody of the desk see to it, as the others read; they may answer it all the same.

    Raise AlreadyDone unless it is open, or when they do already.
    """
    locked = lock_open(request)
    if locked.taken_by == by.name:
        raise AlreadyDone(_("You see to this request already."))
    locked.taken_by = by.name
    locked.save(update_fields=["taken_by"])
    audit.record(locked, "request_taken", by=by, reason=reason)
    return locked


@transaction.atomic
def answer(
    request: CustomerRequest, text: str, *, by: audit.Actor, reason: str = ""
) -> CustomerRequest:
    """Answer a request; who asked is told by mail. Raise AlreadyDone unless it is open."""
    locked = lock_open(request)
    locked.state, locked.answer, locked.answered_by = RequestState.ANSWERED, text, by.name
    locked.answered_at = clock.database_time()
    locked.save(update_fields=["state", "answer", "answered_by", "answered_at"])
    audit.record(locked, "request_answered", by=by, reason=reason)
    asker = User.objects.filter(email=locked.asked_by_email).first()
    to = locked.asked_by_email
    locked.answer_mail = mail("request_answered", locked, to=to, asked_by=asker)
    locked.save(update_fields=["answer_mail"])
    return locked


@transaction.atomic
def grant(
    request: CustomerRequest, seats: int, text: str, *, by: audit.Actor, reason: str = ""
) -> CustomerRequest:
    """Give the licence that a request is about so many seats, and answer it.

    Raise AlreadyDone unless it is open, InvalidOperation for an impossible number or where it is
    about no licence.
    """
    if request.licence is None:
        raise InvalidOperation(_("This request is about no licence."))
    pools.lock(request.licence.pk)  # before the request, which an answer locks before the account
    lock_open(request)
    licences.set_seats(request.licence, seats, by=by, reason=reason)
    return answer(request, text, by=by, reason=reason)


@transaction.atomic
def withdraw(request: CustomerRequest, *, by: audit.Actor) -> CustomerRequest:
    """Take a request back. Raise AlreadyDone unless it is open."""
    locked = lock_open(request)
    locked.state = RequestState.WITHDRAWN
    locked.save(update_fields=["state"])
    audit.record(locked, "request_withdrawn", by=by)
    return locked


def lock_open(request: CustomerRequest) -> CustomerRequest:
    """The request, locked; raise AlreadyDone when nobody waits for an answer any more."""
    related = CustomerRequest.objects.select_related("account", "licence")
    locked = related.select_for_update(of=["self"]).get(pk=request.pk)
    if locked.state != RequestState.OPEN:
        raise AlreadyDone(_("This request waits for no answer any more."))
    return locked


def mail(name: str, request: CustomerRequest, *, to: str, asked_by: User | None) -> Delivery:
    """Write one of the two mails about a request."""
    context: dict[str, Any] = {"request_made": request, "url": address(request)}
    return mails.write(
        name,
        context,
        to=to,
        account=request.account,
        reply_to=reply_to(name, request),
        asked_by=asked_by,
    )


def reply_to(name: str, request: CustomerRequest) -> list[str]:
    """The desk answers whoever asked; the customer answers the desk."""
    return [request.asked_by_email if name == "request_made" else settings.SUPPORT_EMAIL]


def address(request: CustomerRequest) -> str:
    """The request's page for the customer."""
    return settings.BASE_URL + reverse("portal:request", args=[request.pk])
