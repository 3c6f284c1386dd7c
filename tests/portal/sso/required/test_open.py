"""What a way of signing in opens: the account's provider, and one's own where it is required."""

from __future__ import annotations

import itertools

from portal.models import Role, SingleSignOn
from portal.people import invitations
from portal.sign_in import two_step
from portal.sso import single_sign_on
from tests.factories import (
    PASSWORD,
    TESTER,
    AccountFactory,
    MembershipFactory,
    make_api_token,
    make_pool,
)
from tests.people import signed_in
from tests.portal.sso.provider import is_signed_in, member, sign_in
from tests.portal.sso.required.ways import CLOSED, by_password, in_own_way

WAYS_IN = {
    "/accounts/login/": "login",
    "/accounts/login/code/": "email",
    "/accounts/password/reset/": "email",
}


def test_every_way_in_leads_to_the_provider_whoever_asks(client, priya, required, mailoutbox):
    somebody_and_nobody = ("priya@brook.example", "no.such.person@brook.example")
    for (address, field), email in itertools.product(WAYS_IN.items(), somebody_and_nobody):
        response = client.post(address, {field: email, "password": PASSWORD})

        told = "People with an address at brook.example sign in through their" in response.text
        assert (response.status_code, told) == (200, True), (address, email)
        assert email not in response.text, (address, email)
        assert not is_signed_in(client), (address, email)
    assert mailoutbox == []


def test_other_domains_sign_in_as_before(client, required, account):
    member(account, "ann@elsewhere.example")

    by_password(client, "ann@elsewhere.example")

    assert client.get("/").context["request"].account == account


def test_optional_single_sign_on_leaves_the_password(client, priya, single):
    by_password(client, "priya@brook.example")

    assert client.get("/licences/").status_code == 200


def test_the_persons_own_way_does_not_open_the_account(client, priya, required, pool):
    in_own_way(client)

    response = client.get("/licences/")

    assert response["Location"] == f"{CLOSED}?next=%2Flicences%2F"
    assert "Brook &amp; Co wants its own sign-in" in client.get(response["Location"]).text
    assert client.post(f"/licences/{pool.licence_id}/rename/").status_code == 302


def test_a_page_that_was_open_before_leads_there_too(priya, single, account, pool):
    browser = signed_in(priya)
    assert browser.get("/licences/").status_code == 200
    SingleSignOn.objects.update(required_at="2026-01-01T00:00Z", tested_at="2026-01-01T00:00Z")

    rows = browser.get("/sessions/rows/", headers={"X-Requested-With": "rows"})

    assert browser.get("/licences/")["Location"].startswith(CLOSED)
    assert rows.status_code == 401
    assert rows["X-Go-To"].startswith(CLOSED)
    assert pool.serial_number not in browser.get(f"/licences/{pool.licence_id}/").text


def test_the_provider_opens_it_for_somebody_signed_in_already(client, priya, required, account):
    in_own_way(client)

    response = sign_in(client, "priya@brook.example", account, next="/people/")

    assert response["Location"] == "/people/"
    assert client.get("/people/").status_code == 200


def test_the_vendors_staff_open_it_by_their_own_way(required, account):
    staff = signed_in(member(account, "staff@brook.example", is_staff=True).user)

    assert staff.get("/licences/").status_code == 200


def test_api_tokens_go_on_working(client, required, account):
    token = make_api_token(account)

    bearer = {"Authorization": f"Bearer {token.plain}"}
    response = client.get("/api/v1/account/licences", headers=bearer)

    assert response.status_code == 200


def test_another_account_of_the_person_opens_by_their_own_way(client, priya, required):
    hill = AccountFactory(name="Hill & Dale")
    MembershipFactory(account=hill, user=priya)

    in_own_way(client)

    assert "Open Hill &amp; Dale instead" in client.get(CLOSED).text
    client.post("/switch-account/", {"account": hill.pk})
    assert client.get("/licences/").context["request"].account == hill


def test_one_accounts_provider_does_not_open_another_account(client, priya, required, account):
    hill = AccountFactory(name="Hill & Dale")
    MembershipFactory(account=hill, user=priya, role=Role.OWNER)
    sign_in(client, "priya@brook.example", account)

    assert client.post("/switch-account/", {"account": hill.pk}).status_code == 404

    assert "Sign in another way" in client.get("/licences/").text
    client.post("/single-sign-on/own-way/")
    assert not is_signed_in(client)


def test_nor_one_that_somebody_joins_meanwhile(client, priya, required, account):
    hill = AccountFactory(name="Hill & Dale")
    invited = invitations.invite(hill, priya.email, Role.VIEWER, by=TESTER)
    sign_in(client, "priya@brook.example", account)

    client.post(f"/invitations/{invited.code}/")

    assert client.get("/licences/")["Location"].startswith(CLOSED)
    page = client.get(CLOSED).text
    assert "Hill &amp; Dale wants your own sign-in" in page
    assert "Sign in my own way" in page
    assert "Open Brook &amp; Co instead" in page


def test_a_provider_does_not_change_how_the_person_signs_in(client, priya, single):
    sign_in(client, "priya@brook.example", single.account)

    for address in (
        "/accounts/two-step/",
        "/accounts/two-step/totp/activate/",
        "/accounts/password/change/",
        "/accounts/password/set/",
        "/profile/email/",
    ):
        assert client.get(address)["Location"] == "/single-sign-on/own-way/", address


def test_two_step_that_the_account_requires_is_the_providers_matter(client, priya, single, account):
    two_step.require(account, by=TESTER)
    account.preferences.two_step_required_from = "2026-01-01T00:00Z"
    account.preferences.save()

    sign_in(client, "priya@brook.example", account)

    assert client.get("/licences/").status_code == 200


def test_turning_it_off_closes_what_the_provider_opened(client, priya, required, account):
    sign_in(client, "priya@brook.example", account)
    assert client.get("/licences/").status_code == 200

    single_sign_on.turn_off(account, by=TESTER, reason="We left the provider.")

    assert client.get("/licences/")["Location"].startswith(CLOSED)
    assert in_own_way(client).get("/licences/").status_code == 200


def test_a_page_of_one_account_tells_nothing_of_another_to_whom_its_provider_let_in(
    client, priya, required, account
):
    hill = AccountFactory(name="Hill & Dale")
    MembershipFactory(account=hill, user=priya)
    theirs = make_pool(account=hill)
    sign_in(client, "priya@brook.example", account)

    page = client.get(f"/licences/{theirs.licence_id}/")
    found = client.get("/search/", {"q": theirs.serial_number})

    assert page.status_code == 404
    assert "This licence belongs to" not in page.text
    assert found.status_code == 200
