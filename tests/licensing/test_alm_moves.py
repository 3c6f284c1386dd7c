"""The move from ALM: what an import made, who has started with it, the end of the old codes."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import alm, alm_moves, errors, sessions
from licensing.alm_moves import Started
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.models import Account, AuditEntry, FromAlm, Licence, Product
from tests.factories import (
    TESTER,
    AccountFactory,
    days_from_today,
    make_client,
    make_pool,
    make_session,
)
from tests.kept import kept

pytestmark = pytest.mark.django_db

LIST = "server,product,licences,split,peak\nlon-alm,asta-powerproject,10,London 6; Leeds 4,9\n"
MORE = "server,product,licences\nyork-alm,asta-powerproject,3\n"


def import_list(text):
    planned = alm.plan("Brook & Co", text.encode())
    return [key for key, _ in alm.carry_out(planned, by=TESTER, reason="")]


@kept
def keys():
    """Those of two imports for one account, which has bought a licence besides."""
    make_pool(name="Bought", account=AccountFactory(name="Brook & Co"))
    return [*import_list(LIST), *import_list(MORE)]


def account():
    return Account.objects.get()


def test_all_imports_of_an_account_are_one_move(keys):
    moved = alm_moves.licences_of(account())

    assert [one.name for one in moved] == ["London", "Leeds", "york-alm"]
    was = FromAlm.objects.order_by("pk").values_list("server", "seats", "peak")
    assert list(was) == [("lon-alm", 10, 9), ("lon-alm", 10, 9), ("york-alm", 3, None)]


@pytest.mark.parametrize("peak", ["many", "-1", "9999999999"])
def test_a_peak_that_is_none_is_told_with_its_row(peak):
    text = f"product,licences,peak\nasta-powerproject,3,{peak}\n"
    planned = alm.plan("Brook & Co", text.encode())

    assert [problem.row for problem in planned.problems] == [2]
    assert not planned.orders


def test_machines_are_counted_where_they_started(keys):
    london, _, york = keys
    for machine in ("CAD-1", "CAD-2"):
        make_session(london, make_client(machine_name=machine))
    again = make_session(london, make_client(machine_name="CAD-1", username="ann"))
    sessions.close(again.pk)
    sessions.close(make_session(york).pk)

    assert alm_moves.started(account()) == {
        london.licence_id: Started(machines=2, running=2),
        york.licence_id: Started(machines=1, running=0),
    }


def refuse(key, **client):
    with pytest.raises(errors.VersionNotSupported):
        sessions.check_out(key, make_client(**client))


def test_machines_need_a_later_version_by_what_they_tried_last(keys):
    london, leeds, _ = keys
    refuse(london, machine_name="CAD-OLD", version="15.2")
    refuse(leeds, machine_name="cad-old", version="15.2")
    refuse(london, machine_name="CAD-UPDATED", version="15.2")
    make_session(london, make_client(machine_name="CAD-UPDATED", version="16.1"))
    make_session(leeds, make_client(machine_name="CAD-NEW", version="17.0"))
    make_session(leeds, make_client(machine_name="CAD-BACK", version="17.0"))
    refuse(leeds, machine_name="CAD-BACK", version="15.1")

    [behind] = alm_moves.behind(account())

    assert behind.tried == 4
    assert {(one.machine_name.lower(), one.version) for one in behind.machines} == {
        ("cad-old", "15.2"),
        ("cad-back", "15.1"),
    }
    Product.objects.update(minimum_version="17")
    [behind] = alm_moves.behind(account())
    assert len(behind.machines) == 3


def test_other_licences_are_no_part_of_it(keys):
    bought = Licence.objects.get(name="Bought").keys.get()
    refuse(bought, machine_name="CAD-OLD", version="15.2")
    make_session(bought)

    assert alm_moves.behind(account()) == []
    assert alm_moves.started(account()) == {}


def test_the_end_of_the_old_codes_is_dated_moved_and_taken_back(keys):
    first, second = days_from_today(30), days_from_today(60)
    alm_moves.date_end(account(), on=first, by=TESTER, reason="Agreed")
    alm_moves.date_end(account(), on=second, by=TESTER)
    assert account().alm_codes_end_on == second
    alm_moves.take_end_back(account(), by=TESTER)

    assert account().alm_codes_end_on is None
    entries = AuditEntry.objects.filter(action__startswith="alm_end").order_by("number")
    assert [(one.action, one.details) for one in entries] == [
        ("alm_end_dated", {"on": first.isoformat()}),
        ("alm_end_dated", {"on": second.isoformat(), "before": first.isoformat()}),
        ("alm_end_taken_back", {"on": second.isoformat()}),
    ]


def test_nothing_of_ours_stops_by_it(keys):
    make_session(keys[0])
    alm_moves.date_end(account(), on=days_from_today(0), by=TESTER)
    Account.objects.update(alm_codes_end_on=days_from_today(-9))

    assert make_session(keys[0]).ended_at is None
    assert Licence.objects.filter(state="active").count() == 4


def test_what_cannot_be_dated_is_refused(keys):
    tomorrow = days_from_today(1)
    alm_moves.date_end(account(), on=tomorrow, by=TESTER)

    with pytest.raises(AlreadyDone):
        alm_moves.date_end(account(), on=tomorrow, by=TESTER)
    with pytest.raises(InvalidOperation, match="has passed"):
        alm_moves.date_end(account(), on=tomorrow - dt.timedelta(days=2), by=TESTER)
    with pytest.raises(InvalidOperation, match="no licence that came from ALM"):
        alm_moves.date_end(AccountFactory(), on=tomorrow, by=TESTER)
    with pytest.raises(AlreadyDone):
        alm_moves.take_end_back(AccountFactory(), by=TESTER)
