"""Every place where secrets are kept encrypted, and what becomes of them when keys change.

The one list of them: a binary column that is new has to be entered here, or in the test
as one that holds no secret. A form that a browser's session keeps while its person confirms
who they are is not listed: it is there for minutes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from django.db.models import Model, QuerySet

from licensing import encryption
from licensing.models import ProductKey
from portal.models import Delivery, SingleSignOn, Webhook

BATCH = 500
Change = Callable[[bytes], bytes]


@dataclass(frozen=True)
class Place:
    """A column in which secrets stand, and how each secret of its value is changed."""

    name: str
    rows: QuerySet[Any]
    column: str
    changed: Callable[[Any, Change], Any]

    @property
    def model(self) -> type[Model]:
        return self.rows.model


@dataclass
class Count:
    """What was found in one place."""

    rows: int = 0
    changed: int = 0
    lost: int = 0


def in_bytes(value: Any, change: Change) -> bytes:
    """A column that is one secret."""
    return change(bytes(value))


def in_authenticator(data: dict[str, Any], change: Change) -> dict[str, Any]:
    """allauth's document: an app's secret, or the seed or list of recovery codes."""
    told = dict(data)
    for name in ("secret", "seed"):
        if name in told:
            told[name] = change(told[name].encode()).decode()
    if codes := told.get("migrated_codes"):
        told["migrated_codes"] = [change(code.encode()).decode() for code in codes]
    return told


PLACES = (
    Place("product keys", ProductKey.objects.all(), "encrypted", in_bytes),
    Place(
        "client secrets of single sign-on",
        SingleSignOn.objects.exclude(encrypted_secret=b""),
        "encrypted_secret",
        in_bytes,
    ),
    Place(
        "authenticator apps and recovery codes",
        Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN),
        "data",
        in_authenticator,
    ),
    Place("secrets of webhooks", Webhook.objects.kept(), "encrypted_secret", in_bytes),
    Place(
        "secrets that webhooks had before",
        Webhook.objects.exclude(encrypted_old_secret=b""),
        "encrypted_old_secret",
        in_bytes,
    ),
    Place("mails that wait", Delivery.objects.waiting(), "content", in_bytes),
)


def values(place: Place) -> Iterator[tuple[Any, Any]]:
    """Each row's id and value, a batch at a time in the order of ids, as short reads."""
    rows = place.rows.order_by("pk").values_list("pk", place.column)
    batch = list(rows[:BATCH])
    while batch:
        yield from batch
        batch = list(rows.filter(pk__gt=batch[-1][0])[:BATCH])


def reencrypt(place: Place) -> Count:
    """Put what stands there under the first key. Rows that are already are left alone.

    A row that somebody changes meanwhile keeps their value, which is under the first key
    if they wrote the secret; else it is done again. May be run again after it was cut off.
    """
    count = Count()
    for pk, value in values(place):
        count.rows += 1
        try:
            count.changed += reencrypt_row(place, pk, value)
        except encryption.SecretLost:
            count.lost += 1
    return count


def reencrypt_row(place: Place, pk: Any, value: Any) -> bool:
    """Put one row's secrets under the first key; False if they were. Raise SecretLost."""
    while True:
        new = place.changed(value, under_first_key)
        if new == same(value):
            return False
        row = place.rows.filter(pk=pk)
        if row.filter(**{place.column: value}).update(**{place.column: new}):
            return True
        found = row.values_list(place.column, flat=True).first()
        if found is None:  # deleted meanwhile
            return False
        value = found


def same(value: Any) -> Any:
    """The value as it compares with what is made of it."""
    return bytes(value) if isinstance(value, memoryview) else value


def under_first_key(stored: bytes) -> bytes:
    """The secret under the first key; itself if it is. Raise SecretLost."""
    if encryption.is_under_first_key(stored):
        return stored
    return encryption.encrypt(encryption.decrypt(stored))


def lost(place: Place) -> list[Any]:
    """The ids of rows whose secrets no key opens."""
    return [pk for pk, value in values(place) if not opens(place, value)]


def opens(place: Place, value: Any) -> bool:
    """Whether our keys open every secret in the value."""
    try:
        place.changed(value, opened)
    except encryption.SecretLost:
        return False
    return True


def opened(stored: bytes) -> bytes:
    """The same, if a key of ours opens it. Raise SecretLost."""
    encryption.decrypt(stored)
    return stored


def older(place: Place) -> int:
    """How many rows need a key behind the first."""
    return sum(place.changed(value, under_first_key) != same(value) for _, value in values(place))
