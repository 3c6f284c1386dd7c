"""The list of licences."""

from __future__ import annotations

import datetime as dt

import pytest
from django.http import QueryDict

from licensing import devices, keys, licences
from licensing.models import Licence, Product
from licensing.models.licences import LicenceState, UsageModel
from portal.licences.listed import POOLS, SINGLE_USER
from portal.licences.query import LicenceList
from portal.words.aliases import Names
from tests.factories import (
    TESTER,
    ago,
    days_from_today,
    make_client,
    make_pool,
    make_session,
    make_single_user,
)
from tests.licensing.usage.past import beginning, session_then


def names(response, section):
    """The names of the licences that a section lists, from top to bottom."""
    return [row.licence.name for row in response.context[section]]


def test_shows_pools_and_single_user_licences_separately_and_no_product_key(owner, account, pool):
    single = make_single_user(account=account, name="Estimator")

    response = owner.get("/licences/")

    assert "Concurrent User Licence Pools" in response.text
    assert "Single User Licences" in response.text
    assert names(response, "pools") == ["London planners"]
    assert names(response, "single") == ["Estimator"]
    assert pool.serial_number in response.text
    assert single.serial_number in response.text
    assert pool.plain not in response.text


def test_shows_limit_use_status_and_term(owner, account):
    key = make_pool(4, account=account, ends_on=days_from_today(10))
    make_session(key)

    text = owner.get("/licences/").text

    assert "<b>1</b> of 4" in text
    assert "Ends soon" in text
    assert days_from_today(10).isoformat() in text


def test_shows_device_and_user_of_a_single_user_licence(owner, account):
    key = make_single_user(account=account)
    session = make_session(key, make_client(machine_name="SITE-09", username="ACME\\ng"))

    response = owner.get("/licences/")

    [row] = response.context["single"]
    assert (row.device.machine_name, row.device.username) == ("SITE-09", "ACME\\ng")
    assert row.last_refreshed == session.refreshed_at


def test_the_latest_of_several_devices_counts(owner, account):
    key = make_single_user(2, account=account, name="Estimator")
    make_single_user(account=account, name="Alpha")
    latest = make_session(key)
    make_session(key, refreshed=dt.timedelta(days=2))

    used, unused = owner.get("/licences/", {"single-sort": "device"}).context["single"]

    assert (used.licence.name, used.last_refreshed) == ("Estimator", latest.refreshed_at)
    assert (unused.licence.name, unused.last_refreshed) == ("Alpha", None)


def test_sorts_devices_by_since_when_they_are_bound(account):
    for name, bound in (("Alpha", 3), ("Beta", 9), ("Gamma", 6)):
        session = make_session(make_single_user(account=account, name=name))
        session.licence.devices.update(bound_at=ago(days=bound))
    make_single_user(account=account, name="Delta")

    query = listed(account, **{"single-sort": "-bound"})
    rows = list(query.page(query.matching, SINGLE_USER))

    assert [row.licence.name for row in rows] == ["Alpha", "Gamma", "Beta", "Delta"]
    assert [bool(row.bound_at) for row in rows] == [True, True, True, False]


def test_a_lease_licence_stands_with_the_single_user_ones(owner, account):
    key = make_single_user(account=account, name="Old lease")
    Licence.objects.filter(pk=key.licence_id).update(usage_model=UsageModel.LEASE)

    response = owner.get("/licences/")

    assert names(response, "single") == ["Old lease"]
    assert '<span class="pill">Lease</span>' in response.text


def test_shows_the_closest_to_full_first(owner, account):
    for name, seats, used in [("Half", 2, 1), ("Empty", 2, 0), ("Full", 1, 1)]:
        key = make_pool(seats, account=account, name=name)
        for _ in range(used):
            make_session(key)

    assert names(owner.get("/licences/"), "pools") == ["Full", "Half", "Empty"]


def test_sorts_by_a_column(owner, account):
    make_pool(9, account=account, name="Alpha")
    beta = make_pool(3, account=account, name="Beta", ends_on=days_from_today(90))
    session_then(beta, beginning(days=3), beginning(days=2))
    sorted_by = {
        "name": ["Alpha", "Beta"],
        "-name": ["Beta", "Alpha"],
        "limit": ["Beta", "Alpha"],
        "-denials": ["Alpha", "Beta"],
        "-peak": ["Beta", "Alpha"],
        "ends": ["Beta", "Alpha"],
        "nonsense": ["Alpha", "Beta"],
    }

    found = {}
    for sort in sorted_by:
        query = listed(account, **{"pools-sort": sort})
        found[sort] = [row.licence.name for row in query.page(query.matching, POOLS)]

    assert found == sorted_by
    assert names(owner.get("/licences/?pools-sort=-name"), "pools") == ["Beta", "Alpha"]


def listed(account, **asked):
    """The list as an address asks for it, without the page around it."""
    parameters = QueryDict(mutable=True)
    parameters.update(asked)
    return LicenceList(account, parameters, Names(account, are_aliases=False))


def test_shows_the_peak_of_thirty_days(owner, account):
    pool = make_pool(4, account=account)
    for days in (3, 4):
        session_then(pool, beginning(days=6), beginning(days))

    page = owner.get("/licences/").text

    assert 'data-figure="2" data-counted="peak">2</a>' in page


def test_finds_by_serial_number_and_by_machine(owner, account, pool):
    key = make_single_user(account=account, name="Estimator")
    make_session(key, make_client(machine_name="SITE-09"))

    by_serial = owner.get("/licences/", {"q": pool.serial_number.lower()})
    by_machine = owner.get("/licences/", {"q": "site-09 estim"})

    assert (names(by_serial, "pools"), names(by_serial, "single")) == (["London planners"], [])
    assert (names(by_machine, "pools"), names(by_machine, "single")) == ([], ["Estimator"])


def test_narrows_to_a_state(owner, account, pool):
    other = make_pool(account=account, name="On hold")
    licences.set_state(other.licence, LicenceState.SUSPENDED, by=TESTER)

    response = owner.get("/licences/", {"state": "suspended"})

    assert names(response, "pools") == ["On hold"]


def test_says_that_nothing_matches(owner, pool):
    text = owner.get("/licences/", {"q": "no such thing"}).text

    assert "No pools match." in text
    assert "Clear filters" in text


def test_names_a_licence_by_its_newest_working_key(owner, pool):
    newer, _ = keys.issue(pool.licence, by=TESTER)
    keys.revoke(newer, by=TESTER)

    [row] = owner.get("/licences/").context["pools"]

    assert row.key == pool


@pytest.mark.slow
def test_shows_fifty_at_a_time(owner, account):
    for number in range(51):
        make_pool(1, account=account, name=f"Pool {number:02}")

    first = owner.get("/licences/")
    after = first.context["pools"].after
    second = owner.get("/licences/", {"pools-after": after, "single-after": after})

    assert len(names(first, "pools")) == 50
    assert names(second, "pools") == ["Pool 50"]


@pytest.mark.parametrize("licences_of_each_kind", [1, 3])
def test_needs_as_many_queries_for_many_licences(
    owner, account, django_assert_num_queries, licences_of_each_kind
):
    for _ in range(licences_of_each_kind):
        make_session(make_pool(account=account, features=["bim"]))
        make_session(make_single_user(account=account, features=["bim"]))

    with django_assert_num_queries(12):
        owner.get("/licences/")


@pytest.fixture
def single(account):
    """Makes a single-user licence that was issued, and opened if ever, so many days ago."""

    def make(name, *, opened=None, issued=100, version="16.0.02", **order):
        key = make_single_user(account=account, name=name, **order)
        Licence.objects.filter(pk=key.licence_id).update(created_at=ago(days=issued))
        if opened is not None:
            make_session(key, make_client(version=version), refreshed=dt.timedelta(days=opened))
        return key

    return make


def test_narrows_to_what_was_not_opened_for_long(account, pool, single):
    single("Today", opened=0)
    single("New", issued=1)
    single("Never")
    single("Long ago", opened=91)
    freed = single("Freed", opened=61)
    devices.free(freed.licence.devices.get(), by=TESTER)
    unused_for = {
        "7": ["London planners", "Freed", "Long ago", "Never", "New", "Today"],  # is no choice
        "30": ["Freed", "Long ago", "Never"],
        "60": ["Freed", "Long ago", "Never"],
        "90": ["Long ago", "Never"],
    }

    found = {
        days: [row.licence.name for row in listed(account, unused=days).rows] for days in unused_for
    }

    assert found == unused_for


def test_says_how_many_were_not_opened_for_90_days(owner, pool, single):
    over = single("Ended", starts_on=days_from_today(-99), ends_on=days_from_today(-9))
    single("Long ago", opened=91)
    single("Never")
    Licence.objects.filter(pk=pool.licence_id).update(created_at=ago(days=100))

    response = owner.get("/licences/", {"q": "whatever"})

    assert "2 single-user licences haven't been opened for 90 days." in response.text
    assert 'href="?unused=90#single-user"' in owner.get("/licences/").text
    shown = owner.get("/licences/?unused=90")
    assert over.licence.name not in names(shown, "single")
    assert "Concurrent User Licence Pools" not in shown.text


def test_narrows_to_a_product_a_version_and_an_end(owner, account, pool, single):
    old = single("Old", opened=1, version="16.0.9", seats=2, ends_on=days_from_today(60))
    make_session(old, make_client(version="16.0.10"))
    single("Over", starts_on=days_from_today(-99), ends_on=days_from_today(-9))
    single("New", opened=1, ends_on=days_from_today(70))
    other = Product.objects.create(code="4d", name="Powerproject 4D")
    Licence.objects.filter(pk=pool.licence_id).update(product=other)

    by_version = owner.get("/licences/", {"version": "16.0.9"})
    by_end = owner.get("/licences/", {"ends": "60"})
    by_product = owner.get("/licences/", {"product": "4d"})

    assert by_version.context["choices"]["versions"] == ["16.0.10", "16.0.9", "16.0.02"]
    assert names(by_version, "single") == ["Old"]
    assert (names(by_end, "pools"), names(by_end, "single")) == ([], ["Old"])
    assert (names(by_product, "pools"), names(by_product, "single")) == (["London planners"], [])


def test_what_is_closed_is_told_apart_where_licences_are_chosen(owner, account):
    name = "Spare laptop"
    closed, running = (make_single_user(account=account, name=name) for _ in range(2))
    licences.set_state(closed.licence, LicenceState.CLOSED, by=TESTER, reason="Moved")

    for address in ("/sessions/", "/usage/", "/usage/denials/", "/alerts/rules/add/"):
        assert f"{name} (closed)" in owner.get(address).text, address
    asked = owner.get("/requests/new/?kind=seats").context["form"].fields["licence"].queryset
    assert [licence.pk for licence in asked] == [running.licence_id]
