"""Acts that are cut off at one statement after the other, as when their process is killed."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError, connection

from licensing.models import (
    AuditEntry,
    ClientSession,
    Device,
    FeatureSeat,
    Hold,
    LateFact,
    Licence,
    LicenceFeature,
    LimitChange,
    PlannedSeats,
    ProductKey,
    Seat,
)

MOST_STATEMENTS = 100
TABLES = [
    model._meta.db_table
    for model in (
        AuditEntry, ClientSession, Device, FeatureSeat, Hold, LateFact, Licence, LicenceFeature,
        LimitChange, PlannedSeats, ProductKey, Seat,
    )
]  # fmt: skip


@pytest.fixture
def cut_before(monkeypatch):
    """Ends the connection instead of sending a statement, whose number from now it is told."""
    wait = psycopg.Connection.wait
    left = iter(())

    def wait_or_die(self, *arguments, **options):
        if next(left, None) == 1:
            self.pgconn.finish()
        return wait(self, *arguments, **options)

    def count_down(number):
        nonlocal left
        left = iter(range(number, 0, -1))

    monkeypatch.setattr(psycopg.Connection, "wait", wait_or_die)
    return count_down


def facts(account):
    """All of an account that an act may change."""
    ours = {"licence__account": account}
    return {
        "sessions": sorted(ClientSession.objects.filter(**ours).values_list("end_reason")),
        "every session": ClientSession.every.filter(**ours).count(),
        "seats": sorted(
            (seat.session_id is None, seat.draining) for seat in Seat.objects.filter(**ours)
        ),
        "features": FeatureSeat.objects.filter(
            licence_feature__licence__account=account, session__isnull=False
        ).count(),
        "included": sorted(
            LicenceFeature.objects.filter(**ours).values_list("feature__code", "seats")
        ),
        "keys": sorted(ProductKey.objects.filter(**ours).values_list("state")),
        "devices": sorted(Device.objects.filter(**ours).values_list("unbinding")),
        "licences": sorted(account.licences.values_list("name", "state", "seats")),
        "holds": Hold.objects.filter(licence__account=account).count(),
        "limits": list(LimitChange.objects.filter(**ours).values_list("seats", flat=True)),
        "late": LateFact.objects.filter(**ours).count(),
        "acts": list(AuditEntry.objects.filter(account=account).values_list("action", flat=True)),
    }


def sums_of_rows():
    """A sum over each table, by one statement: while none changes, no fact does."""
    sums = [f"(SELECT sum(hashtext(t::text)::bigint) FROM {table} t)" for table in TABLES]
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(sums))
        return cursor.fetchone()


def wait_for_end_of(process):
    """Until this process of PostgreSQL has ended.

    Of an act that was cut off it may still hold rows, which the next would leave out.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(%s, 10000)", [process])


def half_done(prepare, cut_before):
    """What an act leaves that is cut off at one of its statements, where that is wrong."""
    (account, act), left = prepare(), []
    before, sums = facts(account), sums_of_rows()
    for number in range(1, MOST_STATEMENTS):
        process = connection.connection.info.backend_pid
        cut_before(number)
        try:
            act()
            break
        except OperationalError:
            connection.close()
            wait_for_end_of(process)
            if sums_of_rows() != sums and (found := facts(account)) != before:
                left.append(found)
                account, act = prepare()
                sums = sums_of_rows()
    cut_before(0)
    after = facts(account)
    assert after != before
    return [found for found in left if found != after]
