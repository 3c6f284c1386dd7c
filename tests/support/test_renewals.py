"""Renewals that are due: the list, its file, renewing, and the calendar of a member of staff."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client

from licensing import emergency_seats, licences
from licensing.models import Licence
from licensing.models.licences import LicenceState
from portal.models import Role
from portal.people import staff as people
from support import renewal_calendars
from support.models import OrderReference, RenewalCalendar
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    days_from_today,
    make_client,
    make_pool,
    make_session,
)
from tests.kept import kept
from tests.people import signed_in
from tests.support.acting import address, confirm, told
from tests.support.vendor import staff

PAGE = "/support/renewals/"


@kept
def brook():
    """An account with an owner, and licences that end at different times."""
    account = AccountFactory(name="Brook & Co")
    MembershipFactory(account=account, role=Role.OWNER, user__email="priya@brook.example")
    for name, days in (
        ("Soon", 20), ("Later", 50), ("Next year", 300), ("Past", -9), ("Long over", -400)
    ):  # fmt: skip
        make_pool(12, account=account, name=name, ends_on=days_from_today(days))
    make_pool(1, account=account, name="Without end")
    closed = make_pool(1, account=account, name="Closed", ends_on=days_from_today(5)).licence
    licences.set_state(closed, LicenceState.CLOSED, by=TESTER)
    return account


def named(client, **asked):
    """The licences on the page, in its order."""
    page = client.get(PAGE, query_params=asked)
    return [row["licence"].name for row in page.context["rows"]]


@pytest.mark.parametrize(
    ("due", "names"),
    [
        ("30", ["Soon"]),
        ("60", ["Soon", "Later"]),
        ("90", ["Soon", "Later"]),
        ("over", ["Past"]),
        ("", ["Soon", "Later"]),
        ("nonsense", ["Soon", "Later"]),
    ],
)
def test_a_window_has_what_ends_in_it(sales, brook, due, names):
    assert named(sales, due=due) == names


def test_a_window_is_narrowed_to_an_account_or_a_product(sales, brook):
    make_pool(1, account=AccountFactory(name="Hill"), name="Hill's", ends_on=days_from_today(9))

    assert named(sales, account="hill") == ["Hill's"]
    assert named(sales, product="asta-powerproject-4d") == []


def test_a_row_tells_what_to_know_before_one_calls(sales, brook):
    licence = Licence.objects.get(name="Soon")
    for number in range(3):
        make_session(licence.keys.get(), make_client(username=f"u{number}"))
    emergency_seats.give(licence, 2, hours=9, by=TESTER)
    for reference in ("SO-1", "SO-2"):
        OrderReference.objects.create(licence=licence, reference=reference, act="seats")

    [row] = sales.get(PAGE, query_params={"due": "30"}).context["rows"]

    told = row["renewal"]
    assert (told.peak, told.order, told.owners) == (3, "SO-2", "priya@brook.example")
    assert told.licence.ordered_seats == 12


@pytest.mark.parametrize("rows", [1, 3])
def test_a_page_takes_as_many_queries_however_long_it_is(sales, rows, django_assert_num_queries):
    for number in range(rows):
        account = MembershipFactory(role=Role.OWNER).account
        make_pool(1, account=account, name=f"P{number}", ends_on=days_from_today(9))
    sales.get(PAGE)

    with django_assert_num_queries(12):
        sales.get(PAGE)


def test_a_licence_is_renewed_for_a_year_after_its_last_day(sales, brook):
    licence = Licence.objects.get(name="Past")
    renew = next(row["renew"] for row in sales.get(PAGE + "?due=over").context["rows"])

    form = sales.get(renew).context["form"]
    page = sales.post(address("licence", "term", licence), form.initial, follow=True)
    answer = confirm(sales, page)

    a_year_on = licence.ends_on + dt.timedelta(days=365)
    assert abs((Licence.objects.get(pk=licence.pk).ends_on - a_year_on).days) <= 1
    assert told(answer)[0].startswith("Past: last day")


def test_a_file_has_all_of_it_and_who_took_it_is_kept(sales, brook):
    answer = sales.post(PAGE + "export/?due=60&account=brook", {"format": "csv"})

    text = answer.getvalue().decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text))
    assert [row[header.index("Licence")] for row in rows] == ["Soon", "Later"]
    assert rows[0][header.index("Owners")] == "priya@brook.example"
    assert LogEntry.objects.get().get_change_message() == "Exported 2 renewals."


@pytest.mark.parametrize(("group", "status"), [("Support", 403), ("Auditor", 200)])
def test_it_is_for_sales_supervisors_and_auditors(brook, group, status):
    browser = signed_in(staff(group))
    page = browser.get(PAGE)

    assert page.status_code == status
    answer = browser.post(PAGE + "export/", {"format": "csv"})
    answer.close()
    assert answer.status_code == status
    assert ">Renew</a>" not in page.text


def make_address(browser):
    """Make one's calendar's address, and what the page shows."""
    where = PAGE + "calendar/make/"
    seen = re.search(r'name="seen" value="(\w+)"', browser.get(where).text)[1]
    shown = browser.post(where, {"seen": seen})
    return re.search(r"/support/renewals/calendar/[\w-]+\.ics", shown.text)[0]


def test_a_calendar_tells_which_seats_end_when_and_nothing_secret(sales, brook):
    at = make_address(sales)

    text = Client().get(at).content.decode().replace("\r\n ", "")

    day = days_from_today(20)
    assert "SUMMARY:Brook & Co: Soon\\, 12 seats end" in text
    assert f"DTSTART;VALUE=DATE:{day:%Y%m%d}" in text
    assert f"DTEND;VALUE=DATE:{day + dt.timedelta(days=1):%Y%m%d}" in text
    assert [name in text for name in ("Past", "Later", "Next year")] == [True] * 3
    assert [name in text for name in ("Closed", "Without end", "priya@")] == [False] * 3
    keys = [str(key) for one in brook.licences.all() for key in one.keys.all()]
    assert not any(key in text for key in keys)


def test_an_unchanged_calendar_is_not_sent_twice(sales, brook):
    at = make_address(sales)
    etag = Client().get(at)["ETag"]

    assert Client().get(at, headers={"If-None-Match": etag}).status_code == 304


def test_a_new_address_takes_the_place_of_the_old_one_and_one_is_removed(sales, brook):
    old = make_address(sales)
    new = make_address(sales)

    assert (Client().get(old).status_code, Client().get(new).status_code) == (404, 200)
    assert new not in sales.get(PAGE).text
    where = PAGE + "calendar/remove/"
    seen = re.search(r'name="seen" value="(\w+)"', sales.get(where).text)[1]
    sales.post(where, {"seen": seen})
    assert Client().get(new).status_code == 404


@pytest.mark.parametrize("rights", [{"is_staff": False, "groups": []},
                                    {"is_staff": True, "groups": ["Support"]}])  # fmt: skip
def test_an_address_ends_with_the_right_to_see_renewals(brook, rights):
    person = staff("Sales")
    code = renewal_calendars.make(person)
    where = f"{PAGE}calendar/{code}.ics"
    assert Client().get(where).status_code == 200

    people.set_rights(person, **rights, by=TESTER, reason="They left.")

    assert Client().get(where).status_code == 404


def test_who_is_kept_out_has_no_calendar_any_more(superuser, brook):
    person = staff("Sales")
    renewal_calendars.make(person)
    page = superuser.post(address("user", "lock-out", person), {}, follow=True)

    confirm(superuser, page)

    assert not RenewalCalendar.objects.exists()
