"""One page of each list of the customer API, one class per list."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from licensing.api.documents import Document
from portal.api.documents import (
    AccountAuditEntry,
    AccountDenial,
    AccountKey,
    AccountLicence,
    AccountPerson,
    AccountSession,
)
from portal.api.use_documents import AccountUse

Next = Annotated[str | None, Meta(description="The address of the next page; null on the last.")]


class LicencePage(Document, frozen=True, kw_only=True):
    """Licences, by id."""

    data: list[AccountLicence]
    next: Next


class KeyPage(Document, frozen=True, kw_only=True):
    """Product keys, by id."""

    data: list[AccountKey]
    next: Next


class SessionPage(Document, frozen=True, kw_only=True):
    """Sessions, those that started last first."""

    data: list[AccountSession]
    next: Next


class DenialPage(Document, frozen=True, kw_only=True):
    """Denials, the last first."""

    data: list[AccountDenial]
    next: Next


class UsePage(Document, frozen=True, kw_only=True):
    """Hours of use, the first one first."""

    data: list[AccountUse]
    next: Next


class AuditPage(Document, frozen=True, kw_only=True):
    """Entries of the audit log, the last first."""

    data: list[AccountAuditEntry]
    next: Next


class PersonPage(Document, frozen=True, kw_only=True):
    """People, by id."""

    data: list[AccountPerson]
    next: Next
