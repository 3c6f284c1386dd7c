"""People's names that come near one that was typed, where nobody is called so."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from itertools import islice

from licensing import usernames
from licensing.models import Account, Device

MOST_COMPARED = 1000
"""So many names of a kind are looked at."""
MOST_NEAR = 3
ALIKE = 0.75
"""Of 1: two letters of eight that changed places are near, another name is not."""


def among(names: Iterable[str], typed: str) -> list[str]:
    """Those of the names that come nearest to what was typed, whatever domain they have."""
    known = {usernames.read(name).user: name for name in islice(names, 4 * MOST_COMPARED) if name}
    near = get_close_matches(usernames.read(typed).user, known, n=MOST_NEAR, cutoff=ALIKE)
    return [known[user] for user in near]


def in_account(account: Account, typed: str) -> list[str]:
    """The same among all whom the account knows: its people, and the users of its programs now."""
    people = account.memberships.values_list("user__name", "user__email")[:MOST_COMPARED]
    devices = Device.objects.bound().filter(account=account).values_list("username", flat=True)
    open_now = account.sessions.active().order_by().values_list("username", flat=True)
    users = [*open_now[:MOST_COMPARED], *devices[:MOST_COMPARED]]
    return among([*(name for one in people for name in one), *users], typed)
