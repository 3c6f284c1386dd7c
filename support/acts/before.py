"""What an act that is refused tells besides: who did it before, when, and what took its place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Model

from licensing.models import AuditEntry
from support.acts.whose import account_of
from support.words import moment


@dataclass(frozen=True)
class Before:
    """Who did it and when, in a sentence; ``instead`` is the record that took the place."""

    words: str = ""
    instead: Any = None


def nothing_before(record: Any) -> Before:
    """The refusal says all."""
    return Before()


def done_by(record: Model, action: str, did: str) -> str:
    """``Anna Kowalski revoked it on Tue 1 Dec, 09:00 GMT.``, by the audit record; "" if that
    tells of no such thing."""
    kind, account = str(record._meta.verbose_name), account_of(record)
    about = AuditEntry.objects.filter(account=account, object_kind=kind, object_id=str(record.pk))
    last = about.filter(action=action).first()
    if last is None or account is None:
        return ""
    return f"{last.actor_name} {did} it on {moment(last.at, account)}."
