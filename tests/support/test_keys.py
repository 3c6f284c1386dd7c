"""What staff do to product keys, devices and access rules, and what a key's record shows."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import devices, keys, rules, sessions
from licensing.models import AccessRule, AuditEntry, Device, ProductKey
from support.acts.hand_over import NOBODY
from support.words import moment
from tests.factories import (
    TESTER,
    ago,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.support.acting import READ, address, check, confirm, do, foretold, record, told, wrong


@pytest.fixture
def device(db):
    """A device whose program is open."""
    key = make_single_user(name="Estimator")
    make_session(key, make_client(machine_name="LAPTOP-7"))
    return Device.objects.get()


def test_reissuing_tells_who_uses_the_key(support, pool):
    make_session(pool)
    gone = make_session(pool)
    sessions.close(gone.pk)

    page = check(support, "productkey", "reissue", pool, overlap="168")

    used, stops, hand_over = foretold(page)
    assert used == (
        "2 machines used this key in 30 days. 1 is running now and keeps working until closed."
    )
    assert stops.endswith("GMT this key no longer starts the program; until then both keys do.")
    assert hand_over == NOBODY
    assert ProductKey.objects.count() == 1


def test_support_reissues_with_overlap(support, pool):
    words = do(support, "productkey", "reissue", pool, overlap="other", days="30")

    new = ProductKey.objects.get(supersedes=pool)
    pool.refresh_from_db()
    assert words == [f"{new} replaces {pool}, which is superseded, not revoked. {NOBODY}"]
    assert dt.timedelta(days=29) < pool.superseded_at - new.created_at < dt.timedelta(days=31)
    assert AuditEntry.objects.get(action="key_reissued").reason == READ


def test_a_leaked_key_is_replaced_at_once_with_its_sessions(support, pool):
    session = make_session(pool)

    page = check(support, "productkey", "reissue", pool, overlap="0", end_sessions="on")
    confirm(support, page)

    assert foretold(page) == [
        "1 machine used this key in 30 days. 1 is running now.",
        "From now on this key no longer starts the program: every PC needs the new key at "
        "its next start. Send it out first.",
        "Seats that come back at once: 1. The programs stay open.",
        NOBODY,
    ]
    session.refresh_from_db()
    assert session.end_reason == "key_revoked"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({}, "overlap"),
        ({"overlap": "other"}, "days"),
        ({"overlap": "other", "days": "31"}, "days"),
        ({"overlap": "other", "days": "-1"}, "days"),
        ({"overlap": "9999"}, "overlap"),
    ],
)
def test_an_impossible_overlap_is_refused(support, pool, asked, field):
    page = check(support, "productkey", "reissue", pool, **asked)

    assert list(wrong(page)) == [field]
    assert ProductKey.objects.count() == 1


def test_a_second_press_makes_no_second_key(support, pool):
    page = check(support, "productkey", "reissue", pool, overlap="24")
    confirm(support, page)

    new = ProductKey.objects.get(supersedes=pool)
    at = moment(AuditEntry.objects.get(action="key_reissued").at, pool.account)
    refused = (
        f"{pool}: This key has been superseded already. Anna Kowalski &lt;anna@vendor.example&gt; "
        f"replaced it on {at}."
    )
    assert told(confirm(support, page))[-1] == refused
    opened = support.get(address("productkey", "reissue", pool))
    assert opened.status_code == 409
    assert f'{refused} <a href="{record(new)}">{new}</a>' in opened.text
    assert ProductKey.objects.count() == 2


def test_a_revoked_key_is_not_reissued(support, pool):
    keys.revoke(pool, by=TESTER)

    assert support.get(address("productkey", "reissue", pool)).status_code == 409
    [refused] = do_refused(support, "reissue", pool)
    assert f"{pool}: This key has been revoked already. {TESTER.name} revoked it on" in refused


def do_refused(client, act, key):
    return told(check(client, "productkey", act, key, overlap="0"))[-1:]


def test_the_new_product_key_is_not_shown(support, pool):
    page = check(support, "productkey", "reissue", pool, overlap="24")
    answer = support.get(confirm(support, page).headers["Location"])

    new = ProductKey.objects.get(supersedes=pool)
    plain = keys.reveal(new, by=TESTER)
    assert plain not in page.text + answer.content.decode()


def test_support_revokes_a_key(support, pool):
    assert do(support, "productkey", "revoke", pool) == [f"Revoked {pool}."]
    assert ProductKey.objects.get().state == "revoked"
    [refused] = do_refused(support, "revoke", pool)
    assert refused.startswith(f"{pool}: This key has been revoked already. Anna Kowalski <")


def test_support_ends_the_sessions_of_a_key(support, pool):
    make_session(pool)

    assert do(support, "productkey", "end-sessions", pool) == [f"{pool}: sessions ended: 1."]
    assert do_refused(support, "end-sessions", pool) == [f"{pool} has no open session."]


def test_a_key_that_spreads_is_flagged(support):
    key = make_pool()
    ProductKey.objects.update(created_at=ago(days=60))
    for _ in range(5):
        make_session(key)

    page = support.get(record(key)).text

    assert "Yes: 5 new machines in 7 days, far more than before. It may have leaked." in page


def test_support_frees_a_device_however_often_it_moved(support, device):
    page = support.get(address("device", "free", device))

    assert foretold(page)[0].startswith("It holds the seat now; last heard of ")
    assert told(confirm(support, page)) == ["Freed LAPTOP-7: another device can use Estimator."]
    assert Device.objects.get().unbinding == "freed"


def test_support_writes_off_a_lost_laptop(support, device):
    page = support.get(address("device", "write-off", device))
    words = told(confirm(support, page))

    still_runs = foretold(page)[1]
    assert still_runs.startswith("LAPTOP-7 may still run until ")
    assert words == [f"Wrote off LAPTOP-7: another device can use Estimator. {still_runs}"]
    assert AuditEntry.objects.get(action="device_written_off").reason == READ


def test_a_device_that_has_moved_is_told_apart(support, device):
    page = support.get(address("device", "free", device))
    devices.write_off(device, by=TESTER)

    (words,) = told(confirm(support, page))

    assert words.startswith("LAPTOP-7 was written off on ")
    assert Device.objects.get().unbinding == "written_off"


def test_support_lifts_a_rule(support, pool):
    rule = rules.add(pool.account, rules.NewRule(username="jsmith"), by=TESTER)

    page = support.get(address("accessrule", "lift", rule))
    answer = confirm(support, page)

    assert foretold(page) == [
        f"Whom it barred from any licence of {pool.account} can start the program again, "
        "unless another rule bars them."
    ]
    assert told(answer) == ["Lifted: Block jsmith on any machine."]
    assert not AccessRule.objects.current().exists()
    assert support.get(address("accessrule", "lift", rule)).status_code == 409


def test_a_hand_over_says_when_nobody_used_the_old_key(support, pool):
    do(support, "productkey", "reissue", pool, overlap="168")

    page = support.get(record(pool))

    assert "No machine used the old key in 30 days." in page.text
    assert "Every machine of the last 30 days" not in page.text
