"""The weekly summary: last week's peak and denials, from the hours that were counted."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing.models import Account
from portal.models import Membership, Report, Role
from portal.reports import sending
from tests.factories import make_pool
from tests.licensing.usage.past import limits_were, refused_then, session_then
from tests.portal.reports.ordered import last_monday, member, order


@pytest.fixture
def used(owner, account, pool):
    """Two pools, last Monday noon."""
    noon = last_monday()
    for name in ("anna", "bert"):
        session_then(pool, noon, noon + dt.timedelta(minutes=90), person=name)
    other = make_pool(1, account=account, name="Site")
    session_then(other, noon, noon + dt.timedelta(minutes=30))
    refused_then(other, noon + dt.timedelta(minutes=10))
    for key, seats in ((pool, 10), (other, 1)):
        limits_were(key, noon - dt.timedelta(days=1), seats)
    return member(account, Role.OWNER)


def test_says_what_the_week_was_like_in_its_subject(used, mailoutbox):
    sending.send_now(order(used), used)

    [mail] = mailoutbox
    assert mail.subject == "Last week: peak 3 of 11, 1 denial"
    assert "Site: peak 1 of 1, 1 denial, full for 30 m." in mail.body
    assert "London planners: peak 2 of 10, 0 denials." in mail.body
    assert mail.attachments == []

    Membership.objects.create(
        account=Account.objects.create(name="Other"), user=used.user, role=Role.VIEWER
    )
    sending.send_now(Report.objects.get(), used)
    assert mailoutbox[1].subject == "Brook & Co: Last week: peak 3 of 11, 1 denial"


def test_says_that_there_was_none(owner, account, pool, mailoutbox):
    person = member(account, Role.OWNER)
    sending.send_now(order(person), person)

    assert mailoutbox[0].subject == "Last week: no use"
