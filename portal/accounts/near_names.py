"""Accounts whose names come near one that was typed, where none is called so."""

from __future__ import annotations

from difflib import get_close_matches

from django.db.models import Q

from licensing.models import Account
from licensing.names import customer_name
from portal.people.near_names import ALIKE, MOST_COMPARED, MOST_NEAR, edges


def near(typed: str) -> list[Account]:
    """The accounts whose name, or as much of it as was typed, comes nearest; the nearest first."""
    name = customer_name(typed)
    known = {form: one for one in with_any_of(edges(typed)) for form in forms(one, name)}
    near = get_close_matches(name, known, n=MOST_NEAR, cutoff=ALIKE)
    return list(dict.fromkeys(known[form] for form in near))


def with_any_of(letters: set[str]) -> list[Account]:
    """The accounts that have one of these in their name."""
    wanted = Q(pk__in=[])
    for one in letters:
        wanted |= Q(name__holds=one)
    return list(Account.objects.filter(wanted).order_by("-pk")[:MOST_COMPARED])


def forms(account: Account, typed: str) -> set[str]:
    """What it may be called by: its name, and as many words of that as were typed."""
    name = customer_name(account.name)
    return {name, " ".join(name.split()[: len(typed.split())])}
