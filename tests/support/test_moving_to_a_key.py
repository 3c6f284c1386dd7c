"""From an old key to the new one: which key, handing it over, following machines, the end."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import errors, keys, sessions
from licensing.models import AuditEntry
from portal.models import Role
from tests.factories import TESTER, AccountFactory, MembershipFactory, make_client, make_pool
from tests.factories import make_session as open_session
from tests.kept import kept
from tests.support.acting import READ, address, check, confirm, do, foretold, record, text_of, told


@kept
def moving():
    """The old key and the new one: of three machines one has moved, and one was closed."""
    old = make_pool(10, name="London planners", account=AccountFactory(name="Hill & Dale"))
    open_session(old, make_client(machine_name="CAD-OPEN", username="tom"))
    closed = open_session(old, make_client(machine_name="CAD-CLOSED", username="ann"))
    moved = open_session(old, make_client(machine_name="CAD-MOVED"))
    sessions.close(closed.pk)
    sessions.close(moved.pk)
    new, _ = keys.reissue(old, by=TESTER, overlap=dt.timedelta(days=7))
    open_session(keys.find(new.serial_number), make_client(machine_name="CAD-MOVED"))
    old.refresh_from_db()
    return old, new


def test_a_licence_tells_where_each_of_its_keys_is_used(support, moving):
    old, new = moving
    unused, _ = keys.issue(old.licence, by=TESTER)

    blocks = {block.name: block for block in support.get(record(old.licence)).context["beneath"]}

    use = {row.record: (row.use.machines, row.use.running) for row in blocks["keys"].rows}
    assert use == {old: (3, 1), new: (1, 1), unused: (0, 0)}


@pytest.mark.parametrize("which", [0, 1])
def test_either_key_tells_who_is_left_on_the_old_one(support, moving, which):
    page = support.get(record(moving[which]))

    followed = page.context["following"]
    assert "1 of 3 machines on the new key." in text_of(page)
    assert {seen.machine_name: seen.running for seen in followed.left} == {
        "CAD-OPEN": 1,
        "CAD-CLOSED": 0,
    }
    assert address("productkey", "end-overlap", moving[0]) in page.text


def test_nobody_is_left_on_a_key_that_nothing_replaces(support, moving):
    old, new = moving
    keys.revoke(new, by=TESTER)
    alone, _ = keys.issue(old.licence, by=TESTER)
    open_session(keys.find(alone.serial_number), make_client(machine_name="CAD-OPEN"))
    keys.revoke(alone, by=TESTER)

    assert support.get(record(alone)).context["following"] is None


def test_support_ends_an_overlap(support, moving):
    old, _ = moving
    page = support.get(address("productkey", "end-overlap", old))
    words = told(confirm(support, page))

    assert foretold(page) == [
        "Not seen on the new key yet, of those of the last 30 days: 2 machines.",
        "1 is running now and keeps working until closed.",
        "From now on this key no longer starts the program. Machines need the new key.",
    ]
    assert words == [f"The overlap of {old} has ended: it starts the program no more."]
    assert AuditEntry.objects.get(action="overlap_ended").reason == READ
    with pytest.raises(errors.KeySuperseded):
        sessions.check_out(keys.find(old.serial_number), make_client())


def test_an_overlap_is_ended_once_and_where_there_is_one(support, moving):
    old, new = moving
    page = support.get(address("productkey", "end-overlap", old))
    confirm(support, page)

    assert told(confirm(support, page))[-1] == f"{old} is in no overlap that could be ended."
    assert support.get(address("productkey", "end-overlap", new)).status_code == 409
    assert "End overlap now" not in support.get(record(old)).text


def test_a_key_tells_how_it_is_handed_over_and_never_what_it_is(support, moving):
    _, new = moving
    MembershipFactory(account=new.account, role=Role.OWNER)

    page = support.get(record(new))

    told = text_of(page)
    assert f"/licences/{new.licence_id}/keys/{new.pk}/" in told
    assert f"/licences/{new.licence_id}/deployment/" in told
    assert "Not mailed by hand yet." in told
    assert "London planners has a new product key, with the serial number" in told
    assert "The old key works too, until" in told
    assert "London planners hat einen neuen Produktschlüssel" in told
    assert keys.reveal(new, by=TESTER) not in page.text
    do(support, "productkey", "hand-over", new)
    assert "Mailed last" in text_of(support.get(record(new)))


def test_an_old_key_is_not_handed_over(support, moving):
    assert support.get(record(moving[0])).context["handing_over"] is None


def test_the_new_key_is_where_one_lands(support, moving):
    _, new = moving
    page = check(support, "productkey", "reissue", new, overlap="0")
    landed = support.get(confirm(support, page).headers["Location"])

    assert landed.context["handing_over"] is not None
    assert landed.context["following"].old == new
