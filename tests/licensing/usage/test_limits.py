"""Limits are kept from when on they hold."""

from __future__ import annotations

import datetime as dt
import importlib

import pytest
from django.db import connection

from licensing import clock, licences
from licensing.licences import Order
from licensing.models import AuditEntry, Licence, LicenceFeature, LimitChange
from licensing.usage import limits
from tests.factories import TESTER, ago, make_pool

pytestmark = pytest.mark.django_db

HOUR = dt.timedelta(hours=1)
LONG_AGO, FAR_OFF = dt.datetime(2000, 1, 1, tzinfo=dt.UTC), dt.datetime(2100, 1, 1, tzinfo=dt.UTC)
SO_FAR = importlib.import_module("licensing.migrations.0027_limits_so_far")


def seats_of(licence, since=LONG_AGO, until=FAR_OFF):
    return [limit.seats for limit in limits.of_licence(licence, since, until)]


def test_a_licence_has_one_from_its_issue_and_one_from_each_change():
    licence = make_pool(8).licence
    licences.set_seats(licence, 10, by=TESTER)
    licences.set_seats(licence, 10, by=TESTER)
    licences.set_seats(licence, 6, by=TESTER)

    assert seats_of(licence) == [8, 10, 6]
    assert LimitChange.objects.count() == 3


def test_those_of_a_range_begin_with_the_one_in_force():
    licence = make_pool(8).licence
    LimitChange.objects.update(since=ago(hours=5))
    licences.set_seats(licence, 10, by=TESTER)
    LimitChange.objects.filter(seats=10).update(since=ago(hours=3))
    licences.set_seats(licence, 6, by=TESTER)
    now = clock.database_time()

    assert [
        seats_of(licence, now - since * HOUR, now - until * HOUR)
        for since, until in ((9, 6), (9, 4), (4, 2), (2, 1), (2, 0), (-1, -2))
    ] == [[], [8], [8, 10], [10], [10, 6], [6]]


def test_of_two_at_one_moment_the_later_holds():
    licence = make_pool(8).licence
    licences.set_seats(licence, 9, by=TESTER)
    licences.set_seats(licence, 8, by=TESTER)
    LimitChange.objects.update(since=ago(hours=1))

    assert seats_of(licence) == [8]


def test_a_feature_has_its_own():
    """Or its licence's, while it is not limited."""
    licence = make_pool(8, features=["4d:2", "bim"]).licence
    of_code = {item.feature.code: item for item in LicenceFeature.objects.filter(licence=licence)}

    assert [
        [limit.seats for limit in limits.of_feature(of_code[code], LONG_AGO, FAR_OFF)]
        for code in ("4d", "bim")
    ] == [[2], [8]]
    assert seats_of(licence) == [8]


def test_before_its_first_there_is_none():
    licence = make_pool(8, features=["4d:2"]).licence
    included = LicenceFeature.objects.get(licence=licence)
    before = licence.created_at - 2 * HOUR, licence.created_at - HOUR

    assert seats_of(licence, *before) == []
    assert limits.of_feature(included, *before) == []


def test_a_feature_that_is_limited_later_has_its_licences_until_then():
    licence = make_pool(8, features=["4d:2"]).licence
    included = LicenceFeature.objects.get(licence=licence)
    LimitChange.objects.all().delete()
    now = clock.database_time()
    told = [(None, 8, 9), (included.feature, None, 7), (None, 10, 6), (included.feature, 2, 4)]
    for feature, seats, hours in told:
        since = now - hours * HOUR
        LimitChange.objects.create(licence=licence, feature=feature, seats=seats, since=since)

    assert [
        ((now - limit.start) // HOUR, limit.seats)
        for limit in limits.of_feature(included, LONG_AGO, now)
    ] == [(7, 8), (6, 10), (4, 2)]


def test_a_lease_and_what_replaces_it_have_theirs():
    order = Order(account_name="Hill & Dale", seats=2, features=["4d:1"])
    lease, _ = licences.take_over_lease(order, by=TESTER)
    key, _ = licences.reactivate_lease(lease.licence, by=TESTER)

    assert (seats_of(lease.licence), seats_of(key.licence)) == ([2], [2])
    assert LimitChange.objects.exclude(feature=None).count() == 2


def derive():
    LimitChange.objects.all().delete()
    with connection.cursor() as cursor:
        for operation in SO_FAR.Migration.operations:
            cursor.execute(operation.sql)


def test_what_the_record_tells_is_taken_from_it():
    licence = make_pool(8, features=["4d:2"]).licence
    licences.set_seats(licence, 10, by=TESTER)
    licences.set_seats(licence, 6, by=TESTER)
    untold = make_pool(3).licence
    changes = AuditEntry.objects.filter(action="seats_changed").order_by("number")

    derive()

    of_licence = LimitChange.objects.filter(licence=licence, feature=None).order_by("pk")
    assert list(of_licence.filter(is_derived=True).values_list("seats", "since")) == [
        (8, Licence.objects.get(pk=licence.pk).created_at),
        *((entry.details["after"], entry.at) for entry in changes),
    ]
    assert [change.seats for change in of_licence.filter(is_derived=False)] == [6]
    assert (seats_of(licence), seats_of(untold)) == ([8, 10, 6], [3])
    of_feature = LimitChange.objects.exclude(feature=None)
    assert sorted(of_feature.values_list("seats", "is_derived")) == [(2, False), (2, True)]
