"""Product keys found by what a caller reads out of one: its last group, or its last characters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from licensing import keys
from licensing.encryption import decrypt
from licensing.models import ProductKey
from licensing.typed import cleaned
from support.console.called import Called

LAST = 4
"""So many characters of a key are kept to be read."""


@dataclass(frozen=True, kw_only=True)
class CalledKeys(Called):
    """Keys by label and last characters; a whole last group is compared, and shown nowhere."""

    def find(self, rows: QuerySet[Any], words: str, *, widely: bool = False) -> QuerySet[Any]:
        found = super().find(rows, words, widely=widely)
        group = last_group(words)
        if not group:
            return found
        return rows.filter(Q(pk__in=ending_in(group)) | Q(pk__in=found.order_by().values("pk")))

    def reason(self, record: Any, words: str) -> str:
        if last_group(words).endswith(record.last_four):
            return f"ends in {record.last_four}"
        return super().reason(record, words)


def last_group(words: str) -> str:
    """The group of a product key that was read out, as keys have it; "" if it is none."""
    group = cleaned(words).upper().translate(keys.READ_AS)
    is_group = len(group) == keys.KEY_GROUP and not set(group) - set(keys.ALPHABET)
    return group if is_group else ""


def ending_in(group: str) -> list[int]:
    """The ids of the keys that end so."""
    alike = ProductKey.objects.filter(last_four=group[-LAST:]).only("encrypted")
    return [key.pk for key in alike if decrypt(bytes(key.encrypted)).endswith(f"-{group}")]
