"""Serial numbers and product keys: how they are made, written, checked, kept and ended.

Both are written in 32 characters without I, L, O and U, in groups, and end in two
check characters, so that a typing error is caught before any network call. Read
as a number in base 32, the last two characters are the remainder of the others
divided by 1021, the largest prime below 32 * 32: every single wrong character
and every swap of neighbours is found.
"""

from __future__ import annotations

import datetime as dt
import functools
import hmac
import re
import secrets
from collections.abc import Iterable

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from licensing import audit, clock, errors, key_rows, pools
from licensing.encryption import decrypt, encrypt
from licensing.hot import fetch_row
from licensing.identity import Proof
from licensing.limits import MOST_ROWS
from licensing.models import Licence, ProductKey
from licensing.models.keys import KeyState
from licensing.names import require_one_line
from licensing.typed import KEY_SHAPE, cleaned

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
MODULUS = 1021
READ_AS = str.maketrans("OIL", "011")
SERIAL_LENGTH, SERIAL_GROUP = 12, 4  # 50 random bits
KEY_LENGTH, KEY_GROUP = 30, 5  # 140 random bits
ALREADY = {
    KeyState.SUPERSEDED: gettext_lazy("This key has been superseded already."),
    KeyState.REVOKED: gettext_lazy("This key has been revoked already."),
}
NOT_FOR_STAFF = "product_key"
"""Why staff are refused a key, as the page that says so knows it."""
NO_OVERLAP, LONGEST_OVERLAP = dt.timedelta(), dt.timedelta(days=30)


def check_characters(text: str) -> str:
    """The two characters that make a typing error in ``text`` show."""
    number = functools.reduce(lambda n, character: n * 32 + ALPHABET.index(character), text, 0)
    remainder = number % MODULUS
    return ALPHABET[remainder // 32] + ALPHABET[remainder % 32]


def generate(length: int, group: int) -> str:
    """Random characters and their check characters, in groups."""
    text = "".join(secrets.choice(ALPHABET) for _ in range(length - 2))
    return grouped(text + check_characters(text), group)


def grouped(text: str, size: int) -> str:
    """``ABCDEFGH`` as ``ABCD-EFGH``."""
    return "-".join(text[start : start + size] for start in range(0, len(text), size))


def normalise(text: str, length: int, group: int) -> str | None:
    """A serial number or product key as stored, or None if it cannot be one.

    Case, blanks and dashes do not matter, nor what mails and documents put in (``typed``);
    O reads as 0, I and L as 1.
    """
    plain = cleaned(text).upper().translate(READ_AS)
    if len(plain) != length or set(plain) - set(ALPHABET):
        return None
    if check_characters(plain[:-2]) != plain[-2:]:
        return None
    return grouped(plain, group)


def normalise_serial(text: str) -> str | None:
    """A serial number as stored, or None if it cannot be one."""
    return normalise(text, SERIAL_LENGTH, SERIAL_GROUP)


def normalise_key(text: str) -> str | None:
    """A product key as stored, or None if it cannot be one."""
    return normalise(text, KEY_LENGTH, KEY_GROUP)


def holds_product_key(text: str) -> bool:
    """Whether a product key seems to be in the text, which then must be neither shown nor kept."""
    return normalise_key(text) is not None or re.search(KEY_SHAPE, text) is not None


def no_product_key(text: str) -> None:
    """The validator of what is kept, shown and mailed: reasons, notes, messages, answers."""
    if holds_product_key(text):
        raise ValidationError(
            _("That is a whole product key. Its last four characters are enough.")
        )


def digest(product_key: str) -> bytes:
    """What is compared: a keyed digest, useless without the server's secret."""
    return hmac.digest(settings.PRODUCT_KEY_DIGEST_KEY.encode(), product_key.encode(), "sha256")


def proof(serial_number: str, product_key: str) -> Proof:
    """What was typed, ready for comparison; raise KeyInvalid when it cannot be a key of ours."""
    serial, secret = normalise_serial(serial_number), normalise_key(product_key)
    if serial is None or secret is None:
        raise errors.KeyInvalid
    return Proof(serial, digest(secret))


def authenticate(serial_number: str, product_key: str) -> ProductKey:
    """The key that this serial number and product key name, with its licence.

    Raise KeyInvalid when they do not belong together or do not exist: one answer,
    so that a stranger learns nothing.
    """
    return proven(proof(serial_number, product_key), find(serial_number))


def proven(proof: Proof, key: ProductKey | None) -> ProductKey:
    """The key with the proof's serial number, if its digest is right too; raise KeyInvalid."""
    if not hmac.compare_digest(proof.digest, bytes(key.digest) if key else b""):
        raise errors.KeyInvalid
    assert key is not None
    return key


def find(serial_number: str) -> ProductKey | None:
    """The key with this serial number, typed in any way, and its licence, or None."""
    serial = normalise_serial(serial_number)
    row = serial and fetch_row(key_rows.FIND_KEY, {"serial_number": serial})
    return key_rows.key_from(row) if row else None


@transaction.atomic
def issue(
    licence: Licence, *, by: audit.Actor, label: str = "", reason: str = ""
) -> tuple[ProductKey, str]:
    """A new key for a licence, and the product key in plain text; raise InvalidOperation for a
    label of several lines."""
    [issued] = issue_all([(licence, label)], by=by, reason=reason)
    return issued


@transaction.atomic
def issue_all(
    wanted: Iterable[tuple[Licence, str]], *, by: audit.Actor, reason: str = ""
) -> list[tuple[ProductKey, str]]:
    """The same for licences of one account, each with the label of its new key."""
    made = []
    for licence, label in wanted:
        require_one_line(label)
        made.append(new_row(licence, by=by, label=label))
    ProductKey.objects.bulk_create((key for key, _ in made), batch_size=MOST_ROWS)
    changes = [(key, {"label": key.label}) for key, _ in made]
    audit.record_all(changes, "key_issued", by=by, reason=reason)
    return made


def new_row(
    licence: Licence, *, by: audit.Actor, label: str, supersedes: ProductKey | None = None
) -> tuple[ProductKey, str]:
    """The row of a new key, to be saved, and the product key in plain text."""
    product_key = generate(KEY_LENGTH, KEY_GROUP)
    key = ProductKey(
        account_id=licence.account_id,
        licence=licence,
        label=label,
        serial_number=generate(SERIAL_LENGTH, SERIAL_GROUP),
        encrypted=encrypt(product_key),
        digest=digest(product_key),
        last_four=product_key[-4:],
        supersedes=supersedes,
        created_by=by.name,
    )
    return key, product_key


@transaction.atomic
def reissue(
    key: ProductKey,
    *,
    by: audit.Actor,
    reason: str = "",
    overlap: dt.timedelta = NO_OVERLAP,
    label: str | None = None,
) -> tuple[ProductKey, str]:
    """A new key in place of this one, and the new product key in plain text.

    The old key opens sessions until the overlap has ended (30 days at most), and no
    session that it opened ends. The new key has the same label unless told otherwise.
    Raise AlreadyDone when the key has been replaced or revoked already.
    """
    if not NO_OVERLAP <= overlap <= LONGEST_OVERLAP:
        raise errors.InvalidOperation(_("The overlap may last up to 30 days."))
    locked = lock(key)
    if locked.state != KeyState.ACTIVE:
        raise errors.AlreadyDone(str(ALREADY[KeyState(locked.state)]))

    locked.state, locked.superseded_at = KeyState.SUPERSEDED, clock.database_time() + overlap
    locked.save(update_fields=["state", "superseded_at"])
    require_one_line(label or "")
    label = locked.label if label is None else label
    new, product_key = new_row(locked.licence, by=by, label=label, supersedes=locked)
    new.save(force_insert=True)

    audit.record(
        new,
        "key_reissued",
        by=by,
        reason=reason,
        supersedes=locked.serial_number,
        superseded_at=locked.superseded_at.isoformat(),
    )
    return new, product_key


def lock(key: ProductKey) -> ProductKey:
    """The key, locked until the transaction ends, and its licence before it.

    A check-out holds its key's row in share. So those on their way are waited for here,
    and those that come now wait, and then look at the key once more.
    """
    pools.lock(key.licence_id)
    return ProductKey.objects.select_for_update().get(pk=key.pk)


@transaction.atomic
def reveal(key: ProductKey, *, by: audit.Actor) -> str:
    """The product key in plain text; that somebody looked at it is recorded.

    Raise PermissionDenied for staff, whatever their role in the account; SecretLost when it was
    encrypted with a key that is gone. Nothing is recorded then.
    """
    if by.kind == "support":
        raise PermissionDenied(NOT_FOR_STAFF)
    audit.record(key, "key_revealed", by=by)
    return decrypt(bytes(key.encrypted))


def require_usable(key: ProductKey) -> None:
    """Raise KeyRevoked or KeySuperseded when the key opens no new session."""
    if key.state == KeyState.REVOKED:
        raise errors.KeyRevoked
    if key.state == KeyState.SUPERSEDED and has_passed(key):
        raise errors.KeySuperseded


def has_passed(key: ProductKey) -> bool:
    """Whether a superseded key's overlap has ended, by the database's clock."""
    return ProductKey.objects.filter(pk=key.pk, superseded_at__lte=Now()).exists()


@transaction.atomic
def revoke(key: ProductKey, *, by: audit.Actor, reason: str = "") -> ProductKey:
    """End a key: nobody opens the software with it any more; open sessions go on. Raise
    AlreadyDone when it has been revoked already."""
    locked = lock(key)
    if locked.state == KeyState.REVOKED:
        raise errors.AlreadyDone(str(ALREADY[KeyState.REVOKED]))
    locked.state, locked.revoked_at = KeyState.REVOKED, clock.database_time()
    locked.save(update_fields=["state", "revoked_at"])
    audit.record(locked, "key_revoked", by=by, reason=reason)
    return locked


@transaction.atomic
def end_overlap(key: ProductKey, *, by: audit.Actor, reason: str = "") -> ProductKey:
    """Let a replaced key open nothing from now on; sessions that it opened go on. Raise
    InvalidOperation when it is in no overlap."""
    locked = lock(key)
    now = clock.database_time()
    until = locked.superseded_at
    if locked.state != KeyState.SUPERSEDED or until is None or until <= now:
        raise errors.InvalidOperation(_("This key is in no overlap that could be ended."))
    locked.superseded_at = now
    locked.save(update_fields=["superseded_at"])
    audit.record(locked, "overlap_ended", by=by, reason=reason, until=until.isoformat())
    return locked


@transaction.atomic
def set_label(key: ProductKey, label: str, *, by: audit.Actor) -> ProductKey:
    """Call a key something else, such as the office that uses it; raise InvalidOperation for a
    label of several lines."""
    require_one_line(label.strip())
    locked = lock(key)
    before, locked.label = locked.label, label.strip()
    if locked.label != before:
        locked.save(update_fields=["label"])
        audit.record(locked, "key_labelled", by=by, before=before, after=locked.label)
    return locked
