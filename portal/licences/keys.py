"""A licence's keys as its page lists them: state, use, and who is on an old one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils import timezone

from licensing import sightings
from licensing.models import ClientSession, Licence, ProductKey
from licensing.models.keys import KeyState
from licensing.sightings import KeyUse
from portal.words.names import short_name

UNUSED = KeyUse()


@dataclass(frozen=True)
class KeyRow:
    """One key with what a list says about it.

    ``moved`` of ``moving`` machines of a key in overlap were seen on the key that replaces it.
    """

    key: ProductKey
    machines: int
    moving: int
    moved: int

    @property
    def status(self) -> str:
        return key_status(self.key)

    @property
    def creator(self) -> str:
        return short_name(self.key.created_by)


def key_status(key: ProductKey) -> str:
    """Active, in overlap, superseded or revoked."""
    return "overlap" if is_in_overlap(key) else key.state


def is_in_overlap(key: ProductKey) -> bool:
    """Whether a key has been replaced and still opens the program."""
    until: dt.datetime | None = key.superseded_at
    return key.state == KeyState.SUPERSEDED and until is not None and until > timezone.now()


def keys_of(licence: Licence) -> list[KeyRow]:
    """The licence's keys, newest first."""
    used = ClientSession.objects.filter(licence=licence, key=OuterRef("pk"))
    last_used = Subquery(used.order_by("-started_at").values("refreshed_at")[:1])
    keys = list(licence.keys.annotate(last_used=last_used).order_by("-created_at", "-pk"))
    use = sightings.use_of_keys(licence)
    return [row_of(key, sightings.replacements(key, keys), use) for key in keys]


def row_of(key: ProductKey, newer: Sequence[ProductKey], use: Mapping[int, KeyUse]) -> KeyRow:
    """A key with its machines, and how many of them have moved on to what replaced it."""
    own = use.get(key.pk, UNUSED)
    moving = own.of_late if is_in_overlap(key) else frozenset()
    on_newer: set[str] = set()
    on_newer.update(*(use.get(other.pk, UNUSED).ever for other in newer))
    return KeyRow(key, len(own.this_week), len(moving), len(moving & on_newer))
