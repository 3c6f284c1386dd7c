"""The vendor's staff, signed in."""

from __future__ import annotations

from django.test import Client

import config.urls  # noqa: F401, who reads the admin's tables finds them
from licensing import licences
from licensing.licences import Order
from licensing.models.licences import UsageModel
from tests.factories import (
    TESTER,
    MembershipFactory,
    days_from_today,
    make_pool,
    make_session,
)
from tests.kept import kept
from tests.people import signed_in
from tests.support.vendor import staff


@kept
def support() -> Client:
    """Anna Kowalski of the support desk."""
    return signed_in(staff("Support", name="Anna Kowalski", email="anna@vendor.example"))


@kept
def sales() -> Client:
    """Somebody of sales."""
    return signed_in(staff("Sales"))


@kept
def superuser() -> Client:
    """Somebody with every right."""
    return signed_in(staff(is_superuser=True))


@kept
def member():
    """An account holder and their account."""
    return MembershipFactory()


@kept
def planners():
    """The key of a pool of ten that three people use."""
    key = make_pool(10, name="London planners")
    for _ in range(3):
        make_session(key)
    return key


@kept
def lease():
    """A lease licence with a feature and a device."""
    order = Order(
        account_name="Brook & Co",
        seats=1,
        usage_model=UsageModel.LEASE,
        name="Old lease",
        features=["bim"],
        ends_on=days_from_today(99),
    )
    key, _ = licences.take_over_lease(order, by=TESTER)
    make_session(key)
    return key.licence
