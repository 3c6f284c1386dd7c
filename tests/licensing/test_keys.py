"""Serial numbers and product keys."""

from __future__ import annotations

import itertools

import pytest
from django.core.exceptions import PermissionDenied
from hypothesis import given
from hypothesis import strategies as st

from licensing import errors, keys
from licensing.audit import Actor
from licensing.models import AuditEntry, ProductKey
from tests.factories import TESTER

CHARACTERS = st.text(keys.ALPHABET, min_size=28, max_size=28)


def complete(text: str) -> str:
    return text + keys.check_characters(text)


@given(CHARACTERS, st.integers(0, 29), st.sampled_from(keys.ALPHABET))
def test_one_wrong_character_is_found(text, position, character):
    good = complete(text)
    wrong = good[:position] + character + good[position + 1 :]

    assert (keys.normalise_key(wrong) is None) == (wrong != good)


@given(CHARACTERS, st.integers(0, 28))
def test_two_swapped_neighbours_are_found(text, position):
    good = complete(text)
    first, second = good[position : position + 2]
    wrong = good[:position] + second + first + good[position + 2 :]

    assert (keys.normalise_key(wrong) is None) == (wrong != good)


@given(CHARACTERS)
def test_how_it_is_typed_does_not_matter(text):
    key = keys.grouped(complete(text), keys.KEY_GROUP)

    for typed in (key.lower(), key.replace("-", " "), key.replace("-", ""), f" {key}\n"):
        assert keys.normalise_key(typed) == key
    assert keys.normalise_key(key.replace("0", "O").replace("1", "l")) == key


def test_a_product_key_has_128_random_bits_or_more():
    assert 5 * (keys.KEY_LENGTH - 2) >= 128


def test_generated_ones_differ_and_are_well_formed():
    made = {keys.generate(keys.SERIAL_LENGTH, keys.SERIAL_GROUP) for _ in range(100)}

    assert len(made) == 100
    assert {keys.normalise_serial(serial) for serial in made} == made


@pytest.mark.django_db
def test_the_pair_opens_its_licence(pool):
    assert keys.authenticate(pool.serial_number.lower(), pool.plain) == pool


@pytest.mark.django_db
def test_every_other_pair_gets_the_same_answer(pool, single_user):
    serials = [pool.serial_number, "0000-0000-0000", "nonsense", ""]
    secrets = [single_user.plain, keys.generate(30, 5), "nonsense", ""]

    for serial, secret in itertools.product(serials, secrets):
        with pytest.raises(errors.KeyInvalid) as refusal:
            keys.authenticate(serial, secret)
        assert str(refusal.value) == errors.KeyInvalid.message


@pytest.mark.django_db
def test_the_product_key_is_stored_only_encrypted_and_digested(pool):
    stored = ProductKey.objects.values().get(pk=pool.pk)

    assert pool.plain not in str({**stored, "encrypted": bytes(stored["encrypted"])})
    assert stored["last_four"] == pool.plain[-4:]


@pytest.mark.django_db
def test_revealing_it_is_recorded(pool):
    assert keys.reveal(pool, by=TESTER) == pool.plain

    entry = AuditEntry.objects.first()
    assert (entry.action, entry.object_name) == ("key_revealed", pool.serial_number)
    assert pool.plain not in str(entry.__dict__)


@pytest.mark.django_db
def test_nobody_of_the_staff_reads_it(pool):
    with pytest.raises(PermissionDenied):
        keys.reveal(pool, by=Actor("support", "1", "Anna Kowalski <anna@vendor.example>"))

    assert not AuditEntry.objects.filter(action="key_revealed").exists()


@pytest.mark.django_db
def test_a_revoked_key_opens_nothing_and_is_revoked_once(pool):
    keys.revoke(pool, by=TESTER, reason="Leaked")
    pool.refresh_from_db()

    with pytest.raises(errors.KeyRevoked):
        keys.require_usable(pool)
    with pytest.raises(errors.AlreadyDone):
        keys.revoke(pool, by=TESTER)
