"""A report is stopped in one press, by its reader's signed address, as RFC 8058 has it."""

from __future__ import annotations

import re

from django.test import Client

from portal.models import Report, Role
from portal.reports import sending
from tests.pages import last_entry
from tests.portal.reports.ordered import everybody, member, order


def stranger():
    """A mail program, which has no cookie of ours and comes from elsewhere."""
    return Client(enforce_csrf_checks=True, headers={"Origin": "https://mail.example"})


def test_a_press_stops_it_for_its_reader_alone_and_a_look_does_not(
    owner, manager, account, mailoutbox
):
    person = member(account, Role.OWNER)
    report = order(person, readers=everybody(account))
    sending.send_now(report, person)
    addresses = {mail.to[0]: mail.extra_headers["List-Unsubscribe"] for mail in mailoutbox}
    for mail in mailoutbox:
        assert mail.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert addresses[mail.to[0]].strip("<>") in mail.body
    [path, other] = [
        re.sub("^<http://testserver|>$", "", addresses[email])
        for email in ("tom@example.com", "priya@example.com")
    ]

    page = stranger().get(path)
    assert (page.status_code, page.context["state"]) == (200, "open")
    assert "You will no longer get this report of Brook &amp; Co by mail at tom@" in page.text
    assert report.places.count() == 2
    for state in ("done", "over"):
        answer = stranger().post(path, {"List-Unsubscribe": "One-Click"})
        assert (answer.status_code, answer.context["state"]) == (200, state)
    assert [place.person for place in report.places.all()] == [person.user]

    cut = stranger().post(path[:-4] + "xyz/")
    assert "This link is not complete" in cut.text
    stranger().post(other)  # nobody is left to read it
    assert not Report.objects.exists()
    assert last_entry()[0] == "report_ended"
