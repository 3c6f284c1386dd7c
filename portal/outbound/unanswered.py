"""Why nothing usable came from outside, in words for whoever typed the address in."""

from __future__ import annotations

import enum

from django.utils.translation import gettext, gettext_lazy, ngettext

from licensing.errors import InvalidOperation


class Cause(enum.Enum):
    """How far somebody outside answered."""

    NOT_HTTPS = enum.auto()
    NO_PUBLIC_ADDRESS = enum.auto()
    """The name leads nowhere, or into an internal network: one answer, which tells nobody what
    stands there."""
    REFUSED = enum.auto()
    NO_TRUST = enum.auto()
    BROKEN_OFF = enum.auto()
    REDIRECTED = enum.auto()
    NOT_FOUND = enum.auto()
    FAILED = enum.auto()
    TOO_SLOW = enum.auto()
    TOO_LARGE = enum.auto()
    SILENT_DNS = enum.auto()


WORDS = {
    Cause.NOT_HTTPS: gettext_lazy("The address does not begin with https."),
    Cause.NO_PUBLIC_ADDRESS: gettext_lazy(
        "The DNS knows no public address of this name. Check how it is spelt."
    ),
    Cause.REFUSED: gettext_lazy("Nothing answers at this address: no connection could be made."),
    Cause.NO_TRUST: gettext_lazy("The server has no certificate that is valid for this name."),
    Cause.BROKEN_OFF: gettext_lazy("The server broke off, or sent what cannot be read."),
    Cause.REDIRECTED: gettext_lazy("The address leads on to another one. Give that one."),
    Cause.NOT_FOUND: gettext_lazy("The server answers, but has nothing at this address."),
    Cause.FAILED: gettext_lazy("The server answers, but with an error."),
    Cause.TOO_SLOW: gettext_lazy("The server takes too long to answer."),
    Cause.TOO_LARGE: gettext_lazy("The server's answer is too large."),
    Cause.SILENT_DNS: gettext_lazy("The DNS of this domain does not answer. Try again later."),
}


class Unanswered(InvalidOperation):
    """Somebody outside was asked, and sent nothing that can be used."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(str(WORDS[cause]))
        self.cause = cause


class Busy(InvalidOperation):
    """Nobody outside can be asked just now; ``seconds`` from now it is worth another try."""

    def __init__(self, words: str = "", seconds: int = 5) -> None:
        super().__init__(
            words or gettext("Your provider's sign-in is busy. Try again in a moment.")
        )
        self.seconds = seconds


class Resting(Busy):
    """The account's provider took long just now, and is to leave turns to others."""

    def __init__(self, seconds: int) -> None:
        words = ngettext(
            "The last answer took too long. Try again in %(n)s second.",
            "The last answer took too long. Try again in %(n)s seconds.",
            seconds,
        )
        super().__init__(words % {"n": seconds}, seconds)
