"""What somebody is sent to their account's provider for, and what comes of it, by any protocol."""

from __future__ import annotations

import enum
import time
from typing import Any, NamedTuple, TypedDict

from portal.models import ProviderLink, SingleSignOn

CLOCKS_DIFFER = 60
"""Seconds by which the provider's clock may be behind ours."""


class Purpose(enum.StrEnum):
    """What somebody is sent to the provider for."""

    SIGN_IN = "sign_in"
    TEST = "test"
    CONFIRM = "confirm"
    """Making sure, before something sensitive, that it is still them."""


class Failure(enum.Enum):
    """How far somebody came who did not come back as anybody."""

    CANCELLED = enum.auto()
    SENT_BACK = enum.auto()
    """The provider sent them back with an error, or not in answer to us."""
    REFUSED_US = enum.auto()
    """The provider did not take the portal's client ID, secret or address."""
    NOT_VERIFIED = enum.auto()
    """What the provider says does not hold: signature, issuer, audience, nonce or time."""
    NO_ANSWER = enum.auto()
    NO_LASTING_ID = enum.auto()
    """The provider has a new name for the person each time."""
    SECRET_LOST = enum.auto()
    """The portal can no longer read its client secret: an owner has to enter it again."""


class ProviderFailed(Exception):
    """Nobody comes back from the provider, who was sent there for this purpose.

    ``why`` says more of it, in words for the account's owners, if more is known.
    """

    def __init__(self, failure: Failure, purpose: Purpose = Purpose.SIGN_IN, why: str = "") -> None:
        super().__init__(failure.name)
        self.failure = failure
        self.purpose = purpose
        self.why = why


class Word(NamedTuple):
    """What the provider says, checked, in answer to what it was asked.

    The claims have the names that OpenID Connect gives them, whatever the protocol.
    """

    single: SingleSignOn
    claims: dict[str, Any]
    purpose: Purpose
    next_url: str


class Asked(TypedDict):
    """What the person's session remembers of their way to the provider."""

    purpose: Purpose
    configuration: str
    at: float


def asked_now(single: SingleSignOn, purpose: Purpose) -> Asked:
    """What to remember of somebody who is sent to the provider as it is set up now."""
    return {
        "purpose": purpose,
        "configuration": single.changed_at.isoformat(),
        "at": time.time(),
    }


def answers(asked: Asked, single: SingleSignOn, signed_in_at: float) -> bool:
    """Whether the provider is set up as it was, and signed the person in anew if it was to.

    ``signed_in_at`` is when it last had their password or the like, in seconds.
    """
    is_anew = asked["purpose"] != Purpose.CONFIRM or signed_in_at >= asked["at"] - CLOCKS_DIFFER
    return asked["configuration"] == single.changed_at.isoformat() and is_anew


def can_be_kept(subject: object) -> bool:
    """Whether this is an id by which the provider can be asked for somebody again."""
    longest = ProviderLink._meta.get_field("subject").max_length or 0
    return isinstance(subject, str) and 0 < len(subject) <= longest and is_writable(subject)


def is_writable(text: str) -> bool:
    """Whether the database takes a text: no NUL, and no half of a character."""
    return text == text.replace("\0", "").encode(errors="ignore").decode()
