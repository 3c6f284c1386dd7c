"""The vendor's staff."""

from __future__ import annotations

from django.contrib.auth.models import Group

from tests.factories import UserFactory


def staff(group: str | None = None, **fields):
    """One of them, of a group of the admin's."""
    user = UserFactory(is_staff=True, **fields)
    if group:
        user.groups.add(Group.objects.get(name=group))
    return user
