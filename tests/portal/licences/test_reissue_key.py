"""A key's page, and reissuing it."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import keys
from licensing.models import ProductKey
from tests.factories import TESTER, make_client, make_pool, make_session
from tests.pages import last_entry, said

WEEK = dt.timedelta(days=7)


def licence_page(key):
    return f"/licences/{key.licence_id}/"


def key_page(key):
    return f"/licences/{key.licence_id}/keys/{key.pk}/"


def reissue_page(key):
    return f"{key_page(key)}reissue/"


def reissue(browser, key, **asked):
    """Confirm the page of the act."""
    return browser.post(reissue_page(key), asked)


def newest(key):
    """The licence's newest key."""
    return ProductKey.objects.filter(licence=key.licence).latest("pk")


def test_says_who_uses_the_key(owner, pool):
    make_session(pool)
    make_session(pool, make_client(machine_name="OLD"), refreshed=dt.timedelta(days=20))
    make_session(pool, make_client(machine_name="OLDER"), refreshed=dt.timedelta(days=40))

    text = owner.get(reissue_page(pool)).text

    assert "2 machines used this key in 30 days." in text
    assert "3 are running now and keep working until closed." in text
    assert "Every PC needs the new key at its next start. Send it out first." in text
    assert "The old key works too, until " in text


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_makes_a_new_key_and_shows_it_masked(request, who, pool):
    browser = request.getfixturevalue(who)

    response = reissue(browser, pool, overlap="7d", reason="Routine")

    new = newest(pool)
    page = browser.get(response["Location"])
    assert response["Location"] == key_page(new)
    assert new.supersedes == pool
    assert last_entry()[:2] == ("key_reissued", "Routine")
    assert f"The new key has the serial number {new.serial_number}." in page.text
    assert f"••••{new.last_four}" in page.text
    assert keys.reveal(new, by=TESTER) not in page.text + response.text


@pytest.mark.census
@pytest.mark.parametrize(
    ("overlap", "state"),
    [("none", "Superseded"), ("24h", "(overlap)"), ("7d", "(overlap)"), ("30d", "(overlap)")],
)
def test_the_old_key_says_until_when(owner, pool, overlap, state):
    reissue(owner, pool, overlap=overlap, reason="Routine")
    pool.refresh_from_db()
    hours = {"none": 0, "24h": 24, "7d": 7 * 24, "30d": 30 * 24}[overlap]
    lasts = pool.superseded_at - newest(pool).created_at
    assert round(lasts.total_seconds() / 3600) == hours

    text = owner.get(key_page(pool)).text

    assert state in text
    assert newest(pool).serial_number in text


def test_a_second_submit_makes_no_second_key(owner, pool):
    for _ in range(2):
        response = reissue(owner, pool, overlap="none", reason="Leak")

    assert response["Location"] == key_page(newest(pool))
    assert said(response)[-1] == (
        "info",
        f"Serial number {pool.serial_number} has been reissued already. "
        "This is the key that replaces it.",
    )
    assert ProductKey.objects.filter(licence=pool.licence).count() == 2


def test_a_revoked_key_cannot_be_reissued(owner, pool):
    keys.revoke(pool, by=TESTER)

    response = owner.get(reissue_page(pool))

    assert said(response) == [("info", "This key has been revoked; it cannot be reissued.")]
    assert response["Location"] == key_page(pool)


def test_keeps_what_was_typed_when_something_is_wrong(owner, pool):
    for wrong in ({"overlap": "90d"}, {"overlap": ""}, {"reason": "x" * 501}):
        response = reissue(owner, pool, **{"overlap": "24h", "reason": "Kept"} | wrong)

        assert response.status_code == 422
        assert ("Kept</textarea>" in response.text) == ("reason" not in wrong)
    assert ProductKey.objects.filter(licence=pool.licence).count() == 1


def test_shows_who_is_still_on_the_old_key(owner, pool):
    for machine in ("CAD-1", "CAD-2", "CAD-3"):
        make_session(pool, make_client(machine_name=machine, username="ACME\\one"))
    new, _plain = keys.reissue(pool, by=TESTER, overlap=WEEK)
    make_session(new, make_client(machine_name="cad-1", username="ACME\\two"))

    response = owner.get(key_page(pool))

    assert "1 of 3 machines seen on the new key." in response.text
    assert {seen.machine_name for seen in response.context["machines"]} == {"CAD-2", "CAD-3"}
    assert "1 of 3 machines seen on the new key" in owner.get(licence_page(pool)).text


def test_still_says_so_when_the_overlap_is_over(owner, pool):
    make_session(pool, make_client(machine_name="CAD-1"))
    keys.reissue(pool, by=TESTER)

    text = owner.get(key_page(pool)).text

    assert "0 of 1 machine seen on the new key." in text
    assert "Machines that have only this one cannot open it until they get the new key." in text


def test_the_licence_counts_each_keys_machines_of_this_week(owner, pool):
    make_session(pool)
    make_session(pool, make_client(machine_name="OLD"), refreshed=dt.timedelta(days=8))
    keys.issue(pool.licence, by=TESTER, label="York office")

    rows = owner.get(licence_page(pool)).context["page"].keys

    assert [(row.key.label, row.status, row.machines) for row in rows] == [
        ("York office", "active", 0),
        ("", "active", 1),
    ]


def test_a_viewer_looks_but_may_not(viewer, owner, pool):
    page = viewer.get(key_page(pool))

    assert page.status_code == 200
    assert "reissue" not in (page.text + viewer.get(licence_page(pool)).text).lower()
    assert "Reveal" not in page.text
    assert viewer.get(reissue_page(pool)).status_code == 403
    assert viewer.post(reissue_page(pool), {"overlap": "none", "reason": "x"}).status_code == 403


def test_another_account_finds_nothing(stranger, pool):
    assert stranger.get(key_page(pool)).status_code == 404
    assert stranger.post(reissue_page(pool), {"overlap": "none", "reason": "x"}).status_code == 404
    assert ProductKey.objects.filter(licence=pool.licence).count() == 1


def test_finds_no_key_under_another_licence(owner, account, pool):
    other = make_pool(account=account)

    assert owner.get(f"/licences/{other.licence_id}/keys/{pool.pk}/").status_code == 404


def test_strangers_sign_in_first(client, pool):
    for page in (key_page(pool), reissue_page(pool)):
        assert client.get(page)["Location"].startswith("/accounts/login/?next=")


@pytest.mark.parametrize("machines", [1, 3])
def test_needs_as_many_queries_for_many_machines(owner, pool, django_assert_num_queries, machines):
    for _ in range(machines):
        make_session(pool)
    keys.reissue(pool, by=TESTER, overlap=WEEK)

    with django_assert_num_queries(9):
        owner.get(key_page(pool))
