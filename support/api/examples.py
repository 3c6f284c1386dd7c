"""What the description of the vendor's API shows of each document."""

from __future__ import annotations

import datetime as dt

import msgspec

from licensing.api.examples import AT
from portal.api.schema import KEY
from support.api import asked, documents

ACCOUNT = documents.VendorAccount(
    id=7,
    name="Brook & Co",
    external_reference="CRM-20418",
    time_zone="Europe/London",
    owners=[],
    invited_owners=["priya@example.com"],
    created_at=AT,
)
LICENCE = documents.VendorLicence(
    id=12,
    account=7,
    name="London planners",
    product="asta-powerproject",
    usage_model="concurrent",
    state="active",
    seats=10,
    planned_seats=[],
    emergency_seats=None,
    features=[
        documents.VendorFeature(code="4d", seats=3),
        documents.VendorFeature(code="bim", seats=None),
    ],
    starts_on=None,
    ends_on=dt.date(2027, 11, 29),
    renew_by=dt.date(2027, 11, 29),
    keys=[KEY],
    orders=[documents.VendorOrder(reference="SO-10432", act="sell", at=AT)],
    created_at=AT,
)
TEMPLATE = documents.VendorTemplate(
    id=3,
    code="powerproject-year",
    name="Powerproject, concurrent, 1 year",
    product="asta-powerproject",
    usage_model="concurrent",
    seats=5,
    features=["bim"],
    months=12,
    policy="Friendly",
)
MORE_SEATS = msgspec.structs.replace(
    LICENCE,
    seats=12,
    orders=[*LICENCE.orders, documents.VendorOrder(reference="SO-10977", act="seats", at=AT)],
)
HANDED_OVER = documents.VendorHandOver(
    key=31, serial_number="7Q2X-4M8K-9D3T", readers=[], invited=["priya@example.com"]
)
NEW_ACCOUNT = asked.NewAccount(
    name="Brook & Co", owner_email="priya@example.com", external_reference="CRM-20418"
)
NEW_LICENCE = asked.NewLicence(
    product="asta-powerproject",
    name="London planners",
    seats=10,
    features=["bim", "4d:3"],
    ends_on=dt.date(2027, 11, 29),
    order_reference="SO-10432",
)
