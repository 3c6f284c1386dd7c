"""The vendor's staff, signed in."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests.factories import MembershipFactory, UserFactory
from tests.people import signed_in


def staff(group: str | None = None, **fields):
    user = UserFactory(is_staff=True, **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def support(db) -> Client:
    """Anna Kowalski of the support desk."""
    return signed_in(staff("Support", name="Anna Kowalski", email="anna@vendor.example"))


@pytest.fixture
def sales(db) -> Client:
    """Somebody of sales."""
    return signed_in(staff("Sales"))


@pytest.fixture
def superuser(db) -> Client:
    """Somebody with every right."""
    return signed_in(staff(is_superuser=True))


@pytest.fixture
def member(db):
    """An account holder and their account."""
    return MembershipFactory()
