"""Everything that can go wrong in licensing, one class per outcome a caller handles differently.

``code`` is public API: client software switches on it, so it never changes.
``message`` is for people, says what they can do, and may be reworded.
``extra`` is what the code adds to the answer (the contract's table), ``part`` a form's at fault.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, ClassVar

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class LicensingError(Exception):
    """An expected outcome that is not a success."""

    code: ClassVar[str]
    message: ClassVar[str | Promise]
    told: ClassVar[str | Promise] = ""
    """The message with places for what ``extra`` adds."""
    retryable: ClassVar[bool] = False
    account_id: int | None = None  # for the log alone

    def __init__(self, message: str | Promise | None = None, **extra: Any) -> None:
        super().__init__(*([message] if message else []))
        self.part, self.extra = extra.pop("part", ""), extra

    def __str__(self) -> str:
        """The sentence, in the language of whoever reads it: not of when it was raised."""
        if self.args:
            return str(self.args[0])
        sentence = self.sentence()
        if not sentence:
            return str(self.message)
        try:
            return str(sentence) % in_words(self.extra)
        except KeyError:  # raised without its facts
            return str(self.message)

    def sentence(self) -> str | Promise:
        """What is said where ``extra`` has its facts, with places for them; "" is the message."""
        return self.told


def in_words(extra: Mapping[str, Any]) -> dict[str, str]:
    """What is added to an answer as a sentence has it. Moments are told in their own zone."""
    return {name: fact_in_words(value) for name, value in extra.items()}


def fact_in_words(value: Any) -> str:
    """A date, a moment, a list or anything else, for a sentence in the language of now."""
    if isinstance(value, dt.datetime):
        return f"{formats.date_format(value, 'MOMENT_OF_YEAR_FORMAT')} {value.tzname()}"
    if isinstance(value, dt.date):
        return formats.date_format(value)
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return str(value)


class RequestInvalid(LicensingError):
    code = "request_invalid"
    message = gettext_lazy(
        "The licensing service did not understand the program. Update it, or ask support."
    )
    of_address = gettext_lazy("The address asks for something that is not understood. See errors.")
    of_taken_id = gettext_lazy(
        "The program asked with an id that belongs to somebody else's session. Open it again."
    )


class KeyInvalid(LicensingError):
    code = "key_invalid"
    message = gettext_lazy(
        "This serial number and product key do not belong together. Check both for typing errors."
    )


class KeySuperseded(LicensingError):
    code = "key_superseded"
    message = gettext_lazy(
        "This product key has been replaced. Ask your IT department for the new one."
    )


class KeyRevoked(LicensingError):
    code = "key_revoked"
    message = gettext_lazy(
        "This product key has been revoked. Ask your IT department for a new one."
    )


class LicenceSuspended(LicensingError):
    code = "licence_suspended"
    message = gettext_lazy("This licence is suspended. Ask whoever manages your licences.")


class LicenceClosed(LicensingError):
    code = "licence_closed"
    message = gettext_lazy("This licence has been closed. Ask whoever manages your licences.")


class LicenceNotStarted(LicensingError):
    code = "licence_not_started"
    message = gettext_lazy("This licence has not started yet.")
    told = gettext_lazy("This licence starts on %(starts_on)s. Try again then.")


class LicenceExpired(LicensingError):
    code = "licence_expired"
    message = gettext_lazy("This licence has ended. Ask whoever manages your licences.")
    told = gettext_lazy("This licence ended on %(ends_on)s. Ask whoever manages your licences.")


class VersionNotSupported(LicensingError):
    code = "version_not_supported"
    message = gettext_lazy("This version of the software is too old for cloud licensing.")
    told = gettext_lazy(
        "This version of the software is too old for cloud licensing. "
        "Install version %(minimum_version)s or a later one."
    )


class ProductMismatch(LicensingError):
    code = "product_mismatch"
    message = gettext_lazy(
        "This licence is for another product. Ask whoever manages your licences."
    )


class FeatureNotLicensed(LicensingError):
    code = "feature_not_licensed"
    message = gettext_lazy("This licence does not include every feature that was asked for.")
    told = gettext_lazy(
        "This licence does not include %(features)s. Ask whoever manages your licences."
    )


class AccessBlocked(LicensingError):
    code = "access_blocked"
    message = gettext_lazy(
        "You cannot use this licence from here. Ask whoever manages your licences."
    )


class PoolExhausted(LicensingError):
    code = "pool_exhausted"
    message = gettext_lazy(
        "Not enough licences are available: all of them are in use. "
        "Try again when somebody has closed the program."
    )
    retryable = True
    of_features = gettext_lazy(
        "Not enough licences are available for {features}: all of them are in use. "
        "Open the program without it, or try again when somebody has closed theirs."
    )


class DeviceLimit(LicensingError):
    code = "device_limit"
    message = gettext_lazy(
        "This single-user licence is in use on another device. Move it from there first."
    )
    told = gettext_lazy(
        "This single-user licence is in use on %(devices)s. Move it from there first."
    )


class MoveLimit(LicensingError):
    code = "move_limit"
    message = gettext_lazy(
        "This licence was moved three times in 30 days. Ask support to move it again."
    )
    told = gettext_lazy(
        "This licence was moved three times in 30 days. You can move it again on "
        "%(next_move_at)s, or ask support."
    )


class NotSingleUser(LicensingError):
    code = "not_single_user"
    message = gettext_lazy("Only a single-user licence is bound to a device and can be moved.")


class SessionReleased(LicensingError):
    code = "session_released"
    message = gettext_lazy(
        "Your licence was released for somebody else. You can ask for a new one."
    )
    retryable = True
    told = gettext_lazy(
        "Your licence was released for somebody else on %(ended_at)s. You can ask for a new one."
    )


class SessionEnded(LicensingError):
    code = "session_ended"
    message = gettext_lazy("This session has ended. You can ask for a new one.")
    retryable = True
    by_reason: ClassVar[dict[str, Promise]] = {
        "closed": gettext_lazy(
            "This session was closed on %(ended_at)s. You can ask for a new licence."
        ),
        "reclaimed": gettext_lazy(
            "Nothing was heard of this program for long, so its licence was taken back "
            "on %(ended_at)s. You can ask for a new one."
        ),
        "replaced": gettext_lazy(
            "Another session on this machine took this licence over on %(ended_at)s. "
            "You can ask for a new one."
        ),
        "moved": gettext_lazy(
            "This licence was moved away from this device on %(ended_at)s. "
            "You can ask for a new one."
        ),
        "key_revoked": gettext_lazy(
            "This session ended on %(ended_at)s, for its product key was revoked. "
            "Ask your IT department for a new key."
        ),
        "blocked": gettext_lazy(
            "You cannot use this licence from here any more since %(ended_at)s. "
            "Ask whoever manages your licences."
        ),
        "licence_ended": gettext_lazy(
            "This session ended with its licence on %(ended_at)s. "
            "Ask whoever manages your licences."
        ),
    }

    def sentence(self) -> str | Promise:
        """How it ended; every way has its own advice."""
        return self.by_reason.get(self.extra.get("reason", ""), "")


class SessionUnknown(LicensingError):
    code = "session_unknown"
    message = gettext_lazy("There is no such session any more. You can ask for a new one.")


class TokenInvalid(LicensingError):
    code = "token_invalid"
    message = gettext_lazy("The token is missing or not valid.")


class ScopeMissing(LicensingError):
    code = "scope_missing"
    message = gettext_lazy(
        "This API token may not do that. An owner of the account can make one that may."
    )


class RateLimited(LicensingError):
    code = "rate_limited"
    message = gettext_lazy("Too many tries. Wait a moment before trying again.")
    retryable = True


class ServiceUnavailable(LicensingError):
    code = "service_unavailable"
    message = gettext_lazy(
        "The licensing service is not available just now. Keep working and try again soon."
    )
    retryable = True


class SeatTaken(LicensingError):
    """A seat that was released cannot be put back, for somebody else has it."""

    code = "seat_taken"
    message = gettext_lazy("The seat has been taken since, so it can't be put back.")


class HasSeatAgain(LicensingError):
    """A session that was released cannot be put back, for its client has a new one."""

    code = "has_seat_again"
    message = gettext_lazy("They already have a seat again.")


class TooLateToUndo(LicensingError):
    """What was done longer ago than it can be undone, or is undone already."""

    code = "too_late_to_undo"
    message = gettext_lazy("Too late to undo.")


class InvalidOperation(LicensingError):
    """Something a person asked for that cannot be done as asked; the message says why."""

    code = "invalid_operation"
    message = gettext_lazy("This cannot be done.")


class AlreadyDone(InvalidOperation):
    """It is so, or over, already: somebody was quicker, or the same was sent twice."""
