"""The state words: each is a word, a shape and a tone, so that colour is never alone.

Shapes are symbols of ``static/icons.svg`` and tones are classes of
``static/styles/parts.css``. What puts a session or licence in a state is decided in
``licensing``; here is only how that is said.
"""

from __future__ import annotations

import dataclasses
import datetime as dt

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy, pgettext_lazy

from portal.words.times import date_in_words, moment_in_full


@dataclasses.dataclass(frozen=True)
class State:
    """How a state looks and reads. ``dated`` is the word when its date is known."""

    shape: str
    tone: str
    word: str | Promise
    dated: str | Promise = ""


STATES = {
    # Sessions
    "active": State("full", "ok", gettext_lazy("Active")),
    "quiet": State("half", "warn", gettext_lazy("Quiet")),
    "offline": State("dotted", "brand", gettext_lazy("Offline"), gettext_lazy("Offline until %s")),
    "held": State("square", "denied", gettext_lazy("Held")),
    "ending": State("cross", "muted", gettext_lazy("Ending")),
    # Licences
    "not_started": State("ring", "muted", gettext_lazy("Not started"), gettext_lazy("Starts %s")),
    "ends_soon": State("triangle", "warn", gettext_lazy("Ends soon")),
    "ended": State("ring", "muted", gettext_lazy("Ended")),
    "suspended": State("bars", "bad", gettext_lazy("Suspended")),
    "closed": State("slash", "muted", gettext_lazy("Closed")),
    "over_limit": State("triangle", "bad", gettext_lazy("Over limit")),
    # Keys
    "overlap": State(
        "half", "warn", gettext_lazy("Superseded"), gettext_lazy("Superseded from %s (overlap)")
    ),
    "superseded": State("slash", "muted", gettext_lazy("Superseded")),
    "revoked": State("cross", "bad", gettext_lazy("Revoked")),
    # Lease licences
    "running": State("full", "ok", gettext_lazy("Running")),
    "needs_reactivation": State("triangle", "warn", gettext_lazy("Needs reactivation")),
    # Requests
    "open": State("half", "warn", gettext_lazy("Waiting for an answer")),
    "answered": State("full", "ok", gettext_lazy("Answered")),
    "withdrawn": State("slash", "muted", gettext_lazy("Withdrawn")),
    # Mails
    "on_its_way": State("half", "brand", gettext_lazy("On its way")),
    "sent": State("full", "ok", pgettext_lazy("a mail", "Sent")),
    "delivered": State("full", "ok", gettext_lazy("Delivered")),
    "not_sent": State("slash", "muted", gettext_lazy("Not sent")),
    # Rules of alerts
    "rule_on": State("full", "ok", pgettext_lazy("a rule", "On")),
    "rule_paused": State("bars", "muted", gettext_lazy("Paused"), gettext_lazy("Paused until %s")),
    # Webhooks, which fail as the service does
    "turned_off": State("slash", "bad", gettext_lazy("Turned off")),
    "not_delivered": State("cross", "bad", gettext_lazy("Not delivered")),
    # The service itself
    "working": State("full", "ok", gettext_lazy("Working")),
    "delayed": State("half", "warn", gettext_lazy("Delayed")),
    "failing": State("triangle", "bad", gettext_lazy("Failing")),
    "down": State("cross", "bad", gettext_lazy("Not working")),
    # Devices and people
    "unused": State("ring", "muted", gettext_lazy("Not used yet")),
    "in_use": State("full", "ok", pgettext_lazy("a device or key", "In use")),
    "not_in_use": State("ring", "muted", gettext_lazy("Not in use")),
    "moved": State(
        "ring", "muted", gettext_lazy("Moved"), gettext_lazy("Moved: may still run until %s")
    ),
    "freed": State(
        "ring", "muted", gettext_lazy("Freed"), gettext_lazy("Freed: may still run until %s")
    ),
    "written_off": State(
        "cross",
        "bad",
        gettext_lazy("Written off"),
        gettext_lazy("Written off: may still run until %s"),
    ),
    "blocked": State("cross", "bad", gettext_lazy("Blocked")),
    "only_allowed": State("full", "brand", gettext_lazy("Only allowed")),
}


def state_of(name: str) -> State:
    """Return how this state is shown; one that is not in the table is shown plainly."""
    return STATES.get(name) or State("ring", "muted", name.replace("_", " ").capitalize())


def word_of(state: State, at: dt.datetime | dt.date | None, *, now: dt.datetime) -> str:
    """Return "Superseded from Thu 3 Dec, 09:00 GMT", or the bare word without a date."""
    if at is None or not state.dated:
        return str(state.word)
    if isinstance(at, dt.datetime):
        return str(state.dated) % moment_in_full(at, now=now)
    return str(state.dated) % date_in_words(at, today=timezone.localdate(now))


def tip_of(
    name: str,
    *,
    grace_until: dt.datetime | None,
    reclaim_at: dt.datetime | None,
    now: dt.datetime,
) -> str:
    """Return the sentence that explains a session's state, or "" where none is needed."""
    if name == "quiet":
        return gettext("May have lost its connection.")
    if name == "ending":
        return gettext("Blocked, or its licence is over: the seat comes back at its next refresh.")
    if name == "offline" and grace_until:
        return gettext("Working offline. Grace ends %s.") % moment_in_full(grace_until, now=now)
    if name == "held" and reclaim_at:
        return gettext("The seat comes back by itself %s.") % moment_in_full(reclaim_at, now=now)
    if name == "held":
        return gettext("The seat stays taken until this PC is next online, or you release it.")
    return ""
