"""Messages: what programs ask of the licensing server, and what they are told."""

from __future__ import annotations

import dataclasses

from cloud_licence import answers

HeldSession = answers.Session
UNREACHABLE = answers.UNREACHABLE
"""The code of an answer that never came."""
SAYS_NOTHING = {UNREACHABLE, "service_unavailable", "rate_limited"}
SERVER_ERROR = 500


@dataclasses.dataclass(frozen=True, slots=True)
class CheckOut:
    """Ask for a seat, or for the one held already. A new session has the id that the program
    made, if it makes any."""

    session_id: str = dataclasses.field(default="", compare=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Refresh:
    """Say that the program is still open."""

    session: HeldSession


@dataclasses.dataclass(frozen=True, slots=True)
class Close:
    """Give the seat back. ``ended_at`` is None for a program that was closed just now.

    A session that the program never heard of is closed with the key of ``serial_number``. A
    close is outdated since ``outdated_at``, when the same session was granted once more.
    """

    session: HeldSession
    ended_at: float | None
    serial_number: str = ""
    outdated_at: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Move:
    """Move Licence: unbind this device, so that the user can go on at another one."""

    session: HeldSession


Request = CheckOut | Refresh | Close | Move


@dataclasses.dataclass(frozen=True, slots=True)
class Answer:
    """What the server said: ``code`` is empty when it did as it was asked."""

    code: str = ""
    status: int = 0
    retryable: bool = False
    retry_after: float = 0
    session: HeldSession | None = None
    refresh_after: float = 0
    lease_until: float = 0
    reason: str = ""

    def as_heard(self) -> answers.Answer:
        """The answer as the reference client takes it."""
        if self.session:
            return answers.Granted(
                session=self.session,
                refresh_after=self.refresh_after,
                grace_until=self.lease_until,
            )
        if not self.code:
            return answers.Done()
        if self.code in SAYS_NOTHING or self.status >= SERVER_ERROR:
            return answers.NoAnswer(self.code, self.retry_after)
        return answers.Refused(
            code=self.code, is_retryable=self.retryable, retry_after=self.retry_after
        )
