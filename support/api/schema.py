"""The vendor's API described for its readers, in the same document as the other APIs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, TypeVar

import msgspec
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse

from licensing import errors
from licensing.api import problems
from licensing.api.documents import Document, Request
from licensing.api.examples import AT
from licensing.api.openapi import example, operation, refusals
from portal.api.queries import ListQuery
from portal.api.schema import LICENCE_ID, found_or_unchanged, parameters_of
from support.acts.why import Why
from support.api import asked, documents, examples
from support.api.once import KEY as KEY_PATTERN
from support.models import VendorScope

View = TypeVar("View", bound=Callable[..., HttpResponse])

TAG = "Vendor"
BEARER: Any = [{"staff_token": []}]
ACCOUNT_ID = OpenApiParameter(
    "account_id", {"type": "integer"}, OpenApiParameter.PATH, description="The account."
)
KEY_ID = OpenApiParameter(
    "key_id", {"type": "integer"}, OpenApiParameter.PATH, description="The product key, by its id."
)
PLANNED_ID = OpenApiParameter(
    "planned_id",
    {"type": "integer"},
    OpenApiParameter.PATH,
    description="What is planned, by its id in the licence.",
)
IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": KEY_PATTERN},
    OpenApiParameter.HEADER,
    required=True,
    description="New for each thing to do, such as a UUID, and the same when that is sent again: "
    "it is then answered as it was, for a day.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    description="The `ETag` of the licence as it was read: it is changed only if it is still so.",
)
OF_ANY = (errors.TokenInvalid, errors.ScopeMissing, errors.RateLimited)
OF_WRITES = (
    errors.RequestInvalid,
    problems.IdempotencyKeyMissing,
    problems.IdempotencyKeyInvalid,
    problems.RequestTooSlow,
    errors.InvalidOperation,
    problems.IdempotencyKeyInUse,
    problems.IdempotencyKeyReused,
)


def reading(
    name: str,
    summary: str,
    document: Document,
    *,
    parameters: list[OpenApiParameter],
    refused: tuple[type[errors.LicensingError], ...],
) -> Callable[[View], View]:
    """The description of an operation that reads."""
    return operation(
        operation_id=name,
        summary=summary,
        description=f"Scope `{VendorScope.READ}`.",
        tags=[TAG],
        auth=BEARER,
        parameters=parameters,
        responses={
            **found_or_unchanged(document),
            **refusals(*OF_ANY, *refused),
        },
    )


def listing(
    name: str,
    summary: str,
    page: Document,
    query: type[ListQuery],
    parameters: tuple[OpenApiParameter, ...] = (),
) -> Callable[[View], View]:
    """The description of an operation that lists."""
    return reading(
        name,
        summary,
        page,
        parameters=[*parameters, *parameters_of(query)],
        refused=(errors.RequestInvalid, problems.NotFound),
    )


def writing(
    name: str,
    summary: str,
    scope: VendorScope,
    wanted: Request,
    document: Document,
    *,
    does: str,
    parameters: tuple[OpenApiParameter, ...] = (),
    status: int = 200,
) -> Callable[[View], View]:
    """The description of an operation that does something, once for each key."""
    by_parameters = (problems.NotFound,) if parameters else ()
    by_match = (problems.PreconditionFailed,) if IF_MATCH in parameters else ()
    return operation(
        operation_id=name,
        summary=summary,
        description=f"{does} Scope `{scope}`.",
        tags=[TAG],
        auth=BEARER,
        parameters=[*parameters, IDEMPOTENCY_KEY],
        request={"application/json": type(wanted)},
        examples=[example("asked", wanted, request_only=True)],
        responses={
            status: OpenApiResponse(
                type(document),
                description="It is done, now or when this was sent before.",
                examples=[example("done", document, response_only=True)],
            ),
            **refusals(*OF_ANY, *OF_WRITES, *by_parameters, *by_match),
        },
    )


def changing(
    name: str, summary: str, wanted: Request, document: Document, does: str
) -> Callable[[View], View]:
    """The description of an operation that changes a licence."""
    return writing(
        name, summary, VendorScope.LICENCES, wanted, document,
        does=does, parameters=(LICENCE_ID, IF_MATCH),
    )  # fmt: skip


accounts = listing(
    "vendor_accounts",
    "Customers' accounts",
    documents.VendorAccountPage(data=[examples.ACCOUNT], next=None),
    asked.VendorAccountQuery,
)
account = reading(
    "vendor_account",
    "One account",
    examples.ACCOUNT,
    parameters=[ACCOUNT_ID],
    refused=(problems.NotFound,),
)
licences = listing(
    "vendor_licences",
    "An account's licences",
    documents.VendorLicencePage(data=[examples.LICENCE], next=None),
    asked.VendorLicenceQuery,
    (ACCOUNT_ID,),
)
templates = listing(
    "vendor_templates",
    "Licence templates",
    documents.VendorTemplatePage(data=[examples.TEMPLATE], next=None),
    ListQuery,
)
licence = reading(
    "vendor_licence",
    "One licence",
    examples.LICENCE,
    parameters=[LICENCE_ID],
    refused=(problems.NotFound,),
)
open_account = writing(
    "vendor_open_account",
    "Open an account",
    VendorScope.ACCOUNTS,
    examples.NEW_ACCOUNT,
    examples.ACCOUNT,
    does="The first owner gets an invitation by mail.",
    status=201,
)
sell = writing(
    "vendor_sell",
    "Sell a licence",
    VendorScope.LICENCES,
    examples.NEW_LICENCE,
    examples.LICENCE,
    does="The customer has it at once, and its owners and managers get a mail.",
    parameters=(ACCOUNT_ID,),
    status=201,
)
seats = changing(
    "vendor_seats",
    "Change seats",
    asked.NewSeats(seats=12, order_reference="SO-10977"),
    examples.MORE_SEATS,
    "With fewer than are in use nobody is closed, and nobody starts until use is below the limit.",
)
emergency_seats = changing(
    "vendor_emergency_seats",
    "Give emergency seats",
    asked.NewEmergencySeats(
        number=2, hours=24, why=Why.ORDER, reason="Until the order of today is here."
    ),
    msgspec.structs.replace(
        examples.LICENCE,
        emergency_seats=documents.VendorEmergencySeats(
            id=5, number=2, until=AT + dt.timedelta(days=1)
        ),
    ),
    "They come on top of the seats of a pool, and go back by themselves. No program is closed.",
)
end_seats = writing(
    "vendor_end_planned_seats",
    "Cancel planned seats, or end emergency seats",
    VendorScope.LICENCES,
    asked.ForReason(why=Why.ORDER, reason="The order was cancelled."),
    examples.LICENCE,
    does="Seats that are planned stay away; emergency seats go back now. No program is closed.",
    parameters=(PLANNED_ID,),
)
term = changing(
    "vendor_term",
    "Change the term",
    asked.NewTerm(ends_on=dt.date(2027, 11, 29), order_reference="SO-10432"),
    examples.LICENCE,
    "The first day stays.",
)
suspend = changing(
    "vendor_suspend",
    "Suspend a licence",
    asked.ForReason(why=Why.ORDER, reason="Payment is overdue."),
    msgspec.structs.replace(examples.LICENCE, state="suspended"),
    "Programs that are open stay open; nobody starts.",
)
reinstate = changing(
    "vendor_reinstate",
    "Reinstate a licence",
    asked.ForReason(why=Why.ORDER, reason="Payment has arrived."),
    examples.LICENCE,
    "People can start the program again.",
)
hand_over = writing(
    "vendor_hand_over",
    "Hand a key over",
    VendorScope.HAND_OVER,
    asked.ForReason(why=Why.ASKED, reason="Nobody there has found the key.", ticket="OPS-4821"),
    examples.HANDED_OVER,
    does="Owners and managers get a mail with the way to the key, those who have not joined their "
    "invitation. The key itself is told nowhere but in the portal, to them.",
    parameters=(KEY_ID,),
)
