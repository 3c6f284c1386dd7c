"""A shop with a token, and a customer of its."""

from __future__ import annotations

from tests.api.vendor.shop import make_staff_token
from tests.factories import AccountFactory, make_pool
from tests.kept import kept


@kept
def token():
    """A token of somebody of sales that may do all that they may."""
    return make_staff_token()


@kept
def account():
    return AccountFactory(name="Brook & Co")


@kept
def licence(account):
    """A pool of ten seats."""
    return make_pool(10, account=account, name="London planners", features=["bim"]).licence
