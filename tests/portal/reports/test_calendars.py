"""The calendar of what ends, as a program reads it from its secret address."""

from __future__ import annotations

import datetime as dt
import re

from django.test import Client
from icalendar import Calendar

from licensing.models import Licence
from portal.models import ApiToken, Membership, Role
from tests.factories import make_api_token, make_pool
from tests.pages import last_entry

END = dt.date(2027, 1, 14)
TOKEN_ENDS = dt.datetime(2027, 3, 29, 23, 0, tzinfo=dt.UTC)  # midnight in London's summer


def made(browser):
    """The path of a new address, and what stands there."""
    page = browser.post("/calendar/make/", {})
    path = re.search(r"http://testserver(/calendar/[\w-]+\.ics)", page.text)[1]
    return path, Client().get(path)


def events(answer):
    """Summaries by day, as another parser reads them."""
    read = Calendar.from_ical(answer.content)
    assert read.errors == []
    return {str(one["summary"]): one.decoded("dtstart") for one in read.walk("VEVENT")}


def test_has_what_ends_as_whole_days_as_far_as_its_person_sees_it(owner, viewer, account):
    pool = make_pool(3, account=account, name="London planners", ends_on=END)
    Licence.objects.filter(pk=pool.licence_id).update(name="Büro; a,b\\n" + "x" * 80)
    make_api_token(account)
    ApiToken.objects.update(ends_at=TOKEN_ENDS)

    _path, of_owner = made(owner)
    _path, of_viewer = made(viewer)

    licences = {"Last day of Büro; a,b\\n" + "x" * 80: END}
    assert of_owner["Content-Type"] == "text/calendar; charset=utf-8"
    assert events(of_owner) == licences | {
        "Last day of the API token “Report”": dt.date(2027, 3, 29)
    }
    assert events(of_viewer) == licences
    assert b"DTSTART;VALUE=DATE:20270114\r\nDTEND;VALUE=DATE:20270115" in of_owner.content
    assert max(map(len, of_owner.content.split(b"\r\n"))) <= 75


def test_is_asked_for_again_only_when_it_changed(owner, account, pool):
    path, first = made(owner)
    again = Client(headers={"If-None-Match": first["ETag"]})

    assert again.get(path).status_code == 304
    Licence.objects.update(ends_on=END)
    changed = again.get(path)
    assert (changed.status_code, list(events(changed).values())) == (200, [END])


def test_another_address_replaces_it_and_whoever_left_reads_nothing(owner, viewer, account):
    before, _answer = made(owner)
    path, _answer = made(owner)
    assert last_entry()[0] == "calendar_address_made"
    assert Client().get(before).status_code == 404
    assert Client().get(path).status_code == 200
    owner.post("/calendar/remove/", {})
    assert Client().get(path).status_code == 404

    path, _answer = made(viewer)
    Membership.objects.filter(account=account, role=Role.VIEWER).delete()
    assert Client().get(path).status_code == 404
