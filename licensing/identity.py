"""Who a session is: the machine, the user and the OS session, compared as Windows does.

Names are compared trimmed, Unicode-normalised (NFKC) and case-folded; they are
shown as they were received. Hardware never matters (FAQ: "Is licensing sensitive
to hardware changes? No"): what tells cloned machines apart is an id that the software
made for its installation, if it has made one.
"""

from __future__ import annotations

import unicodedata
import uuid
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Protocol

NAMESPACE = uuid.UUID("5f0d1f2e-5a0b-4d8e-9a3c-0c1a6c0b7d11")


def as_compared(name: str) -> str:
    """The form of a machine's or a person's name in which two are compared."""
    folded = unicodedata.normalize("NFKC", name.strip()).casefold()
    return unicodedata.normalize("NFKC", folded)


class Asker(Protocol):
    """Who asks for a seat: a client, or a session that comes back."""

    @property
    def identity(self) -> uuid.UUID: ...
    @property
    def machine(self) -> str: ...
    @property
    def person(self) -> str: ...
    @property
    def device_id(self) -> str: ...


def names_of(asker: Asker) -> dict[str, Any]:
    """Who is compared with sessions and rules."""
    return {
        "identity": asker.identity,
        "person": asker.person,
        "machine": asker.machine,
        "device_id": asker.device_id,
    }


@dataclass(frozen=True, slots=True)
class Proof:
    """A serial number, and the digest of the product key that is said to belong to it."""

    serial_number: str
    digest: bytes


@dataclass(frozen=True, kw_only=True)
class Client:
    """The desktop software that asks: who, where, and what it needs."""

    machine_name: str
    username: str
    version: str
    os_session: str = ""
    device_id: str = ""
    product: str = ""
    features: tuple[str, ...] = ()
    session_id: uuid.UUID | None = None
    """The id that the client made for its session, so that it may ask again unheard."""
    request_id: str = ""
    """What names the request: its user reads it out where it was refused."""

    @cached_property
    def machine(self) -> str:
        """The machine's name as compared."""
        return as_compared(self.machine_name)

    @cached_property
    def person(self) -> str:
        """The user's name as compared."""
        return as_compared(self.username)

    @cached_property
    def identity(self) -> uuid.UUID:
        """The same for two windows of one user on one machine, another per Citrix session.

        Without a device id it is what it was before there were any.
        """
        names = [self.machine, self.person, as_compared(self.os_session)]
        if self.device_id:
            names.append(self.device_id)
        return uuid.uuid5(NAMESPACE, "\0".join(names))
