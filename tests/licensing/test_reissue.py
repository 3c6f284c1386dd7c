from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from django.db import IntegrityError
from django.db.models import QuerySet
from django.db.models.expressions import RawSQL

from licensing import errors, keys, sessions
from licensing.models import AuditEntry, ProductKey
from tests.factories import TESTER, ago, make_client, make_pool, make_session
from tests.licensing.races.together import at_once


def test_the_new_key_opens_the_same_pool(pool):
    make_session(pool)

    new, plain = keys.reissue(pool, by=TESTER)

    make_session(keys.authenticate(new.serial_number, plain))
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(new, make_client())


def test_the_old_key_opens_nothing_but_its_session_goes_on(pool):
    session = make_session(pool)

    keys.reissue(pool, by=TESTER)

    with pytest.raises(errors.KeySuperseded):
        sessions.check_out(keys.find(pool.serial_number), make_client())
    assert sessions.refresh(session.pk).session_id == session.pk


def test_in_the_overlap_both_keys_open_sessions(pool):
    new, _ = keys.reissue(pool, by=TESTER, overlap=dt.timedelta(days=7))

    make_session(keys.find(pool.serial_number))
    make_session(keys.find(new.serial_number))

    pool.refresh_from_db()
    assert pool.state == "superseded"


def test_when_the_overlap_has_ended_only_the_new_one_does(pool):
    keys.reissue(pool, by=TESTER, overlap=dt.timedelta(days=7))
    ProductKey.objects.filter(pk=pool.pk).update(superseded_at=ago(seconds=1))

    with pytest.raises(errors.KeySuperseded):
        sessions.check_out(keys.find(pool.serial_number), make_client())


def test_keeps_the_label(pool):
    ProductKey.objects.filter(pk=pool.pk).update(label="London office")

    new, _ = keys.reissue(pool, by=TESTER)
    newer, _ = keys.reissue(new, by=TESTER, label="Leeds office")

    assert (new.label, newer.label) == ("London office", "Leeds office")


def test_leaves_an_entry_without_the_product_key(pool):
    new, _ = keys.reissue(pool, by=TESTER, reason="Leak suspected")

    entry = AuditEntry.objects.get(action="key_reissued")
    pool.refresh_from_db()
    assert (entry.object_name, entry.reason, entry.details) == (
        new.serial_number,
        "Leak suspected",
        {
            "supersedes": pool.serial_number,
            "superseded_at": pool.superseded_at.isoformat(),
        },
    )


def test_a_revoked_key_is_not_replaced(pool):
    keys.revoke(pool, by=TESTER)

    with pytest.raises(errors.AlreadyDone, match="has been revoked already"):
        keys.reissue(pool, by=TESTER)


@pytest.mark.parametrize("overlap", [dt.timedelta(seconds=-1), dt.timedelta(days=30, seconds=1)])
def test_an_overlap_is_up_to_30_days(pool, overlap):
    with pytest.raises(errors.InvalidOperation, match="up to 30 days"):
        keys.reissue(pool, by=TESTER, overlap=overlap)


def reissue_twice_at_once(key):
    def reissue():
        try:
            return keys.reissue(key, by=TESTER)
        except IntegrityError as collision:
            return collision

    first, second = at_once(reissue, partial(reissue))
    return {type(first), type(second)}


@pytest.mark.django_db(transaction=True)
def test_of_two_who_reissue_at_once_one_is_told_so():
    key = make_pool()

    assert reissue_twice_at_once(key) == {tuple, errors.AlreadyDone}
    assert ProductKey.objects.filter(supersedes=key).count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.slow
def test_control_without_the_lock_only_the_schema_is_left(monkeypatch):
    look_slowly = RawSQL("pg_sleep(0.1)::text", ())
    monkeypatch.setattr(
        QuerySet, "select_for_update", lambda queryset, **_: queryset.annotate(slow=look_slowly)
    )
    key = make_pool()

    assert reissue_twice_at_once(key) == {tuple, IntegrityError}
    assert ProductKey.objects.filter(supersedes=key).count() == 1
