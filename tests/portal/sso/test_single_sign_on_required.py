"""Single sign-on that an account's owners require: tried first, then the only way in."""

from __future__ import annotations

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from licensing.errors import InvalidOperation
from licensing.models import AuditEntry
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
from tests.pages import last_entry, said
from tests.people import signed_in
from tests.portal.sso.provider import WHY, agree, come_back, is_signed_in, member, sign_in

SETTINGS = "/security/single-sign-on/"
REQUIRE = f"{SETTINGS}require/"
CLOSED = "/single-sign-on/closed/"


@pytest.fixture
def priya(account):
    """An owner with an address in the verified domain."""
    return member(account, "priya@brook.example", Role.OWNER, name="Priya Shah").user


@pytest.fixture
def second_step(priya):
    """A recovery code of the owner's, who has two-step sign-in."""
    TOTP.activate(priya, generate_totp_secret())
    return RecoveryCodes.activate(priya).get_unused_codes()[0]


def try_out(browser, account):
    """The outcome of the owner's test, as the page says it."""
    go = browser.post(f"{SETTINGS}test/")
    return said(come_back(browser, "priya@brook.example", go))


def by_password(client, email, **form):
    return client.post("/accounts/login/", {"login": email, "password": PASSWORD, **form})


def in_own_way(client, email="priya@brook.example", code=None):
    """Sign in with the password and, if there is one, the second step."""
    client.post("/single-sign-on/own-way/")
    by_password(client, email)
    if code:
        client.post("/accounts/two-step/authenticate/", {"code": code})
    assert is_signed_in(client)
    client.post("/accounts/reauthenticate/", {"password": PASSWORD})
    return client


def test_a_test_that_lets_somebody_in_counts_for_this_configuration(priya, single, account):
    browser = signed_in(priya)

    outcome = try_out(browser, account)

    text = (
        "It works: your provider answered, and would have let Priya Shah (priya@brook.example) in."
    )
    assert outcome == [("success", text)]
    assert SingleSignOn.objects.get().tested_at is not None
    assert last_entry()[0] == "sso_tested"
    assert not SingleSignOn.objects.get().links.exists()
    again = {"issuer": single.issuer, "client_id": "portal", "secret": "new"}
    browser.post(SETTINGS, again)
    assert SingleSignOn.objects.get().tested_at is None


@pytest.mark.parametrize(
    ("sub", "told"),
    [
        ("unverified@brook.example", "does not say that unverified@brook.example is verified."),
        ("stranger@hill.example", "stranger@hill.example is in none of your verified domains."),
        ("other@brook.example", "nobody of the account signs in as other@brook.example."),
    ],
)
def test_a_test_says_what_is_missing_and_does_not_count(priya, single, sub, told):
    browser = signed_in(priya)

    response = come_back(browser, sub, browser.post(f"{SETTINGS}test/"))

    assert said(response) == [("error", f"The provider answered, but {told}")]
    assert SingleSignOn.objects.get().tested_at is None


def test_a_test_of_what_was_changed_meanwhile_does_not_count(priya, single, issuer):
    browser = signed_in(priya)
    go = browser.post(f"{SETTINGS}test/")
    single_sign_on.set_up_openid(
        single.account, issuer=issuer, client_id="portal", secret="new", by=TESTER
    )

    come_back(browser, "priya@brook.example", go)

    assert SingleSignOn.objects.get().tested_at is None


def test_a_cancelled_test_says_so(priya, single):
    browser = signed_in(priya)
    state = browser.post(f"{SETTINGS}test/")["Location"].partition("state=")[2].partition("&")[0]

    callback = f"/accounts/single-sign-on/{single.pk}/login/callback/"
    response = browser.get(callback, {"error": "access_denied", "state": state})

    assert said(response) == [("error", "You cancelled at the provider. Nothing was tested.")]
    assert response["Location"] == SETTINGS


def test_nothing_untested_is_required(priya, second_step, single):
    response = signed_in(priya).post(REQUIRE, WHY)

    assert response.status_code == 422
    assert "Test sign-in first" in response.text
    with pytest.raises(InvalidOperation, match="Test sign-in first"):
        single_sign_on.require(single.account, priya, by=TESTER, reason="")


def test_nothing_is_required_by_an_owner_without_a_second_step(priya, single):
    single_sign_on.mark_tested(single, by=TESTER)

    response = signed_in(priya).post(REQUIRE, WHY)

    assert "Set up two-step sign-in or a passkey for yourself first" in response.text
    assert SingleSignOn.objects.get().required_at is None


def test_nothing_is_required_without_a_verified_domain(priya, second_step, single, account):
    single_sign_on.mark_tested(single, by=TESTER)
    account.email_domains.update(verified_at=None)

    assert "Verify an e-mail domain first." in signed_in(priya).post(REQUIRE, WHY).text


def test_is_required_after_saying_whom_it_concerns(priya, second_step, single, account, mailoutbox):
    member(account, "tom@brook.example")
    member(account, "ann@elsewhere.example", Role.OWNER)
    single_sign_on.mark_tested(single, by=TESTER)
    browser = signed_in(priya)

    page = browser.get(REQUIRE).text
    agree(browser, REQUIRE)

    assert "2 people with an address in your verified domains" in page
    assert "2 of them have never come in through it." in page
    assert "1 person has another address, and signs in as before." in page
    assert "owners with two-step sign-in get in without it: Priya Shah." in page
    assert SingleSignOn.objects.get().required_at is not None
    assert last_entry() == (
        "sso_required", "The auditors ask for it.", "Priya Shah <priya@brook.example>",
    )  # fmt: skip
    assert sorted((mail.to[0], mail.subject) for mail in mailoutbox) == [
        ("ann@elsewhere.example", "Single sign-on is required in Brook & Co"),
        ("priya@brook.example", "Single sign-on is required in Brook & Co"),
    ]


def test_a_required_provider_is_not_changed(required, issuer):
    with pytest.raises(InvalidOperation, match="Stop requiring"):
        single_sign_on.set_up_openid(
            required.account, issuer=issuer, client_id="other", secret="x", by=TESTER
        )


@pytest.mark.parametrize("email", ["priya@brook.example", "no.such.person@brook.example"])
@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/accounts/login/", "login"),
        ("/accounts/login/code/", "email"),
        ("/accounts/password/reset/", "email"),
    ],
)
def test_every_way_in_leads_to_the_provider_whoever_asks(
    client, priya, required, mailoutbox, address, field, email
):
    response = client.post(address, {field: email, "password": PASSWORD})

    assert response.status_code == 200
    assert "People with an address at brook.example sign in through their" in response.text
    assert email not in response.text
    assert not is_signed_in(client)
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


@pytest.mark.parametrize(
    "address",
    [
        "/accounts/two-step/",
        "/accounts/two-step/totp/activate/",
        "/accounts/password/change/",
        "/accounts/password/set/",
        "/profile/email/",
    ],
)
def test_a_provider_does_not_change_how_the_person_signs_in(client, priya, single, address):
    sign_in(client, "priya@brook.example", single.account)

    assert client.get(address)["Location"] == "/single-sign-on/own-way/"


def test_two_step_that_the_account_requires_is_the_providers_matter(client, priya, single, account):
    two_step.require(account, by=TESTER)
    account.preferences.two_step_required_from = "2026-01-01T00:00Z"
    account.preferences.save()

    sign_in(client, "priya@brook.example", account)

    assert client.get("/licences/").status_code == 200


def test_an_owner_gets_in_without_the_provider_and_all_are_told(
    client, priya, second_step, required, mailoutbox
):
    member(required.account, "ann@elsewhere.example", Role.OWNER)
    in_own_way(client, code=second_step)
    mailoutbox.clear()

    response = client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert response["Location"] == "/"
    assert client.get("/people/").status_code == 200
    assert last_entry() == (
        "sso_gone_without", "The provider is down.", "Priya Shah <priya@brook.example>",
    )  # fmt: skip
    subject = "Priya Shah opened Brook & Co without single sign-on"
    told = [(mail.to[0], mail.subject) for mail in mailoutbox]
    assert sorted(told) == [("ann@elsewhere.example", subject), ("priya@brook.example", subject)]
    assert "The provider is down." in mailoutbox[0].body


def test_an_owner_without_a_second_step_does_not(client, priya, required):
    in_own_way(client)

    response = client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert response.status_code == 422
    assert "Only owners with two-step sign-in or a passkey" in response.text
    assert client.get("/people/")["Location"].startswith(CLOSED)


def test_a_second_step_that_was_not_given_does_not_count(priya, second_step, required):
    browser = signed_in(priya)

    response = browser.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert "Sign out, and in again with your second step" in response.text


def test_nobody_but_owners_gets_in_without_it(client, required, account):
    viewer = member(account, "tom@brook.example", Role.MANAGER)
    TOTP.activate(viewer.user, generate_totp_secret())
    code = RecoveryCodes.activate(viewer.user).get_unused_codes()[0]
    in_own_way(client, "tom@brook.example", code)

    response = client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    assert "Only owners who signed in a way of their own" in response.text
    assert "Open it without, as an owner" not in client.get(CLOSED).text
    assert not AuditEntry.objects.filter(action="sso_gone_without").exists()


def test_who_is_no_owner_any_more_is_led_back(client, priya, second_step, required):
    in_own_way(client, code=second_step)
    client.post("/single-sign-on/without/", {"reason": "The provider is down."})

    priya.memberships.update(role=Role.MANAGER)

    assert client.get("/licences/")["Location"].startswith(CLOSED)


def test_turning_it_off_closes_what_the_provider_opened(client, priya, required, account):
    sign_in(client, "priya@brook.example", account)
    assert client.get("/licences/").status_code == 200

    single_sign_on.turn_off(account, by=TESTER, reason="We left the provider.")

    assert client.get("/licences/")["Location"].startswith(CLOSED)
    assert in_own_way(client).get("/licences/").status_code == 200


def test_it_can_be_made_optional_again(priya, second_step, required, client):
    browser = in_own_way(client, code=second_step)
    browser.post("/single-sign-on/without/", {"reason": "The provider is down."})

    agree(browser, f"{SETTINGS}stop-requiring/")

    assert SingleSignOn.objects.get().required_at is None
    assert last_entry()[0] == "sso_not_required"


def test_only_owners_of_the_account_decide(manager, stranger, staff, required):
    acts = ["test", "require", "stop-requiring", "newcomers", "turn-off"]

    answers = {
        tuple(browser.post(f"{SETTINGS}{act}/", WHY).status_code for browser in (manager, staff))
        for act in acts
    }

    assert answers == {(403, 404)}
    stranger.post(f"{SETTINGS}turn-off/", WHY)
    assert SingleSignOn.objects.get().required_at is not None


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
