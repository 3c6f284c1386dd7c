"""People's names that come near one that was typed, where nobody is called so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from itertools import islice

from licensing import usernames
from licensing.identity import as_compared
from licensing.models import Account, ClientSession, Device

MOST_COMPARED = 1000
"""So many names of a kind are looked at."""
MOST_NEAR = 3
ALIKE = 0.75
"""Of 1: two letters of eight that changed places are near, another name is not."""
LETTERS = 3
"""So many letters of a word are taken to be right: its first, or its last."""


def among(names: Iterable[str], typed: str) -> list[str]:
    """Those of the names that come nearest to what was typed, whatever domain they have."""
    known = {usernames.read(name).user: name for name in islice(names, 4 * MOST_COMPARED) if name}
    near = get_close_matches(usernames.read(typed).user, known, n=MOST_NEAR, cutoff=ALIKE)
    return [known[user] for user in near]


def edges(typed: str) -> set[str]:
    """How the words of a name begin, and how they end: by which its like are looked for, at once,
    for where nobody is near both would be."""
    users = " ".join(usernames.read(word).user for word in as_compared(typed).split()[:4])
    words = re.findall(rf"\w{{{LETTERS},}}", users)
    return {edge for word in words for edge in (word[:LETTERS], word[-LETTERS:])}


def in_account(account: Account, typed: str, *, ever: bool = False) -> list[str]:
    """The same among all whom the account knows: its people, and the users of its programs now,
    or ``ever``.
    """
    people = account.memberships.values_list("user__name", "user__email")[:MOST_COMPARED]
    devices = Device.objects.all() if ever else Device.objects.bound()
    sessions = ClientSession.every.all() if ever else ClientSession.objects.active()
    users = [
        name
        for of_programs in (sessions, devices)
        for name in of_programs.filter(account=account)
        .order_by()
        .values_list("username", flat=True)
        .distinct()[:MOST_COMPARED]
    ]
    return among([*(name for one in people for name in one), *users], typed)


def meant(near: Sequence[object]) -> list[str]:
    """The question whether one of those is meant, if there are any."""
    return [f"Is {' or '.join(map(str, near))} meant?"] if near else []
