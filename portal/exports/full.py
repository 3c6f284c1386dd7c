"""Everything of an account as one file: an archive with JSON Lines and CSV of each kind of row.

``docs/export.md`` documents it. Secrets are in none of it: product keys are their last four
characters, and what only the vendor's people read is left out. Each kind is read once, a few rows
at a time, so that its size does not matter to memory.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import tempfile
import uuid
import zipfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import Model, QuerySet

from licensing import clock, limits
from licensing.models import (
    AccessRule,
    Account,
    ClientSession,
    Denial,
    Device,
    Licence,
    LicenceFeature,
    LimitChange,
    ProductKey,
)
from portal.exports.spreadsheets import csv_cell
from portal.models import CustomerRequest, Invitation, LicenceNotes, LicenceTag, Membership
from portal.words.times import utc_stamp

FORMAT = "cloud-licence-account/1"
MANIFEST = "manifest.json"
CHUNK = 2000
FULL, ENDING = "everything", "zip"
"""What such a file is called among exports, and what its name ends in."""


@dataclass(frozen=True)
class Kind:
    """One kind of rows: how the account's are found, and what of each is written.

    ``columns`` are names in the file, each with where the value is found, if not by that name.
    """

    rows: Callable[[Account], QuerySet[Any, Any]]
    columns: Mapping[str, str]


def named(names: str, **elsewhere: str) -> dict[str, str]:
    """Columns that are found by their names, and others that are found elsewhere."""
    return {name: elsewhere.get(name, name) for name in names.split()}


def of(model: type[Model], *, by: str = "account") -> Callable[[Account], QuerySet[Any, Any]]:
    """The rows of a model that are the account's, in the order in which they were made."""
    return lambda account: model._default_manager.filter(**{by: account.pk}).order_by("pk")


KINDS: dict[str, Kind] = {
    "account": Kind(
        of(Account, by="pk"),
        named(
            "id name time_zone contact shows_holders works_on works_from works_until created_at",
        ),
    ),
    "licences": Kind(
        lambda account: limits.with_ordered_seats(of(Licence)(account)),
        named(
            "id name product usage_model state seats starts_on ends_on grace_period "
            "reclaim_after replaces created_at",
            product="product__code",
            seats="ordered_seats",
            replaces="replaces_id",
        ),
    ),
    "features": Kind(
        of(LicenceFeature, by="licence__account"),
        named("licence feature seats", licence="licence_id", feature="feature__code"),
    ),
    "limits": Kind(
        of(LimitChange, by="licence__account"),
        named("licence feature seats since", licence="licence_id", feature="feature__code"),
    ),
    "keys": Kind(
        of(ProductKey),
        named(
            "id licence label serial_number last_four state superseded_at supersedes revoked_at "
            "created_at created_by",
            licence="licence_id",
            supersedes="supersedes_id",
        ),
    ),
    "devices": Kind(
        of(Device),
        named(
            "id licence machine_name username bound_at unbound_at unbinding lease_until",
            licence="licence_id",
        ),
    ),
    "rules": Kind(
        of(AccessRule),
        named(
            "id licence effect username machine_name reason starts_at ends_at created_by",
            licence="licence_id",
        ),
    ),
    "people": Kind(
        of(Membership),
        named("name email role invited_by created_at", name="user__name", email="user__email"),
    ),
    "invitations": Kind(
        of(Invitation),
        named("email role invited_by message created_at ends_at accepted_at cancelled_at"),
    ),
    "notes": Kind(
        of(LicenceNotes),
        named("licence contact_name contact_email text", licence="licence_id"),
    ),
    "tags": Kind(of(LicenceTag), named("licence name", licence="licence_id")),
    "requests": Kind(
        of(CustomerRequest),
        named(
            "id licence kind seats text state asked_by asked_by_email asked_at answer "
            "answered_by answered_at",
            licence="licence_id",
        ),
    ),
    "sessions": Kind(
        lambda account: ClientSession.every.filter(account=account).order_by(),
        named(
            "id licence key username machine_name os_session device_id version features "
            "started_at refreshed_at grace_until reclaim_at ended_at end_reason closed_at",
            licence="licence_id",
            key="key_id",
        ),
    ),
    "denials": Kind(
        lambda account: Denial.every.filter(account=account).order_by(),
        named(
            "id licence key code username machine_name version count first_at last_at seats "
            "in_use request_id",
            licence="licence_id",
            key="key_id",
        ),
    ),
    "audit": Kind(
        lambda account: account.audit_entries.order_by("number"),
        named(
            "number at actor_kind actor_id actor_name action object_kind object_id object_name "
            "reason details address user_agent request_id part_of digest"
        ),
    ),
}


def write(file: IO[bytes], account: Account) -> int:
    """Write the archive into the file; return how many rows are in it."""
    counts = {}
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, kind in KINDS.items():
            counts[name] = write_kind(archive, name, kind, account)
        manifest = {
            "format": FORMAT,
            "account": account.name,
            "exported_at": utc_stamp(clock.database_time()),
            "counts": counts,
        }
        archive.writestr(MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    return sum(counts.values())


def write_kind(archive: zipfile.ZipFile, name: str, kind: Kind, account: Account) -> int:
    """Write both files of a kind; return how many rows. One of them waits until the other is in."""
    written = 0
    with tempfile.TemporaryFile() as kept:
        text = io.TextIOWrapper(kept, encoding="utf-8-sig", newline="")
        table = csv.writer(text, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
        table.writerow(kind.columns)
        with archive.open(f"{name}.jsonl", "w", force_zip64=True) as lines:
            for row in rows_of(kind, account):
                told = json.dumps(dict(zip(kind.columns, row, strict=True)), ensure_ascii=False)
                lines.write(told.encode("utf-8", "replace") + b"\n")
                table.writerow(map(as_cell, row))
                written += 1
        text.detach()
        kept.seek(0)
        with archive.open(f"{name}.csv", "w", force_zip64=True) as copy:
            while part := kept.read(1 << 20):
                copy.write(part)
    return written


def rows_of(kind: Kind, account: Account) -> Iterator[list[Any]]:
    """The rows as JSON has their values."""
    found = kind.rows(account).values_list(*kind.columns.values())
    for row in found.iterator(chunk_size=CHUNK):
        yield [plain(value) for value in row]


def plain(value: Any) -> Any:
    """A value as JSON has it: moments in ISO 8601 of UTC, lengths of time in seconds."""
    if isinstance(value, dt.datetime):
        return utc_stamp(value)
    if isinstance(value, dt.timedelta):
        return int(value.total_seconds())
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    return str(value) if isinstance(value, uuid.UUID) else value


def as_cell(value: Any) -> Any:
    """The same as a cell of CSV: what has parts as JSON, and nothing that runs as a formula."""
    if isinstance(value, list | dict):
        return csv_cell(json.dumps(value, ensure_ascii=False))
    return csv_cell(int(value) if isinstance(value, bool) else value)
