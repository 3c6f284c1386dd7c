"""API tokens: making one, seeing it once, using it, revoking it, being told of its end."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.db.models.functions import Now

from licensing import errors
from licensing.clock import database_time
from licensing.models import AuditEntry
from portal import tasks
from portal.models import AccountPreferences, ApiToken, Scope
from portal.sign_in import api_tokens
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    days_from_today,
    make_api_token,
)
from tests.pages import last_entry, said
from tests.people import unsure

ADD = "/api-tokens/add/"


def order(**changes):
    """The form of a token for a report, unless told otherwise."""
    return {
        "name": "Report",
        "scopes": ["licences:read", "sessions:read"],
        "ends_on": days_from_today(90).isoformat(),
    } | changes


def test_a_token_is_shown_once_and_only_its_digest_is_kept(owner, account):
    response = owner.post(ADD, order())

    (plain,) = set(re.findall(r"clt_[0-9A-Za-z]{38}", response.text))
    token = ApiToken.objects.get()
    assert api_tokens.find(plain) == token
    assert (token.account, token.starts_with, token.scopes) == (
        account, plain[:8], ["licences:read", "sessions:read"],
    )  # fmt: skip
    assert "no-store" in response["Cache-Control"]
    assert plain not in owner.get("/api-tokens/").text
    assert plain not in str(AuditEntry.objects.values_list("details", "object_name"))
    assert last_entry()[0] == "api_token_created"


def test_it_works_until_its_last_day_is_over(owner):
    owner.post(ADD, order(ends_on="2027-03-01"), follow=True)

    assert ApiToken.objects.get().ends_at == dt.datetime(2027, 3, 2, tzinfo=dt.UTC)
    (row,) = owner.get("/api-tokens/").context["rows"]
    assert row["last_day"] == dt.date(2027, 3, 1)


def test_those_that_work_are_listed_first(owner, account):
    working, ended, revoked = (make_api_token(account) for _ in range(3))
    ApiToken.objects.filter(pk=ended.pk).update(ends_at=Now())
    api_tokens.revoke(revoked, by=TESTER)

    rows = owner.get("/api-tokens/").context["rows"]

    assert [(row["token"], row["state"]) for row in rows] == [
        (working, "active"),
        (revoked, "revoked"),
        (ended, "ended"),
    ]


def test_what_is_wrong_is_said_at_its_field(owner):
    nothing = {"name": "", "scopes": [], "ends_on": days_from_today(-2).isoformat()}
    beyond = {"scopes": ["everything"], "ends_on": days_from_today(400).isoformat()}

    answers = [owner.post(ADD, order(**changes)) for changes in (nothing, beyond)]

    assert [answer.status_code for answer in answers] == [422, 422]
    fields = [list(answer.context["form"].errors) for answer in answers]
    assert fields == [["name", "scopes", "ends_on"], ["scopes", "ends_on"]]


def test_the_form_begins_with_ninety_days(owner):
    assert f'value="{days_from_today(90)}"' in owner.get(ADD).text


def test_real_names_are_offered_only_where_viewers_see_aliases(owner, account):
    before = owner.get(ADD).text
    AccountPreferences.objects.create(account=account, shows_aliases=True)

    assert "See real names" not in before
    assert "See real names" in owner.get(ADD).text


def test_an_account_has_so_many_that_work(owner, account, monkeypatch):
    monkeypatch.setattr(api_tokens, "MOST_TOKENS", 1)
    make_api_token(AccountFactory())
    api_tokens.revoke(make_api_token(account), by=TESTER)
    make_api_token(account)

    response = owner.post(ADD, order())

    assert response.status_code == 422
    assert "1 API tokens work already. Revoke one first." in response.text


def test_whoever_did_not_just_give_their_password_is_asked_for_it(owner):
    assert unsure(owner).post(ADD, order())["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("change", [lambda plain: "", lambda plain: plain[:-1] + "!", str.upper])
def test_a_mistyped_token_opens_nothing_and_asks_no_database(
    account, change, django_assert_num_queries
):
    plain = make_api_token(account).plain

    with django_assert_num_queries(0), pytest.raises(errors.TokenInvalid):
        api_tokens.find(change(plain))


def test_a_token_that_nobody_made_opens_nothing(db):
    with pytest.raises(errors.TokenInvalid):
        api_tokens.find(api_tokens.new_text())


def test_an_ended_token_opens_nothing(account):
    token = make_api_token(account)
    ApiToken.objects.update(ends_at=Now())

    with pytest.raises(errors.TokenInvalid):
        api_tokens.find(token.plain)


def test_a_use_is_noted_at_most_once_a_minute_from_one_address(account, django_assert_num_queries):
    token, unused = make_api_token(account), make_api_token(account)
    api_tokens.note_use(token, "192.0.2.7")
    token.refresh_from_db()

    with django_assert_num_queries(0):
        api_tokens.note_use(token, "192.0.2.7")

    api_tokens.note_use(token, "192.0.2.8")
    token.refresh_from_db()
    unused.refresh_from_db()
    assert (token.last_used_from, unused.last_used_at) == ("192.0.2.8", None)


def test_revoking_ends_it_at_once(owner, account):
    token, _other = make_api_token(account), make_api_token(account)
    address = f"/api-tokens/{token.pk}/revoke/"

    asked = owner.get(address).text
    response = owner.post(address, {"reason": "it leaked"})

    assert "It was never used." in asked
    assert "1 other token of this account goes on working." in asked
    assert said(response) == [("success", "The API token “Report” is revoked.")]
    assert last_entry() == ("api_token_revoked", "it leaked", "Priya Shah <priya@example.com>")
    with pytest.raises(errors.TokenInvalid):
        api_tokens.find(token.plain)


def test_revoking_twice_is_recorded_once(account):
    token = make_api_token(account)

    assert [api_tokens.revoke(token, by=TESTER) for _ in range(2)] == [True, False]
    assert AuditEntry.objects.filter(action="api_token_revoked").count() == 1


def test_a_reason_is_asked_for(owner, account):
    token = make_api_token(account)

    assert owner.post(f"/api-tokens/{token.pk}/revoke/", {"reason": ""}).status_code == 422


def test_only_the_accounts_owners_see_and_revoke(manager, viewer, stranger, staff, account):
    token = make_api_token(account)
    revoke = f"/api-tokens/{token.pk}/revoke/"

    for page in ("/api-tokens/", ADD, revoke):
        answers = [person.get(page).status_code for person in (manager, viewer, staff)]
        assert answers == [403, 403, 404]
    assert stranger.post(revoke, {"reason": "x"}).status_code == 404
    assert token.starts_with not in stranger.get("/api-tokens/").text
    assert ApiToken.objects.working().count() == 1


@pytest.mark.parametrize("rows", [1, 3])
def test_needs_as_many_queries_for_many_tokens(owner, account, django_assert_num_queries, rows):
    for _ in range(rows):
        make_api_token(account)

    with django_assert_num_queries(5):
        assert len(owner.get("/api-tokens/").context["rows"]) == rows


def test_owners_are_told_once_before_it_ends(account, mailoutbox):
    MembershipFactory(account=account, user__email="priya@example.com")
    MembershipFactory(account=account, role="manager")
    MembershipFactory(account=account, user__is_active=False)
    MembershipFactory(account=AccountFactory())
    make_api_token(account, days=13)
    make_api_token(account, Scope.LICENCES, days=20)

    tasks.tell_of_ending_api_tokens()
    tasks.tell_of_ending_api_tokens()

    (sent,) = mailoutbox
    assert sent.to == ["priya@example.com"]
    assert sent.subject == "API token “Report” ends in 13 days"
    assert "http://testserver/api-tokens/" in sent.body.splitlines()


def test_a_token_that_works_no_more_is_not_told_of(account):
    api_tokens.revoke(make_api_token(account, days=5), by=TESTER)
    token = make_api_token(account)
    ApiToken.objects.filter(pk=token.pk).update(ends_at=database_time())

    assert api_tokens.tell_of_ends() == 0
