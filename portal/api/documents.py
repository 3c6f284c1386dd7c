"""The JSON that goes out of the customer API, one class per document."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Annotated, Any

from msgspec import Meta

from licensing.api.documents import NO_NUL, Document, Request
from licensing.models import AuditEntry, ClientSession, Denial, ProductKey
from portal.licences.keys import key_status
from portal.licences.rows import LicenceRow
from portal.models import ApiToken, Membership
from portal.words.aliases import Names
from portal.words.names import short_name
from portal.words.refusals import refusal
from portal.words.sentences import sentence

Username = Annotated[str, Meta(description="As the program sent it, or an alias of it.")]
Reason = Annotated[str, Meta(max_length=500, pattern=NO_NUL)]
MachineName = Annotated[str, Meta(description="As the program sent it, or an alias of it.")]


class AccountDocument(Document, frozen=True, kw_only=True):
    """The account, and the token that asks."""

    id: int
    name: str
    time_zone: Annotated[str, Meta(description="A zone of the IANA database.")]
    token_name: str
    scopes: Annotated[list[str], Meta(description="What the token may do.")]
    token_ends_at: dt.datetime
    shows_aliases: Annotated[
        bool, Meta(description="Whether people and machines are named by aliases in answers.")
    ]


class AccountLicence(Document, frozen=True, kw_only=True):
    """A licence and how much of it is taken."""

    id: int
    name: str
    product: Annotated[str, Meta(description="The product's code.")]
    usage_model: Annotated[str, Meta(description="concurrent, single-user or lease.")]
    state: Annotated[
        str,
        Meta(description="active, over_limit, ends_soon, not_started, ended, suspended or closed."),
    ]
    seats: Annotated[int, Meta(description="The user limit.")]
    in_use: int
    features: Annotated[list[str], Meta(description="The codes of the features it includes.")]
    tags: Annotated[list[str], Meta(description="The account's own words on it.")]
    starts_on: dt.date | None
    ends_on: Annotated[dt.date | None, Meta(description="The last day; null if it has no end.")]
    grace_seconds: Annotated[int, Meta(description="How long people may go on offline.")]
    reclaim_after_seconds: Annotated[
        int | None,
        Meta(description="When a lost PC's seat comes back by itself; null if it never does."),
    ]


class AccountKey(Document, frozen=True, kw_only=True):
    """A product key, masked."""

    id: int
    licence: Annotated[int, Meta(description="The id of the licence that it opens.")]
    label: str
    serial_number: str
    product_key: Annotated[str, Meta(description="Its last four characters; the rest is hidden.")]
    state: Annotated[
        str,
        Meta(description="active, overlap (replaced, still works), superseded or revoked."),
    ]
    superseded_at: Annotated[
        dt.datetime | None, Meta(description="From then on it opens no new session.")
    ]
    revoked_at: dt.datetime | None
    created_at: dt.datetime
    created_by: str


class AccountSession(Document, frozen=True, kw_only=True):
    """Somebody who uses, or used, a licence."""

    id: uuid.UUID
    licence: int
    licence_name: str
    serial_number: str
    username: Username
    machine_name: MachineName
    os_session: Annotated[str, Meta(description="Of a remote session; empty otherwise.")]
    version: str
    features: list[str]
    state: Annotated[
        str, Meta(description="active, quiet, offline, held, ending or, without a seat, ended.")
    ]
    started_at: dt.datetime
    refreshed_at: dt.datetime
    grace_until: Annotated[dt.datetime, Meta(description="The program may go on offline so long.")]
    reclaim_at: Annotated[
        dt.datetime | None, Meta(description="The seat comes back then by itself; null: never.")
    ]
    ended_at: dt.datetime | None
    end_reason: Annotated[str, Meta(description="closed, released, reclaimed …; empty if open.")]


class ReleaseRequest(Request, frozen=True, kw_only=True):
    """Why a session is released."""

    reason: Annotated[
        Reason | None, Meta(description="Kept in the audit record, up to 500 characters.")
    ] = None


class AccountDenial(Document, frozen=True, kw_only=True):
    """Somebody who was refused, for one reason, within ten minutes."""

    id: int
    licence: int | None
    licence_name: str
    code: Annotated[str, Meta(description="Why, as desktop software is told.")]
    reason: Annotated[str, Meta(description="Why, in a few words.")]
    state: Annotated[str, Meta(description="true, transient, repeat, policy, entitlement or key.")]
    username: Username
    machine_name: MachineName
    version: str
    tries: int
    first_at: dt.datetime
    last_at: dt.datetime
    seats: int | None
    in_use: int | None


class AccountAuditEntry(Document, frozen=True, kw_only=True):
    """One change: who made it, and what it was."""

    number: Annotated[int, Meta(description="1 for the account's first entry, no gaps.")]
    at: dt.datetime
    actor_kind: Annotated[
        str, Meta(description="person, token, support, command, system or stranger.")
    ]
    actor_name: str
    action: str
    sentence: Annotated[str, Meta(description="What happened, in words.")]
    object_kind: str
    object_id: str
    object_name: str
    reason: Annotated[str, Meta(description="Empty where names are aliases: it may name anybody.")]
    details: Annotated[
        dict[str, Any], Meta(description="Before and after, say; empty where names are aliases.")
    ]
    address: Annotated[str | None, Meta(description="From where it was asked for, if known.")]
    request_id: Annotated[str, Meta(description="Of the request that asked; empty if none did.")]
    part_of: Annotated[
        int | None, Meta(description="The number of the act that it is part of, such as an import.")
    ]


class AccountPerson(Document, frozen=True, kw_only=True):
    """Somebody who signs in for the account."""

    id: int
    name: str
    email: str
    role: Annotated[str, Meta(description="viewer, manager or owner.")]
    since: dt.datetime


def account_document(token: ApiToken, names: Names) -> AccountDocument:
    """The token's account."""
    return AccountDocument(
        id=token.account_id,
        name=token.account.name,
        time_zone=token.account.time_zone,
        token_name=token.name,
        scopes=token.scopes,
        token_ends_at=token.ends_at,
        shows_aliases=names.are_aliases,
    )


def licence_document(row: LicenceRow) -> AccountLicence:
    """A licence with its use."""
    licence = row.licence
    reclaim_after = licence.reclaim_after
    return AccountLicence(
        id=licence.pk,
        name=licence.name,
        product=licence.product.code,
        usage_model=licence.usage_model,
        state=row.status,
        seats=licence.seats,
        in_use=row.in_use,
        features=sorted(item.feature.code for item in licence.licence_features.all()),
        tags=row.tags,
        starts_on=licence.starts_on,
        ends_on=licence.ends_on,
        grace_seconds=int(licence.grace_period.total_seconds()),
        reclaim_after_seconds=None if reclaim_after is None else int(reclaim_after.total_seconds()),
    )


def key_document(key: ProductKey) -> AccountKey:
    """A key of which nobody learns more than four characters."""
    return AccountKey(
        id=key.pk,
        licence=key.licence_id,
        label=key.label,
        serial_number=key.serial_number,
        product_key=f"••••{key.last_four}",
        state=key_status(key),
        superseded_at=key.superseded_at,
        revoked_at=key.revoked_at,
        created_at=key.created_at,
        created_by=short_name(key.created_by),
    )


def session_document(session: ClientSession, names: Names) -> AccountSession:
    """A session that was loaded with its state, licence and key."""
    return AccountSession(
        id=session.pk,
        licence=session.licence_id,
        licence_name=session.licence.name,
        serial_number=session.key.serial_number,
        username=names.person(session.username),
        machine_name=names.machine(session.machine_name),
        os_session=session.os_session,
        version=session.version,
        features=session.features,
        state=session.state,  # type: ignore[attr-defined]
        started_at=session.started_at,
        refreshed_at=session.refreshed_at,
        grace_until=session.grace_until,
        reclaim_at=session.reclaim_at,
        ended_at=session.ended_at,
        end_reason=session.end_reason,
    )


def denial_document(denial: Denial, names: Names) -> AccountDenial:
    """A denial that was loaded with its class and licence."""
    return AccountDenial(
        id=denial.pk,
        licence=denial.licence_id,
        licence_name=denial.licence.name if denial.licence else "",
        code=denial.code,
        reason=refusal(denial.code),
        state=denial.denial_class,  # type: ignore[attr-defined]
        username=names.person(denial.username),
        machine_name=names.machine(denial.machine_name),
        version=denial.version,
        tries=denial.count,
        first_at=denial.first_at,
        last_at=denial.last_at,
        seats=denial.seats,
        in_use=denial.in_use,
    )


def audit_document(entry: AuditEntry, names: Names) -> AccountAuditEntry:
    """An entry of the audit log."""
    return AccountAuditEntry(
        number=entry.number,
        at=entry.at,
        actor_kind=entry.actor_kind,
        actor_name=short_name(names.actor(entry)),
        action=entry.action,
        sentence=sentence(entry, names),
        object_kind=entry.object_kind,
        object_id=entry.object_id,
        object_name=names.object(entry),
        reason=names.written(entry.reason),
        details={} if names.are_aliases else entry.details,
        address=entry.address,
        request_id=entry.request_id,
        part_of=entry.part_of,
    )


def person_document(membership: Membership) -> AccountPerson:
    """An account holder."""
    return AccountPerson(
        id=membership.user_id,
        name=membership.user.name,
        email=membership.user.email,
        role=membership.role,
        since=membership.created_at,
    )
