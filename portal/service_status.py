"""How the service itself is: what the page behind "Status" says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from licensing import readiness

BACKGROUND = "background_work"
LATE_AFTER = dt.timedelta(minutes=3)


@dataclass(frozen=True)
class Part:
    """One part of the service: working, delayed or down, and what that means for people."""

    name: str | Promise
    state: str
    meaning: str | Promise


def parts() -> list[Part]:
    """Every part as it is now."""
    return [licences(), background_work()]


def licences() -> Part:
    """What programs and this portal need: the database."""
    name = gettext_lazy("Licences and portal")
    if database_serves():
        return Part(name, "working", gettext_lazy("Programs get and give back their seats."))
    return Part(
        name,
        "down",
        gettext_lazy(
            "Programs that are open go on in their grace period. New ones can't start for now."
        ),
    )


def background_work() -> Part:
    """What the workers do: it waits while they are away, and nothing is lost."""
    name = gettext_lazy("Mails and exports")
    if cache.get(BACKGROUND):
        return Part(name, "working", gettext_lazy("Sent and made as they come."))
    return Part(
        name,
        "delayed",
        gettext_lazy("They wait, and come later. Programs and this portal are not affected."),
    )


def database_serves() -> bool:
    """Whether the database answers and is migrated."""
    return readiness.of_database() is None


def note_background_work() -> None:
    """Remember for a while that the beat and a worker are at work."""
    cache.set(BACKGROUND, True, timeout=LATE_AFTER.total_seconds())
