"""Everything that can go wrong in licensing, one class per outcome a caller handles differently.

``code`` is public API: client software switches on it, so it never changes.
``message`` is for people, in their language where a page shows it, and may be reworded.
``extra`` is what the code adds to the answer (names in the contract's table of codes).
"""

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy


class LicensingError(Exception):
    """An expected outcome that is not a success."""

    code: ClassVar[str]
    message: ClassVar[str | Promise]
    retryable: ClassVar[bool] = False

    def __init__(self, message: str | None = None, **extra: Any) -> None:
        super().__init__(message or str(self.message))
        self.extra = extra


class RequestInvalid(LicensingError):
    code = "request_invalid"
    message = gettext_lazy("The request is not right; see errors.")


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


class LicenceExpired(LicensingError):
    code = "licence_expired"
    message = gettext_lazy("This licence has ended. Ask whoever manages your licences.")


class VersionNotSupported(LicensingError):
    code = "version_not_supported"
    message = gettext_lazy("This version of the software is too old for cloud licensing.")


class ProductMismatch(LicensingError):
    code = "product_mismatch"
    message = gettext_lazy("This licence is for another product.")


class FeatureNotLicensed(LicensingError):
    code = "feature_not_licensed"
    message = gettext_lazy("This licence does not include every feature that was asked for.")


class AccessBlocked(LicensingError):
    code = "access_blocked"
    message = gettext_lazy(
        "You cannot use this licence from here. Ask whoever manages your licences."
    )


class PoolExhausted(LicensingError):
    code = "pool_exhausted"
    message = gettext_lazy("Not enough licences are available: all of them are in use.")
    retryable = True


class DeviceLimit(LicensingError):
    code = "device_limit"
    message = gettext_lazy(
        "This single-user licence is in use on another device. Move it from there first."
    )


class MoveLimit(LicensingError):
    code = "move_limit"
    message = gettext_lazy(
        "This licence was moved three times in 30 days. Ask support to move it again."
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


class SessionEnded(LicensingError):
    code = "session_ended"
    message = gettext_lazy("This session has ended. You can ask for a new one.")
    retryable = True


class SessionUnknown(LicensingError):
    code = "session_unknown"
    message = gettext_lazy("There is no such session.")


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
    message = "The seat has been taken since, so it can't be put back."


class HasSeatAgain(LicensingError):
    """A session that was released cannot be put back, for its client has a new one."""

    code = "has_seat_again"
    message = "They already have a seat again."


class TooLateToUndo(LicensingError):
    """What was done longer ago than it can be undone, or is undone already."""

    code = "too_late_to_undo"
    message = "Too late to undo."


class InvalidOperation(LicensingError):
    """Something a person asked for that cannot be done as asked; the message says why."""

    code = "invalid_operation"
    message = gettext_lazy("This cannot be done.")
