"""One beat at a time, wherever several are started: each has its turn until that runs out.

All times are the database's, in statements that are transactions of their own, so that a pooler
in front changes nothing.
"""

from __future__ import annotations

import datetime as dt
import platform

from django.db.models import F, Q
from django.db.models.functions import Now

from portal.models import Beat

LASTS = dt.timedelta(seconds=20)
"""How long a turn lasts that is not renewed: so long nobody beats once a beat's machine is gone."""

Asked = dict[str, str]
"""When each task was asked for last, by its name."""


def take_turn(holder: str) -> Asked | None:
    """Begin or renew a turn; when each task was asked for, or None while it is another's turn."""
    free_for_us = Q(holder=holder) | Q(held_until__lte=Now())
    if not renew(free_for_us, holder) and not begin_first(holder):
        return None
    return Beat.objects.values_list("asked_at", flat=True).get(holder=holder)


def renew(whose: Q, holder: str, **changes: Asked) -> bool:
    """Have the turn from now on if it is one of these; say whether it was."""
    until = Now() + LASTS
    return bool(
        Beat.objects.filter(whose).update(
            holder=holder,
            machine=platform.node(),
            renewed_at=Now(),
            held_until=until,
            **changes,
        )
    )


def begin_first(holder: str) -> bool:
    """Have the turn where nobody ever had one."""
    first = Beat(holder=holder, machine=platform.node(), held_until=Now() + LASTS)
    Beat.objects.bulk_create([first], ignore_conflicts=True)
    return Beat.objects.filter(holder=holder).exists()


def note_asked(holder: str, asked_at: Asked) -> bool:
    """Write down when each was asked for, before one is; False when the turn is over.

    Whoever stood still for longer than a turn asks for nothing that the next one has asked for.
    """
    return renew(Q(holder=holder, held_until__gt=Now()), holder, asked_at=asked_at)


def give_back(holder: str) -> None:
    """End a turn, so that the next begins at once."""
    Beat.objects.filter(holder=holder).update(held_until=Now())


def last_turn() -> tuple[str, dt.timedelta] | None:
    """The machine that beats, or did last, and how long ago it renewed its turn."""
    return Beat.objects.values_list("machine", Now() - F("renewed_at")).first()
