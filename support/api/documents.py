"""The JSON that goes out of the vendor's API, one class per document."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

from django.db.models import Prefetch, QuerySet
from msgspec import Meta

from licensing.api.documents import Document
from licensing.models import Account, Licence, LicenceTemplate, PlannedSeats
from licensing.models.licences import LicenceState
from portal.api.documents import AccountKey, key_document
from portal.api.pages import Next
from portal.models import Invitation, Membership, Role
from support.acts.templates import policy_name


class VendorAccount(Document, frozen=True, kw_only=True):
    """A customer's account."""

    id: int
    name: str
    external_reference: Annotated[
        str, Meta(description="What the shop or CRM calls it; empty if it never said.")
    ]
    time_zone: Annotated[str, Meta(description="A zone of the IANA database.")]
    owners: Annotated[list[str], Meta(description="The e-mail addresses of its owners.")]
    invited_owners: Annotated[
        list[str], Meta(description="Of those who are invited as owners and have not accepted.")
    ]
    created_at: dt.datetime
    closed_at: Annotated[
        dt.datetime | None, Meta(description="Nothing is done in it since; null while it is open.")
    ] = None
    merged_into: Annotated[
        int | None, Meta(description="The id of the account that has all that it had, if so.")
    ] = None


class VendorOrder(Document, frozen=True, kw_only=True):
    """An order by which something of a licence was sold or changed."""

    reference: Annotated[str, Meta(description="As the shop or CRM gave it.")]
    act: Annotated[
        str, Meta(description="What it did: sell, seats, term, feature or remove-feature.")
    ]
    at: dt.datetime


class VendorFeature(Document, frozen=True, kw_only=True):
    """A feature that a licence includes."""

    code: str
    seats: Annotated[
        int | None, Meta(description="For how many people at once; null: for all with a seat.")
    ]


class VendorEmergencySeats(Document, frozen=True, kw_only=True):
    """Seats on top of those that were ordered, which go back by themselves."""

    id: int
    number: int
    until: dt.datetime


class VendorPlannedSeats(Document, frozen=True, kw_only=True):
    """Another user limit, from a day on."""

    id: int
    seats: int
    on: Annotated[dt.date, Meta(description="From its start, in the account's time zone.")]


class VendorLicence(Document, frozen=True, kw_only=True):
    """A licence, as it was sold. Who uses it is no part of it, so that its ETag stands still."""

    id: int
    account: Annotated[int, Meta(description="The id of the account that has it.")]
    name: str
    product: Annotated[str, Meta(description="The product's code.")]
    usage_model: Annotated[str, Meta(description="concurrent, single-user or lease.")]
    state: Annotated[str, Meta(description="active, suspended or closed, whatever the term.")]
    seats: Annotated[
        int,
        Meta(
            description="The user limit that was ordered. Emergency seats come on top, and what is "
            "planned for a later day is not in it."
        ),
    ]
    planned_seats: Annotated[
        list[VendorPlannedSeats], Meta(description="What is planned, the first day first.")
    ]
    emergency_seats: Annotated[
        VendorEmergencySeats | None, Meta(description="On top of seats; null: none.")
    ]
    features: list[VendorFeature]
    starts_on: dt.date | None
    ends_on: Annotated[dt.date | None, Meta(description="The last day; null if it has no end.")]
    renew_by: Annotated[
        dt.date | None,
        Meta(
            description="The day by which it must be renewed; null if it has no end or is closed."
        ),
    ]
    keys: Annotated[list[AccountKey], Meta(description="Its product keys, masked.")]
    orders: Annotated[list[VendorOrder], Meta(description="The first one first.")]
    created_at: dt.datetime


class VendorHandOver(Document, frozen=True, kw_only=True):
    """Who was told the way to a key, which only they can read, in the portal."""

    key: int
    serial_number: str
    readers: Annotated[list[str], Meta(description="The owners and managers who get a mail.")]
    invited: Annotated[
        list[str], Meta(description="Whose invitation was sent again: they read it once they join.")
    ]


class VendorTemplate(Document, frozen=True, kw_only=True):
    """What is sold often: what a licence is where an order that names it says nothing else."""

    id: int
    code: Annotated[str, Meta(description="By this an order names it. It stays for good.")]
    name: str
    product: Annotated[str, Meta(description="The product's code.")]
    usage_model: Annotated[str, Meta(description="concurrent or single-user.")]
    seats: int
    features: Annotated[list[str], Meta(description="Codes; 4d:3 is 4d for three at once.")]
    months: Annotated[int | None, Meta(description="How long its term is; null: no end.")]
    policy: Annotated[str, Meta(description="Friendly, Strict, Trusting or Hold.")]


class VendorTemplatePage(Document, frozen=True, kw_only=True):
    """The templates that are on sale, by id."""

    data: list[VendorTemplate]
    next: Next


class VendorAccountPage(Document, frozen=True, kw_only=True):
    """Accounts, by id."""

    data: list[VendorAccount]
    next: Next


class VendorLicencePage(Document, frozen=True, kw_only=True):
    """Licences, by id."""

    data: list[VendorLicence]
    next: Next


def accounts() -> QuerySet[Account]:
    """Accounts with all that a document tells of them."""
    owners = Membership.objects.owners().select_related("user").order_by("pk")
    invited = Invitation.objects.open().filter(role=Role.OWNER).order_by("pk")
    return Account.objects.select_related("customer_number").prefetch_related(
        Prefetch("memberships", owners, to_attr="owners_now"),
        Prefetch("invitations", invited, to_attr="owners_to_be"),
    )


def licences() -> QuerySet[Licence]:
    """Licences with all that a document tells of them."""
    open_now = PlannedSeats.objects.open().order_by("on")
    return Licence.objects.select_related("product").prefetch_related(
        "keys",
        "licence_features__feature",
        "order_references",
        Prefetch("planned_seats", open_now, to_attr="seats_to_come"),
    )


def account_document(account: Any) -> VendorAccount:
    """One of the ``accounts``."""
    number = getattr(account, "customer_number", None)
    return VendorAccount(
        id=account.pk,
        name=account.name,
        external_reference=number.number if number else "",
        time_zone=account.time_zone,
        owners=[owner.user.email for owner in account.owners_now],
        invited_owners=[invitation.email for invitation in account.owners_to_be],
        created_at=account.created_at,
        closed_at=account.closed_at,
        merged_into=account.merged_into_id,
    )


def licence_document(licence: Any) -> VendorLicence:
    """One of the ``licences``."""
    emergency = emergency_of(licence)
    return VendorLicence(
        id=licence.pk,
        account=licence.account_id,
        name=licence.name,
        product=licence.product.code,
        usage_model=licence.usage_model,
        state=licence.state,
        seats=licence.seats - (emergency.number if emergency else 0),
        planned_seats=[
            VendorPlannedSeats(id=one.pk, seats=one.seats, on=one.on)
            for one in licence.seats_to_come
            if one.on
        ],
        emergency_seats=emergency,
        features=features_of(licence),
        starts_on=licence.starts_on,
        ends_on=licence.ends_on,
        renew_by=None if licence.state == LicenceState.CLOSED else licence.ends_on,
        keys=[key_document(key) for key in sorted(licence.keys.all(), key=lambda key: key.pk)],
        orders=orders_of(licence),
        created_at=licence.created_at,
    )


def template_document(template: LicenceTemplate) -> VendorTemplate:
    """A template on sale."""
    return VendorTemplate(
        id=template.pk,
        code=template.code,
        name=template.name,
        product=template.product.code,
        usage_model=template.usage_model,
        seats=template.seats,
        features=template.features,
        months=template.months,
        policy=policy_name(template),
    )


def emergency_of(licence: Any) -> VendorEmergencySeats | None:
    """The emergency seats that it has now, of which there is one row at most."""
    running = (
        VendorEmergencySeats(id=one.pk, number=one.added, until=one.until)
        for one in licence.seats_to_come
        if one.until
    )
    return next(running, None)


def features_of(licence: Licence) -> list[VendorFeature]:
    """What the licence includes, by code."""
    included = [
        VendorFeature(code=each.feature.code, seats=each.seats)
        for each in licence.licence_features.all()
    ]
    return sorted(included, key=lambda feature: feature.code)


def orders_of(licence: Any) -> list[VendorOrder]:
    """By which orders it came to be what it is."""
    return [
        VendorOrder(reference=order.reference, act=order.act, at=order.noted_at)
        for order in licence.order_references.all()
    ]
