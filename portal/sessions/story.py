"""A session's story, for its page and for a ticket at a help desk."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from licensing.models import ClientSession, Denial
from licensing.names import on_one_line
from portal.sessions.endings import ENDINGS
from portal.words.aliases import Names
from portal.words.refusals import refusal
from portal.words.states import state_of
from portal.words.times import moment_in_full

MOST_DENIALS = 5


@dataclass(frozen=True)
class Step:
    """A moment of a session, gone by or to come."""

    name: str
    at: dt.datetime
    is_past: bool


def steps(session: ClientSession) -> list[Step]:
    """When its program was last in touch, when it should be next, and when its grace period ends.

    Of one that is over: when it started, was last in touch, and ended.
    """
    if session.ended_at:
        return [
            Step(_("Started"), session.started_at, True),
            Step(_("Last refreshed"), session.refreshed_at, True),
            Step(_("Ended"), session.ended_at, True),
        ]
    now, due_at = timezone.now(), session.refreshed_at + session.licence.refresh_after
    is_late, is_over = due_at < now, session.grace_until < now
    return [
        Step(_("Last refreshed"), session.refreshed_at, True),
        Step(_("Refresh was due") if is_late else _("Next refresh due"), due_at, is_late),
        Step(_("Grace ended") if is_over else _("Grace ends"), session.grace_until, is_over),
    ]


def how_it_ended(session: ClientSession) -> str:
    """What ended a session that is over, as the list of those that ended says it."""
    return str(ENDINGS.get(session.end_reason, ""))


def denials_today(session: ClientSession, names: Names) -> list[tuple[Denial, str]]:
    """When and why the same person on the same machine was refused today, the last first."""
    midnight = timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)
    of_account = Denial.every.filter(account=names.account)
    today = of_account.filter(identity=session.identity, last_at__gte=midnight)
    latest = names.put_on(today.order_by("-last_at")[:MOST_DENIALS])
    return [(denial, refusal(denial.code)) for denial in latest]


def for_ticket(session: ClientSession) -> str:
    """What a help desk asks for, a line each."""
    now = timezone.now()
    facts = {
        _("User"): on_one_line(session.username),
        _("Machine"): on_one_line(session.machine_name),
        _("Licence"): session.licence.name,
        _("Serial number"): session.key.serial_number,
        _("Version"): session.version,
        _("State"): state_of(session.state).word,  # type: ignore[attr-defined]
        _("Started"): moment_in_full(session.started_at, now=now),
        _("Last refreshed"): moment_in_full(session.refreshed_at, now=now),
        _("Session id"): session.pk,
    }
    return "\n".join(f"{name}: {value}" for name, value in facts.items())
