"""What the vendor's API does."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from licensing import errors, pools, templates
from licensing.api.documents import Document, FieldProblem
from licensing.api.exchange import answer
from licensing.models import Account, Licence, PlannedSeats, ProductKey
from licensing.models.licences import UsageModel
from licensing.numbers import number_in
from portal.api.answers import etag_of
from support.acts import orders
from support.acts.hand_over import invited, readers
from support.acts.templates import sold_by
from support.acts.why import Why
from support.api import asked, documents
from support.api.authentication import authorise
from support.api.doing import NOT_AS_ASKED, Deed, deed, require_match
from support.api.once import once
from support.models import CustomerNumber, StaffToken, VendorScope

OPEN, SELL = deed(Account, "open"), deed(Account, "sell")
SEATS, TERM = deed(Licence, "seats"), deed(Licence, "term")
EMERGENCY = deed(Licence, "emergency")
CANCEL_PLAN, END_EMERGENCY = deed(PlannedSeats, "cancel"), deed(PlannedSeats, "end")
SUSPEND, REINSTATE = deed(Licence, "suspend"), deed(Licence, "reinstate")
HAND_OVER = deed(ProductKey, "hand-over")


def open_account(request: HttpRequest) -> HttpResponse:
    """Open an account and invite its first owner."""
    token = authorise(request, VendorScope.ACCOUNTS, OPEN.right)
    wanted = asked.read(request, asked.NewAccount)
    return once(request, token, wanted, partial(opened, token, wanted))


def opened(token: StaffToken, wanted: asked.NewAccount) -> HttpResponse:
    """The account, as it was opened."""
    account = Account()
    usual = {"usual": str(OPEN.act.reasons[0])}
    OPEN.do(account, asked.as_form(wanted) | usual, by=token)
    call(account, wanted.external_reference)
    document = documents.account_document(documents.accounts().get(pk=account.pk))
    return made(document, "vendor_api:account", account.pk)


def call(account: Account, number: str) -> None:
    """Note what the shop calls the account; raise AlreadyDone if it calls another one so."""
    if not number.strip():
        return
    try:
        with transaction.atomic():
            CustomerNumber.objects.create(account=account, number=number.strip())
    except IntegrityError:
        problem = FieldProblem(pointer="/external_reference", detail="Another account has it.")
        raise errors.AlreadyDone(
            "There is an account with this external reference already.", errors=[problem]
        ) from None


def sell(request: HttpRequest, account_id: str) -> HttpResponse:
    """Sell the account a licence."""
    token = authorise(request, VendorScope.LICENCES, SELL.right)
    wanted = asked.read(request, asked.NewLicence)
    account = get_object_or_404(Account, pk=number_in(account_id))
    return once(request, token, wanted, partial(sold, token, account, wanted))


def sold(token: StaffToken, account: Account, wanted: asked.NewLicence) -> HttpResponse:
    """The licence, as it was sold. Two orders of one account go one after the other."""
    account = Account.objects.locked(account.pk)
    SELL.do(account, begun_with(account, wanted) | sent_for(wanted), by=token)
    licence = SELL.act.leads_to(account)
    return made(document_of(licence), "vendor_api:licence", licence.pk)


def begun_with(account: Account, wanted: asked.NewLicence) -> dict[str, Any]:
    """What a licence is where the order says nothing; raise InvalidOperation for a template that
    there is not."""
    if not wanted.template:
        return {"usage_model": UsageModel.CONCURRENT, "policy": "Friendly"}
    try:
        template = templates.find(wanted.template)
    except errors.InvalidOperation as error:
        problem = FieldProblem(pointer="/template", detail=str(error))
        raise errors.InvalidOperation(NOT_AS_ASKED, errors=[problem]) from None
    return sold_by(template, wanted.starts_on or account.local(timezone.now()).date())


def change(
    request: HttpRequest, licence_id: str, deed: Deed, kind: type[asked.ByOrder | asked.ForReason]
) -> HttpResponse:
    """Do it to a licence, as it is now."""
    token = authorise(request, VendorScope.LICENCES, deed.right)
    wanted = asked.read(request, kind)
    licence = get_object_or_404(Licence, pk=number_in(licence_id))
    return once(request, token, wanted, partial(changed, request, token, licence, deed, wanted))


def changed(
    request: HttpRequest,
    token: StaffToken,
    licence: Licence,
    deed: Deed,
    wanted: asked.ByOrder | asked.ForReason,
) -> HttpResponse:
    """The licence, as it is then; raise PreconditionFailed if it is not what was read."""
    locked = pools.lock(licence.pk)
    require_match(request, document_of(locked))
    if isinstance(wanted, asked.ByOrder):
        require_first(locked, deed, wanted)
    deed.do(locked, sent_for(wanted), by=token)
    return told(document_of(locked))


def end_seats(request: HttpRequest, planned_id: str) -> HttpResponse:
    """Cancel what is planned, or end emergency seats."""
    token = authorise(request, VendorScope.LICENCES, CANCEL_PLAN.right)
    wanted = asked.read(request, asked.ForReason)
    planned = get_object_or_404(PlannedSeats, pk=number_in(planned_id))
    return once(request, token, wanted, partial(seats_ended, token, planned, wanted))


def seats_ended(token: StaffToken, planned: PlannedSeats, wanted: asked.ForReason) -> HttpResponse:
    """The licence, as it is without."""
    locked = pools.lock(planned.licence_id)
    ends = END_EMERGENCY if planned.added else CANCEL_PLAN
    ends.do(PlannedSeats.objects.get(pk=planned.pk), sent_for(wanted), by=token)
    return told(document_of(locked))


def hand_over(request: HttpRequest, key_id: str) -> HttpResponse:
    """Tell those who may read a key the way to it."""
    token = authorise(request, VendorScope.HAND_OVER, HAND_OVER.right)
    wanted = asked.read(request, asked.ForReason)
    key = get_object_or_404(ProductKey, pk=number_in(key_id))
    return once(request, token, wanted, partial(handed_over, token, key, wanted))


def handed_over(token: StaffToken, key: ProductKey, wanted: asked.ForReason) -> HttpResponse:
    """Whom the mail reaches."""
    HAND_OVER.do(key, sent_for(wanted), by=token)
    document = documents.VendorHandOver(
        key=key.pk,
        serial_number=key.serial_number,
        readers=readers(key.account),
        invited=invited(key.account),
    )
    return told(document)


def sent_for(wanted: asked.ByOrder | asked.ForReason) -> dict[str, Any]:
    """What the console's form is sent; why, is the order where there is one."""
    sent = asked.as_form(wanted)
    if sent.get("order_reference"):
        sent |= {"why": Why.ORDER}
    return sent


def require_first(licence: Licence, deed: Deed, wanted: asked.ByOrder) -> None:
    """Raise AlreadyDone when this order did the same to the licence before."""
    reference = wanted.order_reference.strip()
    if orders.earlier(licence, deed.act.name, reference):
        problem = FieldProblem(pointer="/order_reference", detail="It did this already.")
        raise errors.AlreadyDone(
            "This order did the same to the licence already. A request that is sent again has "
            "the Idempotency-Key of the first.",
            errors=[problem],
        )


def document_of(licence: Licence) -> documents.VendorLicence:
    """The licence as it is told now."""
    return documents.licence_document(documents.licences().get(pk=licence.pk))


def told(document: Document, *, status: int = 200) -> HttpResponse:
    """What came of it, with its ETag for the next change."""
    response = answer(document, status=status)
    response["ETag"] = etag_of(response.content)
    return response


def made(document: Document, page: str, pk: int) -> HttpResponse:
    """What there is now, and where."""
    response = told(document, status=201)
    response["Location"] = reverse(page, args=[pk])
    return response
