"""The vendor's staff."""

from __future__ import annotations

from django.contrib.auth.models import Group

from tests.factories import UserFactory


def staff(*groups: str | None, **fields):
    """One of them, of groups of the admin's."""
    user = UserFactory(is_staff=True, **fields)
    for group in filter(None, groups):
        user.groups.add(Group.objects.get(name=group))
    return user
