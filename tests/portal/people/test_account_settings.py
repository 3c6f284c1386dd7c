"""What owners settle for the whole account."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing.models import AuditEntry
from licensing.usage import working_time
from portal.people import privacy
from portal.words import zones
from portal.words.aliases import Names
from portal.words.sentences import sentence
from tests.factories import TESTER, make_pool
from tests.pages import last_entry, said

PAGE = "/settings/refusals/"
HOURS = "/settings/working-hours/"
SATURDAYS = {"days": ["5", "0", "1"], "opens": "06:30", "closes": "00:00"}
ASK = "Ask Priya Shah,\nextension 204."


def send(browser, page=PAGE, **sent):
    """Fill the form in and send it."""
    return browser.post(page, {"reason": "People asked"} | sent)


def test_owners_say_what_refused_people_are_told(owner, account):
    response = send(owner, contact=f"  {ASK} \n", shows_holders="on")

    account.refresh_from_db()
    assert (account.contact, account.shows_holders) == (ASK, True)
    assert response["Location"] == "/settings/"
    page = owner.get("/settings/").text
    assert "Ask Priya Shah,<br>extension 204." in page
    assert "Told by user name, when all seats are taken." in page


def test_at_first_nothing_is_told(owner):
    page = owner.get("/settings/").text

    assert "Nobody is named." in page
    assert "Not told." in page


def test_the_record_says_what_changed_but_not_what_it_says(owner):
    send(owner, contact=ASK, shows_holders="on")

    entries = AuditEntry.objects.order_by("number").values_list("action", "reason")
    assert list(entries) == [
        ("refusal_contact_changed", "People asked"),
        ("holders_named_changed", "People asked"),
    ]
    assert "Priya Shah," not in str(list(AuditEntry.objects.values_list("details", flat=True)))


def test_the_same_again_leaves_no_entry(owner):
    send(owner, contact=ASK)
    response = send(owner, contact=ASK)

    assert said(response)[-1] == ("success", "Nothing was changed.")
    assert AuditEntry.objects.count() == 1
    assert last_entry()[0] == "refusal_contact_changed"


@pytest.mark.parametrize(
    "contact", ["a\nb\nc", "x" * 201, "Ask \u202eAnn", pytest.param(None, id="a product key")]
)
def test_refuses_what_cannot_be_told(owner, account, contact):
    contact = contact or f"Use {make_pool().plain.lower()} instead."

    response = send(owner, contact=contact)

    account.refresh_from_db()
    assert (response.status_code, account.contact) == (422, "")


def test_warns_who_shows_aliases_that_names_are_real_there(owner, account):
    before = owner.get(PAGE).text
    privacy.show_aliases(account, True, by=TESTER)

    warning = "User names are the real ones there"
    assert [warning in page for page in (before, owner.get(PAGE).text)] == [False, True]


def test_owners_set_the_working_hours(owner, account):
    assert "Mon to Fri, 07:00 to 19:00" in owner.get("/settings/").text

    assert said(send(owner, HOURS, **SATURDAYS)) == [("success", "Saved.")]

    account.refresh_from_db()
    working = working_time.of_account(account)
    assert (working.days, working.opens) == ((0, 1, 5), dt.timedelta(hours=6.5))
    assert working.closes == working_time.DAY
    assert "Mon, Tue, Sat, 06:30 to 24:00" in owner.get("/settings/").text
    (entry,) = AuditEntry.objects.all()
    before, after = "Mon to Fri, 07:00 to 19:00", "Mon, Tue, Sat, 06:30 to 24:00"
    assert f"working hours from “{before}” to “{after}”." in sentence(entry, Names(account, False))
    assert said(send(owner, HOURS, **SATURDAYS))[-1] == ("success", "Nothing was changed.")


@pytest.mark.parametrize(
    ("sent", "word"),
    [
        ({"days": []}, "Choose at least one day."),
        ({"opens": "soon"}, "Give a time of day, such as 07:00 or 17:30."),
        ({"opens": "06:31"}, "quarters of an hour"),
        ({"closes": "06:30"}, "give a later time"),
    ],
)
def test_hours_that_cannot_be_say_why(owner, account, sent, word):
    response = send(owner, HOURS, **SATURDAYS | sent)

    account.refresh_from_db()
    assert (response.status_code, account.works_from) == (422, dt.time(7))
    assert word in response.text


@pytest.mark.parametrize("who", ["manager", "viewer"])
def test_others_settle_nothing(request, who, account):
    browser = request.getfixturevalue(who)

    assert browser.get("/settings/").status_code == 403
    assert browser.post(PAGE, {"contact": "x", "reason": "x"}).status_code == 403
    assert browser.post(HOURS, SATURDAYS | {"reason": "x"}).status_code == 403
    account.refresh_from_db()
    assert account.contact == ""


def test_zones_are_offered_under_the_names_that_they_have_now(owner, account):
    """An account that chose one of before keeps it."""
    account.time_zone = "Asia/Calcutta"
    account.save(update_fields=["time_zone"])

    kept = dict(owner.get("/settings/time-zone/").context["form"].fields["time_zone"].choices)
    offered = dict(zones.choices())

    assert {"UTC", "Asia/Kolkata", "Europe/London"} <= offered.keys()
    assert not {"Asia/Calcutta", "America/Knox_IN", "Australia/LHI"} & offered.keys()
    assert kept.keys() - offered.keys() == {"Asia/Calcutta"}
