"""Where a key is used, and who still uses an old one."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import keys, sessions, sightings
from licensing.models import ProductKey
from tests.factories import TESTER, make_client, make_pool, make_session

pytestmark = pytest.mark.django_db


def use(key, machine_name: str, ago: dt.timedelta = dt.timedelta()):
    session = make_session(key, make_client(machine_name=machine_name), refreshed=ago)
    sessions.close(session.pk)


@pytest.fixture
def key():
    key = make_pool(20)
    ProductKey.objects.update(created_at=key.created_at - dt.timedelta(days=200))
    key.refresh_from_db()
    return key


def test_each_machine_is_one_row_with_first_and_last_time(key):
    use(key, "CAD-1", dt.timedelta(days=3))
    use(key, "cad-1")
    make_session(key, make_client(machine_name="CAD-2"))

    rows = sightings.machines(key)

    assert [(row.machine, row.running) for row in rows] == [("cad-2", 1), ("cad-1", 0)]
    assert rows[1].last_seen_at - rows[1].first_seen_at >= dt.timedelta(days=3)


def test_use_of_keys_tells_them_apart_by_age(key):
    use(key, "CAD-1", dt.timedelta(days=40))
    use(key, "CAD-2", dt.timedelta(days=20))
    use(key, "CAD-3", dt.timedelta(days=20))
    use(key, "cad-3")
    other, _ = keys.issue(key.licence, by=TESTER)
    use(keys.find(other.serial_number), "CAD-1")

    assert sightings.use_of_keys(key.licence) == {
        key.pk: sightings.KeyUse(
            ever=frozenset({"cad-1", "cad-2", "cad-3"}),
            of_late=frozenset({"cad-2", "cad-3"}),
            this_week=frozenset({"cad-3"}),
        ),
        other.pk: sightings.KeyUse(*[frozenset({"cad-1"})] * 3),
    }


def test_stragglers_have_not_used_the_new_key(key):
    for machine in ("CAD-1", "CAD-2", "CAD-3"):
        use(key, machine)
    use(key, "OLD-1", dt.timedelta(days=40))
    new, _ = keys.reissue(key, by=TESTER, overlap=dt.timedelta(days=7))
    use(keys.find(new.serial_number), "CAD-2")
    use(keys.find(new.serial_number), "NEW-1")
    use(make_pool(2), "CAD-1")

    assert sorted(row.machine for row in sightings.stragglers(key)) == ["cad-1", "cad-3"]
    assert len(sightings.machines(key, since=sightings.RECENT)) == 3


def test_a_machine_whose_session_went_on_with_the_new_key_has_moved(key):
    """A program that crashed asks with the key that was rolled out meanwhile."""
    crashed, other = make_client(machine_name="CAD-1"), make_client(machine_name="CAD-2")
    make_session(key, crashed)
    make_session(key, other)
    new, _plain = keys.reissue(key, by=TESTER, overlap=dt.timedelta(days=7))
    make_session(new, crashed)
    make_session(new, make_client(machine_name="CAD-3"))

    used = sightings.use_of_keys(key.licence)

    assert {seen.machine for seen in sightings.machines(key)} == {"cad-1", "cad-2"}
    assert [seen.machine for seen in sightings.stragglers(key)] == ["cad-2"]
    assert used[key.pk].of_late == {"cad-1", "cad-2"}
    assert used[new.pk].of_late == {"cad-1", "cad-3"}


def test_many_new_machines_in_a_week_are_flagged(key):
    for number in range(10):
        use(key, f"CAD-{number}", dt.timedelta(days=20))
        use(key, f"OLD-{number}", dt.timedelta(days=100))
    for machine in ("CAD-0", "NEW-0", "NEW-1", "NEW-2", "NEW-3"):
        use(key, machine)
    assert not sightings.is_used_widely(key)
    assert sightings.used_widely(key.account) == []

    use(key, "NEW-4")

    assert sightings.new_machines(key) == 5
    assert sightings.is_used_widely(key)
    assert sightings.used_widely(key.account) == [(key, 5)]


def test_usual_growth_is_not_flagged(key):
    for number in range(16):
        use(key, f"CAD-{number}", dt.timedelta(days=10 + 3 * number))

    for number in range(5):
        use(key, f"NEW-{number}")

    assert not sightings.is_used_widely(key)
    assert sightings.used_widely(key.account) == []


def test_a_key_being_rolled_out_is_not_flagged():
    key = make_pool(20)
    for number in range(9):
        use(key, f"CAD-{number}")

    assert not sightings.is_used_widely(key)
    assert sightings.used_widely(key.account) == []
