"""A licence's keys: state, use, who is on an old one, and what acts on them foretell."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

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
    used = ClientSession.every.filter(licence=licence, key=OuterRef("pk"))
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


def machines_of_late(key: ProductKey) -> list[str]:
    """The machines on which the key was used of late, as compared."""
    return [seen.machine for seen in sightings.machines(key, since=sightings.RECENT)]


def seen_of_late(key: ProductKey) -> str:
    """On how many machines the key was used of late."""
    machines = len(machines_of_late(key))
    if not machines:
        return _("No machine used this key in 30 days.")
    text = ngettext(
        "%(n)s machine used this key in 30 days.",
        "%(n)s machines used this key in 30 days.",
        machines,
    )
    return text % {"n": machines}


def in_use_now(key: ProductKey) -> str:
    """How many programs run with the key, and that they go on."""
    running = key.sessions.active().count()
    if not running:
        return _("Nobody is running the program with it now.")
    text = ngettext(
        "%(n)s is running now and keeps working until closed.",
        "%(n)s are running now and keep working until closed.",
        running,
    )
    return text % {"n": running}


def ends_for_good() -> str:
    """What revoking a key means for those who come."""
    return _("From now on this key no longer starts the program, and no other takes its place.")
