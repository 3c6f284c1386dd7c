"""Whom a caller may mean whose name was typed wrongly: found by how its words begin."""

from __future__ import annotations

from django.db.models import Q

from licensing.identity import as_compared
from licensing.models import ClientSession
from portal.models import Membership
from portal.people.near_names import MOST_COMPARED, among
from support.console.offers import Person
from support.console.table import may_see

BEGINNING = 3
"""So many letters are taken to be right."""


def near(typed: str, user: Person) -> list[str]:
    """The nearest names of people and of users at work, as far as this person sees such."""
    begun = {word[:BEGINNING] for word in as_compared(typed).split()[:4]}
    begun = {word for word in begun if len(word) == BEGINNING}
    if not begun:
        return []
    people = people_with(begun) if may_see(user, Membership) else []
    users = users_with(begun) if may_see(user, ClientSession) else []
    return among([*people, *users], typed)


def people_with(begun: set[str]) -> list[str]:
    """The names and addresses of account holders that have one of these in them."""
    wanted = Q()
    for letters in begun:
        wanted |= Q(user__name__holds=letters) | Q(user__email__icontains=letters)
    found = Membership.objects.filter(wanted).values_list("user__name", "user__email")
    return [name for one in found[:MOST_COMPARED] for name in one]


def users_with(begun: set[str]) -> list[str]:
    """The user names that have one of these in them, of who holds a seat."""
    wanted = Q()
    for letters in begun:
        wanted |= Q(person__contains=letters)
    found = ClientSession.objects.active().filter(wanted).order_by()
    return list(found.values_list("username", flat=True)[:MOST_COMPARED])
