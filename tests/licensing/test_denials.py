"""Every refused check-out is written down, folded."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F

from licensing import denials, errors, sessions
from licensing.models import Denial
from tests.factories import make_client, make_session

pytestmark = pytest.mark.django_db


def refuse(key, client) -> None:
    with pytest.raises(errors.LicensingError):
        sessions.check_out(key, client)


def test_says_who_was_refused_why_and_how_full_it_was(pool):
    make_session(pool)
    make_session(pool)
    client = make_client()

    refuse(pool, client)

    denial = Denial.objects.get()
    assert (denial.code, denial.machine_name, denial.username) == (
        "pool_exhausted",
        client.machine_name,
        client.username,
    )
    assert (denial.seats, denial.in_use, denial.count) == (2, 2, 1)
    assert (denial.account, denial.licence, denial.key_id) == (pool.account, pool.licence, pool.pk)


def test_asking_again_within_ten_minutes_only_counts(pool):
    client = make_client(version="15")

    for _ in range(3):
        refuse(pool, client)

    assert list(Denial.objects.values_list("count", flat=True)) == [3]


def test_another_person_or_another_reason_is_another_row(pool):
    client = make_client(version="15")
    refuse(pool, client)
    refuse(pool, make_client(version="15"))
    type(pool.licence).objects.update(state="suspended")
    pool.licence.refresh_from_db()
    refuse(pool, client)

    assert Denial.objects.count() == 3


def test_later_than_ten_minutes_is_another_row(pool):
    client = make_client(version="15")
    refuse(pool, client)
    Denial.objects.update(folded_from=F("folded_from") - dt.timedelta(minutes=10))

    refuse(pool, client)

    assert Denial.objects.count() == 2


def test_of_a_key_that_is_not_ours_belongs_to_nobody(db):
    client = make_client()

    for _ in range(2):
        denials.record(None, client, errors.KeyInvalid())

    assert list(Denial.objects.values_list("account", "licence", "count")) == [(None, None, 2)]
