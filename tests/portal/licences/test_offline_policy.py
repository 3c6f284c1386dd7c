"""Changing a licence's offline policy."""

from __future__ import annotations

import datetime as dt
import html

import pytest

from cloud_licence.records import SHORT_LEASE
from licensing import licences
from licensing.licences import OfflinePolicy
from licensing.models import AuditEntry
from portal.licences import policies
from portal.licences.policies import policy_of
from tests.factories import TESTER, make_session, make_single_user
from tests.pages import last_entry, said

KEEPS = (
    "A program that was closed properly can still be opened offline for up to %s; Strict ends that."
)
KEEPS_NOTHING = "A program that was closed properly doesn't open offline."
OWN = OfflinePolicy(dt.timedelta(days=3), dt.timedelta(days=5))


def page_of(key):
    """The page that asks."""
    return f"/licences/{key.licence_id}/offline-policy/"


def policy_now(key):
    """The policy as it is saved."""
    key.licence.refresh_from_db()
    return policy_of(key.licence)


def choices(response):
    """The presets that the page offers, the one marked first, as plain text."""
    labels = [str(label) for _value, label in response.context["form"].fields["policy"].choices]
    return [html.unescape(label) for label in labels]


def test_offers_the_four_presets_with_what_each_costs(owner, pool):
    assert choices(owner.get(page_of(pool))) == [
        "<b>Friendly (now)</b><small>People offline keep working 48 h; "
        f"a lost PC holds its seat no longer than that. {KEEPS % '48 h'}</small>",
        "<b>Strict</b><small>A lost PC frees its seat in 15 min; "
        f"nobody works offline longer. {KEEPS_NOTHING}</small>",
        "<b>Trusting</b><small>Seats come back in 15 min, people offline keep 48 h; "
        f"for a while more people than seats may work. {KEEPS % '48 h'}</small>",
        "<b>Hold</b><small>A seat stays with its PC until it returns or you release it. "
        f"{KEEPS % '48 h'}</small>",
    ]


def test_says_how_many_seats_would_come_back_at_once(owner, pool):
    make_session(pool)
    make_session(pool)
    make_session(pool, refreshed=dt.timedelta(hours=1))
    licences.set_policy(pool.licence, licences.TRUSTING, by=TESTER)

    notes = choices(owner.get(page_of(pool)))

    assert ["1 seat could go to somebody else at once." in note for note in notes] == [
        False,
        True,
        False,
        False,
    ]


def test_a_single_user_licence_has_two(owner, account):
    key = make_single_user(account=account)

    assert choices(owner.get(page_of(key))) == [
        "<b>Friendly (now)</b><small>People offline keep working 30 days. "
        f"The seat belongs to its device. {KEEPS % '30 days'}</small>",
        "<b>Strict</b><small>People offline keep working 15 min. "
        f"The seat belongs to its device. {KEEPS_NOTHING}</small>",
    ]


def test_programs_keep_after_closing_what_the_page_says():
    assert dt.timedelta(seconds=SHORT_LEASE) == policies.SHORT


@pytest.mark.parametrize("who", ["owner", "manager"])
def test_changes_the_policy(request, who, pool):
    response = request.getfixturevalue(who).post(
        page_of(pool), {"policy": "strict", "reason": "Seats stay away too long"}
    )

    assert response["Location"] == f"/licences/{pool.licence_id}/"
    assert policy_now(pool) == licences.STRICT
    assert last_entry()[:2] == ("policy_changed", "Seats stay away too long")
    assert said(response) == [
        (
            "success",
            "The policy is Strict now. A lost PC frees its seat in 15 min; "
            f"nobody works offline longer. {KEEPS_NOTHING}",
        )
    ]


def test_the_one_that_holds_changes_nothing(owner, pool):
    response = owner.post(page_of(pool), {"policy": "friendly", "reason": "Sure?"})

    assert said(response) == [("info", "This policy holds already. Nothing was changed.")]
    assert not AuditEntry.objects.filter(action="policy_changed").exists()


def test_one_of_its_own_is_told_and_none_is_marked(owner, pool):
    licences.set_policy(pool.licence, OWN, by=TESTER)

    response = owner.get(page_of(pool))

    assert "Now: People offline keep working 3 days; a lost PC holds its seat" in response.text
    assert "checked" not in response.text


@pytest.mark.parametrize(
    "wrong", [{"policy": "", "reason": "Kept"}, {"policy": "free", "reason": "Kept"}]
)
def test_a_choice_that_is_none_keeps_the_reason(owner, pool, wrong):
    response = owner.post(page_of(pool), wrong)

    assert response.status_code == 422
    assert "Kept</textarea>" in response.text
    assert policy_now(pool) == licences.FRIENDLY


def test_a_viewer_may_not(viewer, owner, pool):
    assert viewer.get(page_of(pool)).status_code == 403
    assert viewer.post(page_of(pool), {"policy": "hold", "reason": "x"}).status_code == 403
    assert "offline-policy" not in viewer.get(f"/licences/{pool.licence_id}/").text
    assert policy_now(pool) == licences.FRIENDLY


def test_another_account_finds_nothing(stranger, pool):
    assert stranger.post(page_of(pool), {"policy": "hold", "reason": "x"}).status_code == 404
    assert policy_now(pool) == licences.FRIENDLY


def test_strangers_sign_in_first(client, pool):
    assert client.get(page_of(pool))["Location"].startswith("/accounts/login/?next=")


def test_needs_few_queries(owner, pool, django_assert_num_queries):
    with django_assert_num_queries(5):
        owner.get(page_of(pool))
