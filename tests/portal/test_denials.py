"""True denials and those that ended well are told apart."""

from __future__ import annotations

import pytest

from licensing import errors, sessions
from portal.overview import Overview
from tests.factories import make_client, make_pool, make_session


@pytest.fixture
def key(account):
    """A pool of one seat that refused two people, of whom one got a seat a moment later."""
    key = make_pool(1, account=account, name="Tender office")
    held = make_session(key)
    patient = make_client(username="ACME\\patient")
    for client in (patient, make_client(username="ACME\\gave-up")):
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(key, client)
    sessions.close(held.pk)
    make_session(key, patient)
    return key


def test_home_counts_the_true_ones(owner, account, key):
    overview = Overview(account)

    assert overview.denials == 1
    assert "1 person couldn&#x27;t start with Tender office" in owner.get("/").text


def test_the_list_counts_the_true_ones(owner, key):
    [row] = owner.get("/licences/").context["pools"]

    assert row.denials == 1


def test_the_licence_says_what_became_of_each(owner, key):
    response = owner.get(f"/licences/{key.licence_id}/")

    assert response.context["denials"] == {"total": 2, "true": 1, "people": 1}
    assert {
        (denial.username, outcome)
        for denial, _reason, outcome in response.context["latest_denials"]
    } == {
        ("ACME\\gave-up", "Got no seat"),
        ("ACME\\patient", "Got a seat soon after"),
    }
