"""What the lists of the customer API hold: an account's rows, as asked for."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from licensing.api.documents import FieldProblem
from licensing.api.parsers import pointer_to
from licensing.errors import RequestInvalid, ScopeMissing
from licensing.models import Account, AuditEntry, ClientSession, Denial, Licence, ProductKey
from licensing.models.licences import UsageModel
from portal.api.paging import (
    BY_HOUR,
    BY_ID,
    BY_ID_OF_LICENCE,
    BY_LAST_TRY,
    BY_NUMBER,
    BY_START,
    cut,
    page_of,
    read_cursor,
)
from portal.api.queries import (
    AuditQuery,
    DenialQuery,
    KeyQuery,
    LicenceQuery,
    PeopleQuery,
    SessionQuery,
    UseQuery,
    as_address,
    in_utc,
)
from portal.audit.log import AuditLog
from portal.licences import rows as licence_rows
from portal.licences.query import LicenceList
from portal.licences.rows import LicenceRow
from portal.lists.search_tokens import Search, parse
from portal.models import Membership, Scope
from portal.people import members as everybody
from portal.sessions.active import SessionList
from portal.usage.asked import DAYS_AT_FIRST
from portal.usage.denials import DenialList
from portal.usage.hours import Hours, LicenceHour
from portal.words.aliases import Names


def licences(account: Account, query: LicenceQuery, names: Names) -> tuple[list[LicenceRow], str]:
    """The account's licences with their use, features and tags."""
    listed = LicenceList(account, as_address(query), names)
    require_whole(q=listed.search)
    found = listed.wanted(listed.everything if listed.looks_inside else listed.with_use)
    page, after = page_of(found, BY_ID_OF_LICENCE, after=query.after, limit=query.limit)
    licence_rows.add_features(row.licence for row in page)
    licence_rows.put_tags_on(account, page)
    return page, after


def keys(account: Account, query: KeyQuery) -> tuple[list[ProductKey], str]:
    """The account's product keys, which stay masked."""
    found = ProductKey.objects.filter(account=account)
    if query.licence is not None:
        found = found.filter(licence=query.licence)
    return page_of(found, BY_ID, after=query.after, limit=query.limit)


def sessions(
    account: Account, query: SessionQuery, names: Names
) -> tuple[list[ClientSession], str]:
    """The account's sessions, those that started last first."""
    listed = SessionList(account, as_address(query), names)
    require_whole(q=listed.search)
    found = listed.narrowed(listed.ever_ended if listed.shows_ended else listed.sessions)
    found = in_time(found, query, "started_at")
    if query.ended_since:
        found = found.filter(ended_at__gte=in_utc(query.ended_since))
    return page_of(found, BY_START, after=query.after, limit=query.limit)


def denials(account: Account, query: DenialQuery, names: Names) -> tuple[list[Denial], str]:
    """Who was refused, the last first. Raise ScopeMissing for a search by names not to be seen."""
    require_names(names, query.q)
    listed = DenialList(account, as_address(query), names)
    require_whole(q=listed.search)
    found = listed.of_any_day.select_related("licence")
    if query.state:
        found = found.filter(denial_class=query.state)  # type: ignore[misc] # annotated
    found = in_time(found, query, "last_at")
    return page_of(found, BY_LAST_TRY, after=query.after, limit=query.limit)


def usage(account: Account, query: UseQuery) -> tuple[list[LicenceHour], str]:
    """The hours in which licences were used, the first one first."""
    now = timezone.now()
    until = min(in_utc(query.until), now) if query.until else now
    since = in_utc(query.since) if query.since else now - dt.timedelta(days=DAYS_AT_FIRST)
    after = read_cursor(query.after, BY_HOUR) if query.after else None
    found = Hours(wanted(account, query.licences), since, until).first(
        query.limit + 1, after=(after[0], after[1]) if after else None
    )
    return cut(found, BY_HOUR, limit=query.limit)


NONE = 0


def wanted(account: Account, licences: str) -> list[Licence]:
    """The account's licences with these ids; without any, its pools.

    0 stands for none, as where a page's tag is on no licence. Raise RequestInvalid for another id
    that is none of its licences': no hours would read as no use.
    """
    if not licences:
        return list(account.licences.filter(usage_model=UsageModel.CONCURRENT))
    asked = set(map(int, licences.split(","))) - {NONE}
    found = list(account.licences.filter(pk__in=asked))
    if unknown := sorted(asked - {licence.pk for licence in found}):
        told = f"The account has no licence with the id {' or '.join(map(str, unknown))}."
        problem = FieldProblem(pointer=pointer_to("licences"), detail=told)
        raise RequestInvalid(RequestInvalid.of_address, errors=[problem])
    return found


def audit(account: Account, query: AuditQuery, names: Names) -> tuple[list[AuditEntry], str]:
    """The audit log, the last entry first. Raise ScopeMissing as ``denials`` does."""
    require_names(names, query.who + query.about)
    listed = AuditLog(account, as_address(query), names)
    require_whole(who=listed.who, about=listed.about)
    found = in_time(listed.of_any_day, query, "at")
    return page_of(found, BY_NUMBER, after=query.after, limit=query.limit)


def people(account: Account, query: PeopleQuery) -> tuple[list[Membership], str]:
    """Who signs in for the account."""
    search = parse(query.q)
    require_whole(q=search)
    found = everybody.found(account, search)
    return page_of(found, BY_ID, after=query.after, limit=query.limit)


def require_whole(**searches: Search) -> None:
    """Raise RequestInvalid when something of a search would be left out: nobody would read so."""
    wrong = [
        FieldProblem(pointer=pointer_to(name), detail=left_out)
        for name, search in searches.items()
        for left_out in search.left_out
    ]
    if wrong:
        raise RequestInvalid(RequestInvalid.of_address, errors=wrong)


NO_NAMES = gettext_lazy("This API token may not search by name: it has no scope {scope}.")


def require_names(names: Names, search: str) -> None:
    """Raise ScopeMissing when somebody is searched for by a name that the token may not see."""
    if names.are_aliases and search:
        raise ScopeMissing(format_lazy(NO_NAMES, scope=str(Scope.NAMES)))


def in_time(found: Any, query: SessionQuery | DenialQuery | AuditQuery, moment: str) -> Any:
    """The rows of the time that the query asks for."""
    if query.since:
        found = found.filter(**{f"{moment}__gte": in_utc(query.since)})
    if query.until:
        found = found.filter(**{f"{moment}__lt": in_utc(query.until)})
    return found
