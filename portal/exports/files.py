"""Lists as files: what one person sees of a list, the whole of it, in the view's order.

A file is written row by row from a server-side cursor, so that its size does not
matter to memory. One that would take long is made in the background (by the beat, so
that neither a restart nor a lost broker loses it); a mail tells when it is ready.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any
from zoneinfo import ZoneInfo

import structlog
from django.conf import settings
from django.core.files import File
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import slugify

from licensing import audit, clock, standby
from licensing.models import Account
from portal.exports import full
from portal.exports.spreadsheets import WRITERS, ending
from portal.listings import LISTINGS, LISTS
from portal.lists.columns import Cell
from portal.lists.cursors import Rows
from portal.lists.listing import Listing
from portal.mail import mails
from portal.models import Export, Membership, User
from portal.words import zones
from portal.words.aliases import Names, names_for

logger = structlog.get_logger(__name__)

MOST_AT_ONCE = 50_000
"""Rows of the longest list that somebody waits for."""
CHUNK = 2000
TAKES_AT_MOST = dt.timedelta(minutes=10)
FULL_TAKES_AT_MOST = dt.timedelta(hours=3)
"""An account with millions of sessions is written for more than ten minutes."""
TRIED_FOR = dt.timedelta(days=1)

MAY_EXPORT = "support.account_export"
"""The right of staff to everything of an account."""

type Write = Callable[[IO[bytes]], int]
"""Writes rows into a file, and says how many."""

OPEN = Export.objects.filter(ready_at=None, failed_at=None)
"""Those that are still to be made."""


def rows_of(listed: str, membership: Membership, parameters: QueryDict) -> Rows:
    """The rows that an address asks for, all pages of them, in its order.

    ``chosen`` in the parameters narrows them to those ids.
    """
    return LISTS[listed](membership.account, parameters, names_for(membership)).rows


def count(found: Rows) -> int:
    """How many rows there are."""
    return found.count() if isinstance(found, QuerySet) else len(found)


def each(found: Rows) -> Iterable[Any]:
    """The rows, of a queryset a few at a time."""
    return found.iterator(chunk_size=CHUNK) if isinstance(found, QuerySet) else found


def cells(listing: Listing, found: Rows, names: Names) -> Iterator[list[Cell]]:
    """The file's rows, named as the reader may see them."""
    for row in each(found):
        yield [column.written(row, names) for column in listing.file]


def write(
    file: IO[bytes], listed: str, kind: str, membership: Membership, parameters: QueryDict
) -> int:
    """Write the list into the file as ``kind``; return how many rows."""
    found, listing = rows_of(listed, membership, parameters), LISTINGS[listed]
    return WRITERS[kind](file, listing.header, cells(listing, found, names_for(membership)))


def make(
    listed: str, kind: str, membership: Membership, parameters: QueryDict
) -> tuple[IO[bytes], int]:
    """A temporary file with the list, at its beginning, and how many rows it has.

    That somebody took it with them is recorded. Raise OSError when there is no room for it.
    """
    file = tempfile.TemporaryFile()  # noqa: SIM115 (closed by the answer)
    try:
        rows = standby.read(lambda: write(anew(file), listed, kind, membership, parameters))
        file.seek(0)
    except OSError:
        with contextlib.suppress(OSError):  # what has not been written yet has no room either
            file.close()
        raise
    record(membership.account, listed, kind, by=membership.user.as_actor, rows=rows)
    return file, rows


def anew(file: IO[bytes]) -> IO[bytes]:
    """The same file, empty: what a standby told that failed meanwhile is told again."""
    file.seek(0)
    file.truncate()
    return file


def record(account: Account, listed: str, kind: str, *, by: audit.Actor, rows: int) -> None:
    """Note who exported how much of what."""
    audit.record(account, "list_exported", by=by, listed=listed, format=ending(kind), rows=rows)


def file_name(account: Account, listed: str, kind: str, moment: dt.datetime) -> str:
    """Such as "brook-co-sessions-2026-11-24.csv"."""
    day = timezone.localtime(moment).date().isoformat()
    return f"{slugify(f'{account.name} {listed}')}-{day}.{ending(kind)}"


def order(listed: str, kind: str, membership: Membership, parameters: QueryDict) -> Export:
    """Have a long list made in the background."""
    return Export.objects.create(
        account=membership.account,
        person=membership.user,
        listed=listed,
        format=kind,
        query=parameters.urlencode(),
        language=translation.get_language() or settings.LANGUAGE_CODE,
    )


@transaction.atomic
def order_full(account: Account, person: User, *, reason: str) -> Export:
    """Have everything of an account made into a file for one of the vendor's staff."""
    audit.record(account, "full_export_ordered", by=person.as_actor, reason=reason)
    return Export.objects.create(
        account=account,
        person=person,
        listed=full.FULL,
        format=full.ENDING,
        language=person.language or settings.LANGUAGE_CODE,
    )


def make_ordered() -> int:
    """Make what was ordered and mail each link; return how many.

    One that a worker left unfinished is tried again for a day.
    """
    made = 0
    while export := claim():
        written = writer_of(export)
        if written is None:
            export.delete()
            continue
        try:
            with translation.override(export.language), timezone.override(zone_of(export)):
                carry_out(export, written)
        except OSError as error:  # a full disk, as a rule: the next is not begun on it
            logger.error("export_failed", export=export.pk, error=error.strerror)
            fail(export)
            continue
        made += 1
    return made


@transaction.atomic
def claim() -> Export | None:
    """An export that waits, or whose worker died, now this worker's."""
    died = Q(started_at__lt=Now() - TAKES_AT_MOST) & ~Q(listed=full.FULL)
    unfinished = Q(started_at=None) | died | Q(started_at__lt=Now() - FULL_TAKES_AT_MOST)
    waiting = OPEN.filter(unfinished, created_at__gt=Now() - TRIED_FOR)
    export = waiting.select_for_update(skip_locked=True).order_by("created_at").first()
    if export:
        Export.objects.filter(pk=export.pk).update(started_at=Now())
    return export


def writer_of(export: Export) -> Write | None:
    """What writes the export's rows; None if the person may not have them any more."""
    if export.listed == full.FULL:
        may = export.person.has_perm(MAY_EXPORT)
        return (lambda file: full.write(file, export.account)) if may else None
    membership, parameters = membership_of(export), QueryDict(export.query)
    if membership is None or not membership.allows(LISTINGS[export.listed].role):
        return None
    return lambda file: write(file, export.listed, export.format, membership, parameters)


def membership_of(export: Export) -> Membership | None:
    """By what right the person sees the list, with what decides about names."""
    held = Membership.objects.active().filter(account=export.account_id, user=export.person_id)
    return held.select_related("user", "account__preferences").first()


def zone_of(export: Export) -> ZoneInfo | None:
    """The time zone in which whoever ordered the file reads times."""
    return zones.of(export.person, export.account)


def carry_out(export: Export, written: Write) -> None:
    """Make the file, keep it and tell the person. Raise OSError when there is no room for it."""
    with tempfile.TemporaryFile() as file:
        rows = standby.read(lambda: written(anew(file)), after=export)
        file.seek(0)
        remove_file(export)  # a worker that died may have left a part of it
        export.file.save(name_of(export), File(file), save=False)
    finish(export, rows)


def name_of(export: Export) -> str:
    """What the export's file is called where it is kept."""
    return f"{export.pk}.{ending(export.format)}"


def remove_file(export: Export) -> None:
    """Take away the export's file, or the part of it that was written."""
    storage = export.file.storage
    storage.delete(export.file.field.generate_filename(export, name_of(export)))


def good_for() -> dt.timedelta:
    """How long a file is there to be fetched."""
    return dt.timedelta(days=settings.KEEP_EXPORTS_DAYS)


@transaction.atomic
def finish(export: Export, rows: int) -> None:
    """Say that the export is ready, and mail its link."""
    export.rows = rows
    export.ready_at = clock.database_time()
    export.ends_at = export.ready_at + good_for()
    export.save(update_fields=["file", "rows", "ready_at", "ends_at"])
    by = export.person.as_actor
    record(export.account, export.listed, export.format, by=by, rows=rows)
    send(export)


def fail(export: Export) -> None:
    """End an export that cannot be made, leave nothing of it, and tell the person."""
    with contextlib.suppress(OSError):  # a disk that is read-only keeps its part
        remove_file(export)
    failed = OPEN.filter(pk=export.pk)
    with transaction.atomic():
        if failed.update(failed_at=Now(), ends_at=Now() + good_for()):
            send(export, "export_failed")


def send(export: Export, name: str = "export") -> None:
    """Mail the link, which works for this person only and after signing in."""
    person: User = export.person
    page = "support:export" if export.listed == full.FULL else "portal:export"
    url = settings.BASE_URL + reverse(page, args=[export.pk])
    context = {"export": export, "url": url}
    export.mail = mails.write(
        name,
        context,
        to=person.email,
        account=export.account,
        asked_by=person,
        valid_until=export.ends_at,
    )
    export.save(update_fields=["mail"])


def remove_ended() -> int:
    """Delete the files whose time is over; return how many. What was never made has failed."""
    for export in OPEN.filter(created_at__lte=Now() - TRIED_FOR):
        fail(export)
    removed = 0
    for export in Export.objects.filter(ends_at__lte=Now()):
        if export.file:
            export.file.delete(save=False)
        export.delete()
        removed += 1
    return removed
