"""Lists as files: what stands in them, and who gets them."""

from __future__ import annotations

import datetime as dt
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from licensing import errors, keys, sessions
from licensing.models import AuditEntry
from portal.exports import files
from portal.listings import LISTINGS
from portal.models import AccountPreferences, Role
from tests.factories import TESTER, make_client, make_pool, make_session, make_single_user
from tests.pages import told
from tests.portal.exports.files import content, export, rows_of


def test_is_what_the_view_shows_in_its_order(owner, account, pool):
    for user in ("anna", "bert", "cleo"):
        make_session(pool, make_client(username=user))
    make_session(make_pool(account=account, name="Tender"), make_client(username="dora"))
    make_session(make_pool(), make_client(username="of another account"))

    rows = rows_of(export(owner, query="q=planners&sort=-user"))

    assert [row["User"] for row in rows] == ["cleo", "bert", "anna"]


def test_two_cloned_machines_of_one_name_are_two_rows(owner, pool):
    names = {"username": "ACME\\anna", "machine_name": "IMAGE"}
    clones = {
        str(make_session(pool, make_client(**names, device_id=name)).pk) for name in ("1", "2")
    }

    assert {row["Session id"] for row in rows_of(export(owner))} == clones


def test_is_what_was_ticked(owner, pool):
    first, _second = make_session(pool), make_session(pool)

    [row] = rows_of(export(owner, chosen=[str(first.pk), "no id"]))

    everything = rows_of(export(owner, chosen=[str(first.pk)], all="1"))
    assert (row["Session id"], len(everything)) == (str(first.pk), 2)


def test_licences_have_their_keys_and_devices(owner, account, pool):
    make_session(make_single_user(account=account, name="Estimator"), make_client(username="eva"))

    pooled, single = rows_of(export(owner, "licences"))

    assert (pooled["Name"], pooled["Serial numbers"]) == ("London planners", pool.serial_number)
    assert pooled["Peak, 30 days"] == pooled["In use"]
    assert (pooled["User limit"], pooled["In use"], pooled["Features"]) == ("10", "0", "bim")
    assert (single["Name"], single["Users"], single["In use"]) == ("Estimator", "eva", "1")


def test_is_recorded(owner, session):
    content(export(owner))

    entry = AuditEntry.objects.order_by("pk").last()
    assert entry.details == {"listed": "sessions", "format": "csv", "rows": 1}
    assert told(entry) == "Priya Shah exported 1 session."


def test_viewers_may_and_see_no_name_that_pages_hide(viewer, account, session):

    AccountPreferences.objects.create(account=account, shows_aliases=True)

    [row] = rows_of(export(viewer))

    assert row["User"].startswith("Person ")
    assert row["Machine"].startswith("Machine ")


def today():
    """What asks for the day that the clocks of accounts show at first."""
    day = timezone.localdate(timezone=zoneinfo.ZoneInfo("Europe/London"))
    return {"from": day, "until": day}


NEED_MORE = {"usage_levels", "usage_other_model"}
"""Files that tell of working time, and of four weeks: they have tests of their own."""


FOR_VIEWERS = [
    name
    for name, one in LISTINGS.items()
    if Role.VIEWER.includes(one.role) and name not in NEED_MORE
]


@pytest.mark.slow
def test_no_file_tells_a_viewer_a_real_name(viewer, account, pool):
    client = make_client(username="anna-real", machine_name="CAD-REAL")
    full = make_pool(1, account=account)
    for key in (pool, make_single_user(account=account), full):
        make_session(key, make_client() if key is full else client)
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out(full, client)
    AccountPreferences.objects.create(account=account, shows_aliases=True)

    for listed in FOR_VIEWERS:
        query = {"key": pool.pk} | (today() if listed == "usage_sessions" else {})
        address = reverse(f"portal:export_{listed}", query=query)
        text = content(viewer.post(address, {"format": "csv"})).decode("utf-8-sig")

        assert text.count("\n") > 1, listed
        assert "real" not in text.lower(), listed


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Midway"])
def test_is_named_after_the_readers_day(account, zone):
    with timezone.override(zone):
        name = files.file_name(account, "sessions", "csv", timezone.now())

        assert name == f"brook-co-sessions-{timezone.localdate()}.csv"


def test_another_account_gets_its_own(stranger, session):
    assert rows_of(export(stranger)) == []


def test_an_unknown_kind_is_no_page(owner, session):
    assert export(owner, kind="exe").status_code == 404


def test_the_stragglers_of_a_replaced_key(owner, pool):
    make_session(pool, make_client(machine_name="OLD-1", username="jsmith"))
    moved = make_client(machine_name="MOVED-1")
    make_session(pool, moved)
    new, _plain = keys.reissue(pool, by=TESTER, overlap=dt.timedelta(days=7))
    make_session(new, moved)

    response = owner.post(f"/keys/export/?key={pool.pk}", {"format": "csv"})

    assert [(row["Machine"], row["User"]) for row in rows_of(response)] == [("OLD-1", "jsmith")]


@pytest.mark.parametrize("wanted", ["", "x", "0"])
def test_a_key_that_is_none_of_theirs_has_no_machines(owner, stranger, pool, wanted):
    make_session(pool)

    assert rows_of(owner.post(f"/keys/export/?key={wanted}", {"format": "csv"})) == []
    assert rows_of(stranger.post(f"/keys/export/?key={pool.pk}", {"format": "csv"})) == []
