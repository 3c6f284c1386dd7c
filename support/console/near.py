"""Whom or which account a caller may mean whose name was typed wrongly: found by how its words
begin or end."""

from __future__ import annotations

from django.db.models import Q

from licensing.models import Account, ClientSession
from portal.accounts import near_names
from portal.models import Membership
from portal.people.near_names import MOST_COMPARED, among, edges
from support.console.offers import Person
from support.console.session_search import held_by
from support.console.table import may_see


def near(typed: str, user: Person) -> list[str]:
    """The nearest names of accounts, of people and of users at work, as far as this person sees
    such."""
    accounts = near_names.near(typed) if may_see(user, Account) else []
    return [*map(str, accounts), *nearest_people(typed, user)]


def nearest_people(typed: str, user: Person) -> list[str]:
    """Those of people and of users at work."""
    letters = edges(typed)
    if not letters:
        return []
    people = people_with(letters) if may_see(user, Membership) else []
    users = users_with(letters) if may_see(user, ClientSession) else []
    return as_told(among([*people, *users], typed))


def people_with(letters: set[str]) -> list[str]:
    """The names and addresses of account holders that have one of these in them."""
    wanted = Q()
    for one in letters:
        wanted |= Q(user__name__holds=one) | Q(user__email__icontains=one)
    found = Membership.objects.filter(wanted).values_list("user__name", "user__email")
    return [name for one in found[:MOST_COMPARED] for name in one]


def users_with(letters: set[str]) -> list[str]:
    """The user names that have one of these in them, of who holds a seat."""
    wanted = Q()
    for one in letters:
        wanted |= Q(person__contains=one)
    return held_by("person", wanted, 2 * MOST_COMPARED)


def as_told(found: list[str]) -> list[str]:
    """The same, users as their programs write them."""
    users = ClientSession.objects.active().filter(person__in=found)
    told = dict(users.values_list("person", "username"))
    return [told.get(name, name) for name in found]
