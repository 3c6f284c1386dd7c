"""The licence position: what an account owns and uses, on one sheet."""

from __future__ import annotations

import pytest

from licensing import licences
from licensing.models.licences import LicenceState
from portal.licences.position import position_of
from tests.factories import TESTER, days_from_today, make_pool, make_session, make_single_user

ADDRESS = "/licence-position/"


def names(position):
    return [row.licence.name for row in position.rows]


@pytest.fixture
def estate(account, pool):
    """A pool in use beside a suspended one, a closed one, and a single-user licence."""
    make_session(pool)
    suspended = make_pool(5, account=account, name="Harbour")
    make_session(suspended)
    licences.set_state(suspended.licence, LicenceState.SUSPENDED, by=TESTER)
    closed = make_pool(7, account=account, name="Sold")
    licences.set_state(closed.licence, LicenceState.CLOSED, by=TESTER)
    make_session(make_single_user(2, account=account, name="Estimator"))


def test_adds_up_what_can_be_used_now(account, estate):
    pools, single = position_of(account)

    assert (names(pools), pools.seats, pools.in_use) == (["Harbour", "London planners"], 10, 1)
    assert (names(single), single.seats, single.in_use) == (["Estimator"], 2, 1)


def test_says_whose_it_is_when_and_in_which_zone(viewer, account, estate, pool):
    ends = days_from_today(5)
    licences.set_term(pool.licence, starts_on=None, ends_on=ends, by=TESTER)

    text = viewer.get(ADDRESS).text

    assert "Brook &amp; Co, <time" in text
    assert "Time zone: Europe/London" in text
    assert f'<time datetime="{ends}">{ends:%-d %b %Y}</time></td><td>Ends soon</td>' in text
    assert pool.serial_number in text
    assert pool.plain not in text
    assert "<dt>Signature</dt>" in text


def test_another_account_sees_none_of_it(stranger, estate):
    text = stranger.get(ADDRESS).text

    assert "London planners" not in text
    assert "No licences yet" in text


def test_home_and_licences_lead_there(viewer, estate):
    for page in ("/", "/licences/"):
        assert f'href="{ADDRESS}"' in viewer.get(page).text


@pytest.mark.parametrize("rows", [1, 3])
def test_needs_as_many_queries_for_many_licences(viewer, account, django_assert_num_queries, rows):
    for _ in range(rows):
        make_session(make_pool(account=account))
        make_session(make_single_user(account=account))

    with django_assert_num_queries(5):
        viewer.get(ADDRESS)
