"""The security page: what owners decide about everybody's sign-in."""

from __future__ import annotations

import datetime as dt

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import F

from licensing.models import AuditEntry
from portal.models import AccountPreferences, User
from tests.factories import MembershipFactory
from tests.pages import last_entry, said

PRIYA = "Priya Shah <priya@example.com>"


@pytest.fixture
def required(owner):
    """The owners require two-step sign-in, in seven days."""
    owner.post("/security/two-step/require/")
    return owner


def give_two_step(email, step="totp"):
    """The person has an authenticator app, or another step."""
    user = User.objects.get(email=email)
    Authenticator.objects.create(user=user, type=step, data={})


@pytest.fixture
def due(required):
    """The same, eight days later."""
    when = F("two_step_required_from") - dt.timedelta(days=8)
    AccountPreferences.objects.update(two_step_required_from=when)
    return required


def test_only_owners_open_it(owner, manager, stranger, staff, client):
    browsers = (owner, manager, stranger, staff, client)

    answers = [browser.get("/security/").status_code for browser in browsers]

    assert answers == [200, 403, 200, 404, 302]


@pytest.mark.parametrize(
    "act", ["two-step/require/", "two-step/stop-requiring/", "sign-out-after/"]
)
def test_only_owners_decide(manager, staff, act):
    assert manager.post(f"/security/{act}").status_code == 403
    assert staff.post(f"/security/{act}").status_code == 404


def test_says_who_has_no_second_step(owner, manager, account):
    MembershipFactory(account=account, user__is_active=False)
    give_two_step("tom@example.com")

    response = owner.get("/security/")

    assert [str(membership.user) for membership in response.context["without"]] == ["Priya Shah"]


def test_two_step_sign_in_is_required_with_a_weeks_notice(required, account):
    due = AccountPreferences.objects.get(account=account).two_step_required_from

    notice = due - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=6, hours=23) < notice <= dt.timedelta(days=7)
    assert last_entry() == ("two_step_required", "", PRIYA)
    assert required.get("/").status_code == 200


def test_is_required_once(required):
    required.post("/security/two-step/require/")

    assert AuditEntry.objects.filter(action="two_step_required").count() == 1


def test_leads_to_setting_it_up_when_it_is_due(due):
    response = due.get("/licences/")

    assert response["Location"] == "/accounts/two-step/"
    text = "You need two-step sign-in to go on. Set it up here."
    assert said(response)[-1] == ("warning", text)
    assert due.get("/accounts/two-step/").status_code == 200


def test_leads_a_whole_page_when_a_fragment_is_asked_for(due):
    response = due.get("/sessions/rows/", headers={"X-Requested-With": "rows"})

    assert (response.status_code, response["X-Go-To"]) == (401, "/accounts/two-step/")


@pytest.mark.parametrize(
    ("step", "status"), [("totp", 200), ("webauthn", 200), ("recovery_codes", 302)]
)
def test_lets_in_who_has_it(due, step, status):
    give_two_step("priya@example.com", step)

    assert due.get("/licences/").status_code == status


def test_asks_nothing_of_another_account(due, stranger):
    assert stranger.get("/licences/").status_code == 200


def test_it_is_left_to_each_person_again(required, account):
    required.post("/security/two-step/stop-requiring/")

    assert AccountPreferences.objects.get(account=account).two_step_required_from is None
    assert last_entry() == ("two_step_not_required", "", PRIYA)


def test_signs_the_idle_out_after_some_hours(owner, account):
    owner.post("/security/sign-out-after/", {"hours": "8"})

    assert AccountPreferences.objects.get(account=account).sign_out_after_hours == 8
    assert last_entry() == ("sign_out_changed", "", PRIYA)


def test_or_never(owner, account):
    for hours in ("8", "never", "never"):
        owner.post("/security/sign-out-after/", {"hours": hours})

    assert AccountPreferences.objects.get(account=account).sign_out_after_hours is None
    assert AuditEntry.objects.filter(action="sign_out_changed").count() == 2


def test_refuses_a_length_that_is_not_offered(owner, account):
    response = owner.post("/security/sign-out-after/", {"hours": "5"})

    assert said(response) == [("error", "Choose one of the lengths.")]
    assert not AccountPreferences.objects.filter(account=account).exists()


@pytest.mark.parametrize(("needed", "status"), [(True, 302), (False, 200)])
def test_staff_need_it_for_the_admin_outside_the_demo(staff, settings, needed, status):
    settings.STAFF_NEED_TWO_STEP = needed

    assert staff.get("/admin/").status_code == status
