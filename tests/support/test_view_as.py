"""Support sees an account as its owner does: how that begins, what it shows, how it is over."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db.models import F
from django.test import Client
from django.utils import timezone

from licensing.models import AuditEntry
from portal.models import Alert, Role, User, Visit
from portal.sign_in import visits
from portal.words.aliases import real_names
from portal.words.sentences import sentence
from tests.factories import AccountFactory, MembershipFactory, make_pool, make_session
from tests.people import signed_in
from tests.support.vendor import staff

WHY = {"kind": "The customer asked", "reason": "They see no sessions.", "ticket": "4821"}
BANNER = "Support (Anna Kowalski, ticket 4821) is viewing Brook &amp; Co as its owner sees it."


@pytest.fixture
def brook():
    """An account with a pool, and two owners and a manager who read mails."""
    account = AccountFactory(name="Brook & Co")
    make_session(make_pool(10, account=account, name="London planners"))
    for name, role in (("priya", Role.OWNER), ("ola", Role.OWNER), ("tom", Role.MANAGER)):
        MembershipFactory(account=account, role=role, user__email=f"{name}@brook.example")
    return account


def begin(browser, account, **other):
    """Begin a view; the answer to the form."""
    return browser.post(f"/support/accounts/{account.pk}/view-as/", WHY | other)


def said(account):
    """What the account's record says of views, the last last."""
    entries = account.audit_entries.filter(action__startswith="support_view").order_by("number")
    return [(entry.actor_kind, sentence(entry, real_names(account))) for entry in entries]


def test_is_read_only_and_told_to_the_owners_and_both_records(support, brook, mailoutbox):
    asked = support.get(f"/support/accounts/{brook.pk}/view-as/").text
    assert "The account's owners get a mail at once" in asked.replace("&#x27;", "'")

    assert begin(support, brook)["Location"] == "/"

    home, people = support.get("/").text, support.get("/people/").text
    assert all(BANNER in page and "Read only. Ends" in page for page in (home, people))
    assert "priya@brook.example" in people
    assert "/support/" not in [item.url for item in support.get("/").context["nav"]]
    assert {(one.to[0], one.subject) for one in mailoutbox} == {
        ("priya@brook.example", "Support viewed your account (ticket 4821)"),
        ("ola@brook.example", "Support viewed your account (ticket 4821)"),
    }
    assert "Anna Kowalski of our support sees Brook & Co as you do" in mailoutbox[0].body
    assert "The customer asked. They see no sessions." in mailoutbox[0].body
    entry = brook.audit_entries.get(action=visits.BEGAN)
    assert entry.reason == "The customer asked. They see no sessions."

    ended = support.post("/support/view-as/end/")

    assert ended["Location"] == f"/support/accounts/{brook.pk}/"
    assert (support.get("/licences/").status_code, support.get("/").status_code) == (404, 302)
    assert said(brook) == [
        ("support", "Support (Anna Kowalski) began to view Brook & Co as its owner sees it "
                    "(ticket 4821)."),
        ("support", "Support (Anna Kowalski) ended their view of Brook & Co."),
    ]  # fmt: skip
    assert support.post("/support/view-as/end/")["Location"] == "/support/"
    assert len(said(brook)) == 2


@pytest.mark.parametrize("other", [{"reason": "Too short"}, {"kind": "Curious"}], ids=str)
def test_asks_why_in_ten_characters_or_more(support, brook, other):
    assert begin(support, brook, **other).status_code == 422
    assert not Visit.objects.exists()


def test_is_for_support_alone(sales, brook):
    auditor, owner = (
        signed_in(staff("Auditor")),
        signed_in(User.objects.get(email__startswith="pri")),
    )
    page = f"/support/accounts/{brook.pk}/view-as/"

    found = [browser.get(page).status_code for browser in (sales, auditor, owner, Client())]
    assert found == [403, 403, 404, 302]
    assert [begin(browser, brook).status_code for browser in (sales, auditor, owner)] == [
        403,
        403,
        404,
    ]
    assert begin(signed_in(staff("Support")), AccountFactory(pk=987654)).status_code == 302
    desks = [
        browser.get(f"/support/accounts/{brook.pk}/")
        for browser in (sales, signed_in(staff("Support")))
    ]
    assert ["/view-as/" in desk.text for desk in desks] == [False, True]


def test_shows_that_account_alone(support, brook):
    other = make_pool(5, account=AccountFactory(name="Hill & Dale"), name="Site managers")
    begin(support, brook)

    assert support.get(f"/licences/{brook.licences.get().pk}/").status_code == 200
    assert support.get(f"/licences/{other.licence_id}/").status_code == 404
    assert "Site managers" not in support.get("/licences/").text
    refused = support.post(f"/support/accounts/{other.account_id}/view-as/", WHY)
    assert refused.status_code == 403
    assert not other.account.audit_entries.filter(action=visits.BEGAN).exists()


def test_is_over_after_half_an_hour_wherever_one_is(support, brook):
    begin(support, brook)

    with time_machine.travel(timezone.now() + dt.timedelta(minutes=31)):
        refused = support.get("/licences/")

    assert refused["Location"] == f"/support/accounts/{brook.pk}/"
    assert support.get("/licences/").status_code == 404
    assert said(brook)[1:] == [
        (
            "system",
            "The view of Brook & Co by Anna Kowalski of our support ended after half an hour.",
        )
    ]


def test_is_over_without_anybody_coming_back(support, brook):
    begin(support, brook)
    hour = dt.timedelta(hours=1)
    Visit.objects.update(began_at=F("began_at") - hour, ends_at=F("ends_at") - hour)

    assert [visits.end_overdue(), visits.end_overdue()] == [1, 0]
    assert [kind for kind, _said in said(brook)] == ["support", "system"]
    assert support.get("/sessions/").status_code == 302


@pytest.mark.parametrize(
    "lose",
    [lambda anna: anna.groups.clear(), lambda anna: User.objects.update(is_staff=False)],
    ids=["the group", "the work"],
)
def test_is_over_with_the_right(support, brook, lose):
    begin(support, brook)

    lose(User.objects.get(name="Anna Kowalski"))

    assert support.get("/licences/").status_code == 302
    assert support.get("/licences/").status_code == 404
    assert "they have no right to it any more" in said(brook)[-1][1]


def test_is_over_when_one_signs_out(support, brook):
    begin(support, brook)

    assert support.post("/accounts/logout/").status_code == 302

    assert said(brook)[-1] == ("support", "Support (Anna Kowalski) ended their view of Brook & Co.")
    assert Visit.objects.get().ended_at


def test_is_of_one_browser(support, brook):
    begin(support, brook)

    other = signed_in(User.objects.get(name="Anna Kowalski"))

    assert other.get("/licences/").status_code == 404
    assert not AuditEntry.objects.filter(action=visits.ENDED).exists()
    assert not Alert.objects.exists()
