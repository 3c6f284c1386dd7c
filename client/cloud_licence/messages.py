"""Messages: what the user reads, in British English. One table, and a reference for support.

Words come by state and code; a code that is not in the table shows the service's own sentence.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from cloud_licence.states import Situation, State

LATEST = 250e9
"""In the year 9892, after which no calendar goes."""
GOES_ON = (
    "You can go on working until you close the program; it will not open again until this is "
    "settled."
)
OFFLINE = {
    "certificate": "The connection to the licensing service is not secure: its certificate is "
    "not trusted.",
    "captive_portal": "Something other than the licensing service answered. You may have to "
    "sign in to this network in a web browser first.",
    "service_trouble": "The licensing service is not available just now.",
    "no_service": "The address of the licensing service, or of the proxy, is not right.",
    "rate_limited": "The licensing service has asked us to wait a moment.",
}
CANNOT_REACH = "The licensing service cannot be reached."
REFUSALS = {
    "access_blocked": "You cannot use this licence from here.",
    "clock_turned_back": "This computer's clock was set back, so the program cannot tell whether "
    "you may still work offline. Please check the date and time, and connect to the internet once.",
    "connection_needed": "The program needs an internet connection to open.",
    "device_limit": "This single-user licence is in use on another device. Use Move Licence there "
    "first.",
    "feature_not_licensed": "The licence does not include every feature that was asked for.",
    "key_invalid": "This serial number and product key do not belong together. Check both for "
    "typing errors.",
    "licence_closed": "This licence has been closed.",
    "licence_expired": "This licence has ended.",
    "licence_not_started": "This licence has not started yet.",
    "licence_suspended": "This licence is suspended.",
    "move_limit": "This licence has been moved too often lately. Ask support to move it again.",
    "move_needs_connection": "Moving a licence needs an internet connection.",
    "no_key": "There is no serial number and product key yet.",
    "no_service": "The address of the licensing service is not set.",
    "not_single_user": "Only a single-user licence is bound to a device and can be moved.",
    "pool_exhausted": "Not enough licences are available: all of them are in use.",
    "product_mismatch": "This licence is for another product.",
    "version_not_supported": "This version of the program is too old for cloud licensing.",
}
MENDED_ALONE = {
    "clock_turned_back",
    "connection_needed",
    "move_needs_connection",
    "pool_exhausted",
}
"""Refusals that people can mend by themselves: whom to ask stands below the others."""
TRY_LATER = {"pool_exhausted": "Try again when somebody has closed the program."}
"""What somebody can do whose program did not open; one that is open asks again by itself."""
KEYS = {
    "key_superseded": "This product key has been replaced.",
    "key_revoked": "This product key has been revoked.",
}
NEW_KEY = "Enter the new one, or ask your IT department for it."
NEW_KEY_AT_NEXT_START = (
    "You can go on working. The new key takes effect the next time you start the program."
)


@dataclass(frozen=True, slots=True)
class Message:
    """What to show: a sentence or more, whom to ask, and what support can look up."""

    text: str
    contact: str = ""
    reference: str = ""

    def __str__(self) -> str:
        reference = f"Reference: {self.reference}" if self.reference else ""
        return "\n".join(line for line in (self.text, self.contact, reference) if line)


def message(situation: Situation, *, contact: str = "", zone: dt.tzinfo | None = None) -> Message:
    """What the user reads. Times are in ``zone``, by default the computer's."""
    needs_somebody = situation.state in (State.DENIED, State.KEY_REPLACED)
    needs_somebody = needs_somebody and situation.code not in MENDED_ALONE
    return Message(
        text=text(situation, zone),
        contact=contact if needs_somebody else "",
        reference=situation.reference,
    )


def text(situation: Situation, zone: dt.tzinfo | None) -> str:
    """The sentences for a situation."""
    until = written(situation.grace_until, zone)
    match situation.state:
        case State.STARTING:
            return "Asking for a licence…"
        case State.LICENSED:
            return "You have a licence."
        case State.UNREACHABLE:
            return (
                f"{OFFLINE.get(situation.code, CANNOT_REACH)} You can work offline until {until}."
            )
        case State.GRACE_OVER:
            return (
                f"{OFFLINE.get(situation.code, CANNOT_REACH)} Your time offline is over. You can "
                "go on working until you close the program; to open it again you need an "
                "internet connection."
            )
        case State.RELEASED:
            return released(situation.code)
        case State.KEY_REPLACED:
            key = KEYS.get(situation.code, situation.detail)
            return f"{key} {NEW_KEY_AT_NEXT_START if situation.is_open else NEW_KEY}"
        case State.DENIED:
            refusal = REFUSALS.get(situation.code, situation.detail)
            then = GOES_ON if situation.is_open else TRY_LATER.get(situation.code, "")
            return f"{refusal} {then}".rstrip()


def released(code: str) -> str:
    """What somebody reads whose session is gone."""
    why = (
        "Your licence was released so that somebody else can use it."
        if code == "session_released"
        else "Your session with the licensing service has ended."
    )
    return f"{why} You can go on working; the program asks for a new licence by itself."


def written(at: float, zone: dt.tzinfo | None) -> str:
    """A time as people read it on their own computer: ``Thu 26 Nov, 14:05``."""
    local = dt.datetime.fromtimestamp(min(at, LATEST), dt.UTC).astimezone(zone)
    return f"{local:%a} {local.day} {local:%b, %H:%M}"
