"""What the lists of the customer API hold: an account's rows, as asked for."""

from __future__ import annotations

from typing import Any

from licensing.models import Account, AuditEntry, ClientSession, Denial, ProductKey
from portal import licence_list
from portal.api.paging import (
    BY_ID,
    BY_ID_OF_LICENCE,
    BY_LAST_TRY,
    BY_NUMBER,
    BY_START,
    page_of,
)
from portal.api.queries import (
    AuditQuery,
    DenialQuery,
    KeyQuery,
    LicenceQuery,
    ListQuery,
    SessionQuery,
    in_utc,
)
from portal.licence_list import LicenceRow
from portal.models import Membership


def licences(account: Account, query: LicenceQuery) -> tuple[list[LicenceRow], str]:
    """The account's licences with their use, features and tags."""
    rows = licence_list.licences_of(account)
    if query.state:
        rows = [row for row in rows if row.status == query.state]
    page, after = page_of(rows, BY_ID_OF_LICENCE, after=query.after, limit=query.limit)
    licence_list.add_features(row.licence for row in page)
    licence_list.put_tags_on(account, page)
    return page, after


def keys(account: Account, query: KeyQuery) -> tuple[list[ProductKey], str]:
    """The account's product keys, which stay masked."""
    found = ProductKey.objects.filter(account=account)
    if query.licence is not None:
        found = found.filter(licence=query.licence)
    return page_of(found, BY_ID, after=query.after, limit=query.limit)


def sessions(account: Account, query: SessionQuery) -> tuple[list[ClientSession], str]:
    """The account's sessions, those that started last first."""
    found = account.sessions.with_state().select_related("licence", "key")
    found = found.ended() if query.state == "ended" else found.active()
    if query.state:
        found = found.filter(state=query.state)
    found = narrowed(found, query, "started_at")
    return page_of(found, BY_START, after=query.after, limit=query.limit)


def denials(account: Account, query: DenialQuery) -> tuple[list[Denial], str]:
    """Who was refused, the last first."""
    found = account.denials.with_class().select_related("licence")
    if query.state:
        found = found.filter(denial_class=query.state)
    found = narrowed(found, query, "last_at")
    return page_of(found, BY_LAST_TRY, after=query.after, limit=query.limit)


def audit(account: Account, query: AuditQuery) -> tuple[list[AuditEntry], str]:
    """The audit log, the last entry first."""
    found = account.audit_entries.all()
    if query.since:
        found = found.filter(at__gte=in_utc(query.since))
    return page_of(found, BY_NUMBER, after=query.after, limit=query.limit)


def people(account: Account, query: ListQuery) -> tuple[list[Membership], str]:
    """Who signs in for the account."""
    found = account.memberships.select_related("user")
    return page_of(found, BY_ID, after=query.after, limit=query.limit)


def narrowed(found: Any, query: SessionQuery | DenialQuery, moment: str) -> Any:
    """The rows of the licence and of the time that the query asks for."""
    if query.licence is not None:
        found = found.filter(licence=query.licence)
    if query.since:
        found = found.filter(**{f"{moment}__gte": in_utc(query.since)})
    return found
