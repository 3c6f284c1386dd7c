"""The JSON that the vendor's API takes, one class per document, and what its lists are asked."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from django.http import HttpRequest
from django.utils.translation import gettext_lazy
from msgspec import UNSET, Meta, UnsetType

from licensing import emergency_seats, errors, limits
from licensing.api import parsers
from licensing.api.documents import NOT_BLANK, Request
from portal.api.queries import ListQuery
from support.acts.why import LONGEST_NOTE, SHORTEST_REASON, Why

NOT_UNDERSTOOD = gettext_lazy("The request asks for something that is not understood. See errors.")
ONE_LINE = r"^[^\u0000-\u001f\u007f]*$"
NOT_BLANK_LINE = r"^[^\u0000-\u001f\u007f]*[^\s\u0000-\u001f\u007f][^\u0000-\u001f\u007f]*$"
SHOWN_SEATS = f"1 to {limits.MOST_SEATS:,}."

OrderNumber = Annotated[
    str,
    Meta(
        max_length=100,
        pattern=NOT_BLANK_LINE,
        description="The shop's or CRM's name of the order. It is kept, and the customer reads it "
        "in the audit record and in mails.",
    ),
]
Reason = Annotated[
    str,
    Meta(
        pattern=f"^({'|'.join(Why)})$(?!\n)",
        description=f"What the customer reads: {', '.join(Why)}.",
    ),
]
Words = Annotated[
    str,
    Meta(
        min_length=SHORTEST_REASON,
        max_length=2000,
        pattern=NOT_BLANK,
        description=f"Why, in {SHORTEST_REASON} characters or more, for the vendor's people alone.",
    ),
]
Seats = Annotated[
    float,  # for JSON 12.0 is as whole as 12
    Meta(ge=1, le=limits.MOST_SEATS, multiple_of=1, description=f"The user limit, {SHOWN_SEATS}"),
]
Reference = Annotated[
    str,
    Meta(max_length=100, pattern=ONE_LINE, description="What the shop or CRM calls the account."),
]
FirstDay = Annotated[dt.date | None, Meta(description="The first day; null: from now on.")]
LastDay = Annotated[
    dt.date | None, Meta(description="The last day, in the account's time zone; null: no end.")
]


class VendorAccountQuery(ListQuery, frozen=True, kw_only=True):
    """Which accounts."""

    q: Annotated[
        str, Meta(pattern=ONE_LINE, description="Only accounts with these words in their name.")
    ] = ""
    external_reference: Annotated[
        str,
        Meta(
            pattern=ONE_LINE,
            description="Only the account that the shop or CRM calls so, exactly.",
        ),
    ] = ""


class VendorLicenceQuery(ListQuery, frozen=True, kw_only=True):
    """Which licences of the account."""

    order_reference: Annotated[
        str,
        Meta(
            pattern=ONE_LINE,
            description="Only licences that this order sold or changed, exactly.",
        ),
    ] = ""


class NewAccount(Request, frozen=True, kw_only=True):
    """Whose account it is, and who owns it first."""

    name: Annotated[
        str,
        Meta(max_length=200, pattern=NOT_BLANK_LINE, description="The organisation's name."),
    ]
    owner_email: Annotated[
        str,
        Meta(
            max_length=254,
            pattern=NOT_BLANK_LINE,
            description="Who becomes its owner by accepting the invitation that is mailed.",
        ),
    ]
    time_zone: Annotated[
        str,
        Meta(max_length=64, pattern=ONE_LINE, description="A zone of the IANA database."),
    ] = "Europe/London"
    external_reference: Reference = ""


class ByOrder(Request, frozen=True, kw_only=True):
    """Something that a customer ordered."""

    order_reference: OrderNumber


class ForReason(Request, frozen=True, kw_only=True):
    """Why it is done."""

    why: Reason
    reason: Words
    note: Annotated[
        str,
        Meta(
            max_length=LONGEST_NOTE,
            pattern=ONE_LINE,
            description="What the customer reads after it, in their audit record and in mails.",
        ),
    ] = ""
    ticket: Annotated[
        str,
        Meta(
            max_length=40,
            pattern=r"^([A-Za-z0-9#][A-Za-z0-9#/_.-]*)?$(?!\n)",
            description="Its number, for the vendor's people alone.",
        ),
    ] = ""


class NewLicence(ByOrder, frozen=True, kw_only=True):
    """What was sold. What is left out is as the template has it, if one is named."""

    template: Annotated[
        str,
        Meta(
            max_length=100,
            pattern=ONE_LINE,
            description="The code of a licence template; what else is told here goes before it.",
        ),
    ] = ""
    product: Annotated[
        Annotated[str, Meta(pattern="^[-a-zA-Z0-9_]{1,50}$")] | UnsetType,
        Meta(description="The product's code; needed unless there is a template."),
    ] = UNSET
    seats: Annotated[
        Seats | UnsetType,
        Meta(description=f"The user limit, {SHOWN_SEATS} Needed unless there is a template."),
    ] = UNSET
    usage_model: Annotated[
        Literal["concurrent", "single-user"] | UnsetType,
        Meta(description="concurrent or single-user; concurrent unless a template says so."),
    ] = UNSET
    name: Annotated[
        str,
        Meta(max_length=100, pattern=ONE_LINE, description="Its name; empty: as the product."),
    ] = ""
    features: Annotated[
        Annotated[
            list[Annotated[str, Meta(pattern="^[-a-zA-Z0-9_]{1,50}(:[0-9]{1,6})?$")]],
            Meta(max_length=50),
        ]
        | UnsetType,
        Meta(description="Codes of features; 4d:3 is 4d for three people at once."),
    ] = UNSET
    starts_on: FirstDay = None
    ends_on: Annotated[
        dt.date | UnsetType | None,
        Meta(
            description="The last day, in the account's time zone; null: no end. Left out, the "
            "template's term counts from the first day, or from today."
        ),
    ] = UNSET
    policy: Annotated[
        Literal["Friendly", "Strict", "Trusting", "Hold"] | UnsetType,
        Meta(
            description="The offline policy: Friendly, Strict, Trusting or Hold; Friendly unless "
            "a template says so."
        ),
    ] = UNSET
    key_labels: Annotated[
        list[Annotated[str, Meta(max_length=100, pattern=NOT_BLANK_LINE)]],
        Meta(max_length=50, description="A key for each, such as London office; none: one key."),
    ] = []


class NewSeats(ByOrder, frozen=True, kw_only=True):
    """How many seats the licence is to have, its emergency seats not counted: they come on top."""

    seats: Seats
    on: Annotated[
        dt.date | None,
        Meta(description="From the start of that day, in the account's time zone; null: now."),
    ] = None


class NewEmergencySeats(ForReason, frozen=True, kw_only=True):
    """How many seats more the licence has for some hours; they go back by themselves."""

    number: Annotated[
        float,
        Meta(ge=1, le=limits.MOST_SEATS, multiple_of=1, description=f"How many, {SHOWN_SEATS}"),
    ]
    hours: Annotated[
        float,
        Meta(
            ge=1,
            le=emergency_seats.MOST_HOURS,
            multiple_of=1,
            description=f"For how long, 1 to {emergency_seats.MOST_HOURS}.",
        ),
    ]


class NewTerm(ByOrder, frozen=True, kw_only=True):
    """How long the licence goes on."""

    ends_on: LastDay


SENT_AS = {"owner_email": "email", "key_labels": "keys", "number": "added"}
"""What the console's forms call a field, where that is another word."""


def read[D: Request](request: HttpRequest, kind: type[D]) -> D:
    """The document that was sent; raise RequestInvalid, in the words of this API."""
    try:
        return parsers.read(request, kind)
    except errors.RequestInvalid as error:
        raise errors.RequestInvalid(NOT_UNDERSTOOD, **error.extra) from None


def as_form(asked: Request) -> dict[str, Any]:
    """What was asked, as the console's form of the same act is sent it."""
    values = {SENT_AS.get(name, name): value for name, value in msgspec.to_builtins(asked).items()}
    values |= {name: int(value) for name, value in values.items() if isinstance(value, float)}
    if "features" in values:
        values["features"] = ", ".join(values["features"])
    if "keys" in values:
        values["keys"] = "\n".join(values["keys"])
    return {name: "" if value is None else value for name, value in values.items()}
