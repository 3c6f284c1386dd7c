"""What was done to a record, as the audit record of its account tells it."""

from __future__ import annotations

from collections.abc import Sequence

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.urls import reverse

from licensing.models import Account, AuditEntry, ClientSession, Licence, PlannedSeats, ProductKey
from portal.desk import staff_history
from portal.models import User, WebhookDelivery
from portal.words.aliases import real_names
from portal.words.sentences import told
from support.acts.whose import account_of

MOST_ENTRIES = 20
MOST_BENEATH = 500
"""So many keys and devices of a licence have their entries beside its own."""


def latest(record: Model) -> list[tuple[AuditEntry, str]]:
    """The last entries about a record and what it has, each with its sentence."""
    account = account_of(record)
    if account is None:
        return []
    return told(about(account, record)[:MOST_ENTRIES], real_names(account))


def of_no_account(record: Model) -> QuerySet[LogEntry]:
    """What staff did to a record of no account, a user or the catalogue, the last first."""
    kind = ContentType.objects.get_for_model(record)
    found = LogEntry.objects.filter(content_type=kind, object_id=str(record.pk))
    return found.select_related("user").order_by("-action_time", "-pk")[:MOST_ENTRIES]


def about(account: Account, record: Model) -> QuerySet[AuditEntry]:
    """The entries about a record, the last first: of a licence those of its keys, too.

    What came from an account that was merged into this one has those of then, too.
    """
    entries = AuditEntry.objects.select_related("account").order_by("-at", "-number")
    if record == account:
        return entries.filter(account=account)
    merged = Account.objects.filter(merged_into=account).values_list("pk", flat=True)
    return entries.filter(objects_of(record), account__in=[account.pk, *merged])


def objects_of(record: Model) -> Q:
    """What entries about the record are about."""
    if isinstance(record, WebhookDelivery):
        return objects_of(record.webhook)
    if isinstance(record, PlannedSeats):
        return objects_of(record.licence)
    found = of_kind(str(record._meta.verbose_name), [record.pk])
    if isinstance(record, Licence):
        keys = list(record.keys.values_list("pk", flat=True)[:MOST_BENEATH])
        devices = list(record.devices.values_list("pk", flat=True)[:MOST_BENEATH])
        rules = list(record.access_rules.values_list("pk", flat=True)[:MOST_BENEATH])
        found |= of_kind("product key", keys) | of_kind("device", devices)
        found |= of_kind("access rule", rules) | sessions_of(Q(licence=record))
    if isinstance(record, ProductKey):
        found |= sessions_of(Q(key=record))
        if record.supersedes_id:
            found |= of_kind("product key", [record.supersedes_id])
    return found


def of_kind(kind: str, ids: Sequence[object]) -> Q:
    """Entries about these objects."""
    return Q(object_kind=kind, object_id__in=[str(one) for one in ids])


def sessions_of(wanted: Q) -> Q:
    """Entries about the last sessions of a licence or a key."""
    found = ClientSession.every.filter(wanted).order_by("-started_at")
    return of_kind("client session", list(found.values_list("pk", flat=True)[:MOST_BENEATH]))


def note(record: Model, words: str, reason: str, by: User) -> str:
    """The address of the entry that an act has left just now; of what has no account, a user or
    the catalogue, it is left here."""
    account = account_of(record)
    if account is None:
        staff_history.note(record, f"{words} {reason}", by=by)
        meta = record._meta
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[record.pk])
    return reverse("support:account_audit", args=[account.pk], fragment=f"entry-{last(account)}")


def last(account: Account) -> int:
    """The number of the last entry in an account's record."""
    return account.audit_entries.latest("number").number
