"""The JSON that goes in and out, one class per document.

Each class is the check of what comes in, the layout of what goes out, and the
schema that is published, so that the three cannot differ. What may be left out of a request
may be null as well.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from licensing import errors, leases
from licensing.api import authentication
from licensing.grants import Grant
from licensing.identity import Client, as_compared

LONGEST_NAME = 255
NO_NUL = r"^[^\u0000]*$"  # PostgreSQL's text cannot hold it
NOT_BLANK = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"

Name = Annotated[str, Meta(max_length=LONGEST_NAME, pattern=NOT_BLANK)]
Version = Annotated[str, Meta(max_length=50, pattern=r"^[0-9][^\u0000]*$")]
ProductCode = Annotated[str, Meta(pattern="^[-a-zA-Z0-9_]{0,50}$")]
OsSession = Annotated[str, Meta(max_length=LONGEST_NAME, pattern=NO_NUL)]
SessionId = Annotated[
    str,  # as Windows writes it too, in braces
    Meta(
        pattern=r"^(urn:uuid:)?\{?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}\}?$(?!\n)",
        examples=["0190d7a4-5b1c-4f6e-9a57-3f6f2f1c8d10"],
    ),
]
FeatureCode = Annotated[str, Meta(pattern="^[-a-zA-Z0-9_]{1,50}$")]
FeatureCodes = Annotated[list[FeatureCode], Meta(max_length=50)]
Seconds = Annotated[float, Meta(ge=0, le=2**31 - 1)]  # for JSON 756.0 is as whole as 756


class Document(msgspec.Struct, frozen=True):
    """A JSON object that is sent. Its readers expect that fields are added."""


class Request(Document, frozen=True, forbid_unknown_fields=True):
    """A JSON object that is taken, with these fields and no others."""


class CheckOutRequest(Request, frozen=True, kw_only=True):
    """Who asks for a licence, with which key, and what they need."""

    serial_number: Annotated[Name, Meta(description="The serial number, typed in any way.")]
    product_key: Annotated[Name, Meta(description="The product key that belongs to it.")]
    machine_name: Annotated[
        Name, Meta(description="The computer's name as Windows gives it, 1 to 255 characters.")
    ]
    username: Annotated[
        Name, Meta(description="The user's name, with the domain if any, 1 to 255 characters.")
    ]
    version: Annotated[
        Version, Meta(description="The software's version, such as 16.0.02, up to 50 characters.")
    ]
    product: Annotated[
        ProductCode | None,
        Meta(description="The code of the software that asks; empty: what the licence is for."),
    ] = None
    os_session: Annotated[
        OsSession | None,
        Meta(
            description="The number, as text, of the Windows or Citrix session if it is a "
            "remote one; empty otherwise."
        ),
    ] = None
    device_id: Annotated[
        Name | None,
        Meta(
            description="An id that the software made once for this installation, 1 to 255 "
            "characters, compared exactly: it tells cloned machines of one name apart."
        ),
    ] = None
    features: Annotated[
        FeatureCodes | None,
        Meta(description="Codes of the features that the user needs, up to 50."),
    ] = None
    session_id: Annotated[
        SessionId | None,
        Meta(
            description="A UUID that the client made and kept before it asked. A new session takes "
            "it as its id, so a request whose answer was lost can be sent again, and closed with "
            "the product key. Make another for each new session."
        ),
    ] = None

    def client(self, request_id: str) -> Client:
        """The desktop software that asks, as the domain knows it; raise RequestInvalid."""
        require_comparable(machine_name=self.machine_name, username=self.username)
        return Client(
            machine_name=self.machine_name.strip(),
            username=self.username.strip(),
            version=self.version,
            os_session=self.os_session or "",
            device_id=(self.device_id or "").strip(),
            product=self.product or "",
            features=tuple(self.features or ()),
            session_id=uuid.UUID(self.session_id) if self.session_id else None,
            request_id=request_id,
        )


class RefreshRequest(Request, frozen=True, kw_only=True):
    """What the client may tell when it refreshes."""

    version: Annotated[
        Version | None, Meta(description="The software's version, if it may have changed.")
    ] = None
    idle_seconds: Annotated[
        Seconds | None,
        Meta(description="For how long nobody has touched the program."),
    ] = None


class LicencePart(Document, frozen=True, kw_only=True):
    """The licence that the session uses."""

    serial_number: str
    name: str
    product: str
    ends_on: Annotated[
        dt.date | None, Meta(description="The term's last day; null if it has no end.")
    ]


class SessionDocument(Document, frozen=True, kw_only=True):
    """A session that holds a seat, and what the client may rely on until its next refresh."""

    id: uuid.UUID
    token: Annotated[str, Meta(description="Send it as Bearer token to refresh and close.")]
    state: Literal["active"]
    usage_model: Annotated[str, Meta(description="concurrent, single-user or lease.")]
    licence: LicencePart
    features: Annotated[list[str], Meta(description="All that the licence includes.")]
    refresh_after: Annotated[
        int,
        Meta(
            description="Refresh again after so many seconds: a third of the shorter of grace "
            "period and reclaim time, at most five minutes."
        ),
    ]
    grace_until: Annotated[dt.datetime, Meta(description="Go on offline until then.")]
    server_time: dt.datetime
    lease: Annotated[
        str,
        Meta(
            description="A compact JWS (EdDSA) that proves all this offline. Verify it with "
            "the keys at /.well-known/jwks.json."
        ),
    ]
    message: Annotated[
        str | None,
        Meta(
            description="A sentence from the service for the person at the program, such as when "
            "it is closed for maintenance: show it, and change nothing else for it. Null when "
            "there is nothing to tell, which so far is always."
        ),
    ]


class FieldProblem(Document, frozen=True, kw_only=True):
    """One thing that is wrong in a request."""

    pointer: Annotated[str, Meta(description="Which field, as JSON pointer; empty: all of it.")]
    detail: Annotated[str, Meta(description="What is wrong with it, for developers, in English.")]


class Problem(Document, frozen=True, kw_only=True):
    """Why a request was refused (RFC 9457). Fields from `errors` on come with some codes only."""

    type: Annotated[str, Meta(description="An address that explains the code.")]
    title: str
    status: int
    detail: Annotated[
        str,
        Meta(
            description="A sentence fit to show to a person, who can do what it says; in the "
            "language of `Accept-Language` (English, German)."
        ),
    ]
    code: Annotated[str, Meta(description="What to switch on; it never changes.")]
    retryable: Annotated[bool, Meta(description="Whether the same request may succeed later.")]
    request_id: Annotated[str, Meta(description="Names this request when you ask for help.")]
    server_time: dt.datetime
    errors: list[FieldProblem] | UnsetType = UNSET
    minimum_version: str | UnsetType = UNSET
    scope: (
        Annotated[Literal["licence", "feature"], Meta(description="Of what every seat is taken.")]
        | UnsetType
    ) = UNSET
    features: (
        Annotated[list[str], Meta(description="Those that are missing, or full.")] | UnsetType
    ) = UNSET
    seats: int | UnsetType = UNSET
    in_use: int | UnsetType = UNSET
    next_reclaim_at: (
        Annotated[
            dt.datetime | None,
            Meta(
                description="No seat comes back by itself before this time, but one may be given "
                "back; null: none comes back by itself."
            ),
        ]
        | UnsetType
    ) = UNSET
    holders: (
        Annotated[
            list[str],
            Meta(
                description="Who holds seats, up to 10: first those who are in touch, those who "
                "have had theirs longest before others. Only where the account's owners let it be "
                "told."
            ),
        ]
        | UnsetType
    ) = UNSET
    devices: (
        Annotated[list[str], Meta(description="The machine names of the bound devices.")]
        | UnsetType
    ) = UNSET
    starts_on: Annotated[dt.date, Meta(description="The term's first day.")] | UnsetType = UNSET
    ends_on: Annotated[dt.date, Meta(description="The term's last day.")] | UnsetType = UNSET
    next_move_at: (
        Annotated[dt.datetime, Meta(description="From then on it can be moved again.")] | UnsetType
    ) = UNSET
    reason: Annotated[str, Meta(description="How the session ended.")] | UnsetType = UNSET
    ended_at: Annotated[dt.datetime, Meta(description="When it ended.")] | UnsetType = UNSET
    contact: (
        Annotated[
            str,
            Meta(description="Whom to ask, in the words of the account's owners; up to two lines."),
        ]
        | UnsetType
    ) = UNSET


def require_comparable(**names: str) -> None:
    """Raise RequestInvalid for names that grow too long in the form in which they are compared.

    One ligature there can be 18 letters.
    """
    detail = f"This is longer than {LONGEST_NAME} characters once its ligatures are written out."
    too_long = [
        FieldProblem(pointer=f"/{field}", detail=detail)
        for field, name in names.items()
        if len(as_compared(name)) > LONGEST_NAME
    ]
    if too_long:
        raise errors.RequestInvalid(errors=too_long)


def session_document(grant: Grant) -> SessionDocument:
    """What a client is told about its session. Times are whole seconds, as in the lease."""
    return SessionDocument(
        id=grant.session_id,
        token=authentication.token_of(grant.session_id),
        state="active",
        usage_model=grant.usage_model,
        licence=LicencePart(
            serial_number=grant.serial_number,
            name=grant.licence_name,
            product=grant.product,
            ends_on=grant.ends_on,
        ),
        features=list(grant.features),
        refresh_after=grant.refresh_after,
        grace_until=grant.grace_until.replace(microsecond=0),
        server_time=grant.server_time.replace(microsecond=0),
        lease=leases.sign(grant),
        message=None,
    )
