"""How the service itself is: what the page behind "Status" says."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.core.cache import cache
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy, ngettext

from licensing import readiness
from portal.mail import deliveries
from portal.telling import standing

BACKGROUND = "background_work"
LATE_AFTER = dt.timedelta(minutes=3)


@dataclass(frozen=True)
class Part:
    """One part of the service: working, delayed, failing or down, and what that means."""

    name: str | Promise
    state: str
    meaning: str | Promise


def parts() -> list[Part]:
    """Every part as it is now."""
    serves = database_serves()
    parts_of_it = [licences(serves=serves), mails(serves=serves), webhooks(serves=serves)]
    return [*parts_of_it, background_work()]


def licences(*, serves: bool) -> Part:
    """What programs and this portal need: the database."""
    name = gettext_lazy("Licences and portal")
    if serves:
        return Part(name, "working", gettext_lazy("Programs get and give back their seats."))
    return Part(
        name,
        "down",
        gettext_lazy(
            "Programs that are open go on in their grace period. New ones can't start for now."
        ),
    )


def mails(*, serves: bool) -> Part:
    """Mails: they wait in the database while a worker or the mail server is away."""
    name, standing = gettext_lazy("Mails"), deliveries.standing() if serves else None
    if standing is None or standing.late:
        waits = gettext_lazy("They wait, and are sent later. Nothing is lost.")
        return Part(name, "delayed", waits)
    if standing.unreachable:
        waits = gettext_lazy(
            "The mail server can't be reached. Mails wait, and are sent when it is back."
        )
        return Part(name, "failing", waits)
    if standing.failed:
        told = ngettext(
            "Sent as they come. In the last 24 hours %(n)s could not be delivered; whoever asked "
            "for it was told.",
            "Sent as they come. In the last 24 hours %(n)s could not be delivered; whoever asked "
            "for them was told.",
            standing.failed,
        )
        return Part(name, "working", told % {"n": standing.failed})
    return Part(name, "working", gettext_lazy("Sent as they come."))


def webhooks(*, serves: bool) -> Part:
    """Messages to webhooks: they wait in the database while a worker is away."""
    name = gettext_lazy("Webhooks")
    if not serves or standing.are_messages_late():
        waits = gettext_lazy("They wait, and are sent later. Nothing is lost.")
        return Part(name, "delayed", waits)
    return Part(name, "working", gettext_lazy("Sent as they come."))


def background_work() -> Part:
    """What the workers do: it waits while they are away, and nothing is lost."""
    name = gettext_lazy("Exports")
    if cache.get(BACKGROUND):
        return Part(name, "working", gettext_lazy("Made as they come."))
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
