"""Two accounts, each with an owner."""

from __future__ import annotations

import pytest

from tests.factories import MembershipFactory


@pytest.fixture
def owner():
    """Of the account that stays."""
    return MembershipFactory(account__name="Brook & Co")


@pytest.fixture
def new(owner):
    return owner.account


@pytest.fixture
def other():
    """Owner of the account that is merged into it."""
    return MembershipFactory(account__name="Hill & Dale")


@pytest.fixture
def old(other):
    return other.account
