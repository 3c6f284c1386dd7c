"""Which pages are somebody's to land on: none for a role that they have nowhere, nor the desk's."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.urls import Resolver404, ResolverMatch, resolve

from portal.models import Role, User

NEEDS_ROLE = "needs_role"
"""What a page says of the role that it is for."""


def is_open_to(user: User, page: str) -> bool:
    """Whether the page may be theirs, in any of their accounts; one that is none says so itself."""
    found = found_at(urlsplit(page).path)
    if found is None:
        return True
    if "admin" in found.app_names:
        return user.is_staff
    role: Role | None = getattr(found.func, NEEDS_ROLE, None)
    theirs = list(user.memberships.all())
    return role is None or not theirs or any(one.allows(role) for one in theirs)


def is_for_staff(path: str) -> bool:
    """Whether the page is one of the desk's."""
    found = found_at(path)
    return found is not None and "admin" in found.app_names


def found_at(path: str) -> ResolverMatch | None:
    """The view at a path, if there is one."""
    try:
        return resolve(path)
    except Resolver404:
        return None
