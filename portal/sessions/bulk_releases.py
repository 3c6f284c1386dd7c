"""Releasing many sessions at once: what it will do, and what it did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from licensing import audit, sessions
from licensing.models import ClientSession
from licensing.models.sessions import SessionState
from portal.acts import told_of_many
from portal.words.names import first_of, user_on_machine


def title(count: int) -> str:
    """The question."""
    return ngettext("Release %(n)s session?", "Release %(n)s sessions?", count) % {"n": count}


def named(chosen: Iterable[ClientSession]) -> list[str]:
    """Who is released, and where: the first of many by name."""
    return first_of(sorted(map(user_on_machine, chosen)))


def effects(chosen: Iterable[ClientSession]) -> list[str]:
    """What becomes of the people, by the states of their sessions."""
    by_state = Counter(session.state for session in chosen)  # type: ignore[attr-defined]
    numbers = {
        of_active: by_state[SessionState.ACTIVE],
        of_quiet: by_state[SessionState.QUIET],
        of_offline: by_state[SessionState.OFFLINE],
        of_held: by_state[SessionState.HELD],
        of_ending: by_state[SessionState.ENDING],
    }
    told = [sentence(n) for sentence, n in numbers.items() if n]
    return [*told, _("The seats are free at once. Nobody's program is closed.")]


def of_quiet(n: int) -> str:
    """Those that nobody heard of when they were due."""
    return ngettext(
        "%(n)s is quiet: they can keep working and may take a seat again.",
        "%(n)s are quiet: they can keep working and may take a seat again.",
        n,
    ) % {"n": n}


def of_active(n: int) -> str:
    """Those at work."""
    return ngettext(
        "%(n)s is active: they can keep working and may take a seat again.",
        "%(n)s are active: they can keep working and may take a seat again.",
        n,
    ) % {"n": n}


def of_offline(n: int) -> str:
    """Those without a connection."""
    return ngettext(
        "%(n)s is offline: it goes on until its grace ends.",
        "%(n)s are offline: they go on until their grace ends.",
        n,
    ) % {"n": n}


def of_held(n: int) -> str:
    """Those whose grace period is over."""
    return ngettext("%(n)s is held.", "%(n)s are held.", n) % {"n": n}


def of_ending(n: int) -> str:
    """Those that would end anyway."""
    return ngettext(
        "%(n)s would end at its next contact anyway.",
        "%(n)s would end at their next contact anyway.",
        n,
    ) % {"n": n}


def release(chosen: Iterable[ClientSession], *, by: audit.Actor, reason: str) -> tuple[int, int]:
    """Release each, with its own entry in the audit record; how many, and how many were over."""
    outcomes = Counter(sessions.release(one, by=by, reason=reason) for one in chosen)
    return outcomes[True], outcomes[False]


def told(released: int, over: int) -> str:
    """What was done."""
    text = ngettext(
        "Released %(n)s session. Its seat is free.",
        "Released %(n)s sessions. Their seats are free.",
        released,
    ) % {"n": released}
    before = ngettext("%(n)s had ended already.", "%(n)s had ended already.", over)
    return told_of_many(text, before, over)
