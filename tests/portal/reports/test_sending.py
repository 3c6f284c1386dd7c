"""Reports are mailed once for each period, to those who may see what they tell, as they see it."""

from __future__ import annotations

import pytest
from django.db import transaction
from django.utils import translation

from portal.exports import files
from portal.mail import failing, mails
from portal.models import (
    AccountPreferences,
    Delivery,
    Export,
    MailFailure,
    Membership,
    ReportKind,
    Role,
    User,
)
from portal.reports import orders, sending
from tests.factories import ago, make_client, make_session
from tests.portal.reports.ordered import everybody, mailed, make_view, member, order, send

PRIYA, TOM = "priya@example.com", "tom@example.com"


@pytest.fixture
def people(owner, manager, viewer, account, pool):
    """Owner, manager and viewer; somebody is in."""
    make_session(pool, make_client(username="jsmith", machine_name="CAD-017"))
    return [member(account, role) for role in (Role.OWNER, Role.MANAGER, Role.VIEWER)]


def test_each_gets_it_once_however_late_the_worker_is(people, account, mailoutbox):
    report = order(people[0], ReportKind.POSITION, everybody(account))

    assert send(report, seconds=-1) == 0
    assert send(report) == 3
    assert sending.send_due(report.created_at) == 0
    due_then = report.next_on
    assert send(report, days=-1) == 0
    assert send(report, days=17) == 3  # two more periods have passed
    assert send(report, seconds=-1) == 0
    assert (report.next_on - due_then).days == 28
    assert len(mailoutbox) == 6


def test_a_worker_that_dies_in_the_midst_sends_nothing_and_the_next_all(
    people, account, mailoutbox, monkeypatch
):
    report = order(people[0], ReportKind.POSITION, everybody(account))
    write, written = mails.write, []

    def die(*args, **more):
        if written:
            raise KeyboardInterrupt
        written.append(write(*args, **more))

    with monkeypatch.context() as patched, transaction.atomic():
        patched.setattr(mails, "write", die)
        with pytest.raises(KeyboardInterrupt):
            send(report)
    assert not Delivery.objects.exists()

    assert send(report) == 3
    assert sorted(mail.to[0] for mail in mailoutbox) == sorted(u.email for u in everybody(account))


def test_each_gets_what_they_may_see_in_their_words(people, account, mailoutbox):
    owner, manager, viewer = people
    AccountPreferences.objects.create(account=account, shows_aliases=True)
    User.objects.filter(pk=manager.user_id).update(language="de")
    order(owner, ReportKind.USAGE, everybody(account))
    for view, by in ((make_view(owner), owner), (make_view(viewer, is_shared=False), viewer)):
        report = order(by, ReportKind.VIEW, everybody(account) if by == owner else None, view=view)

    with translation.override("en-gb"):
        assert send(report) == 3 + 2 + 1  # a view of others' may name anybody
    texts = {mail.to[0]: mail for mail in mailoutbox}
    assert texts[TOM].subject == "„Everybody“: 1 Zeile"
    assert "jsmith" in str(mailed(mailoutbox)[PRIYA])
    own = mailed([texts[viewer.user.email]])[viewer.user.email]
    assert "jsmith" not in str(own)
    assert "Person " in str(own)
    assert next(iter(own)).endswith(".csv")


def test_whoever_left_may_see_less_or_is_not_reached_gets_nothing(people, account, mailoutbox):
    owner, manager, _viewer = people
    view = make_view(owner, "audit", "")
    report = order(owner, ReportKind.VIEW, everybody(account), view=view)

    assert send(report) == 2  # viewers do not see the audit log
    Membership.objects.filter(pk=manager.pk).update(role=Role.VIEWER)
    assert send(report) == 1
    failing.note(PRIYA, MailFailure.BOUNCED)
    assert send(report) == 0
    User.objects.update(mail_failed_at=ago(days=8))
    Membership.objects.filter(pk=owner.pk).delete()
    assert send(report) == 0
    assert len(mailoutbox) == 3


def test_one_that_is_paused_misses_what_passes_meanwhile(people):
    report = order(people[0])
    orders.pause(report, people[0])
    assert send(report, days=30) == 0

    orders.resume(report, people[0])
    assert send(report, seconds=-1) == 0
    assert send(report) == 1
    assert sending.send_now(report, people[0]) == 1


def test_a_long_list_comes_by_a_link(people, mailoutbox, monkeypatch):
    monkeypatch.setattr(sending, "MOST_ATTACHED", 0)
    report = order(people[0], ReportKind.VIEW, view=make_view(people[0]))

    assert send(report) == 1
    [mail] = mailoutbox
    assert mail.attachments == []
    assert "Another mail brings a link to it." in mail.body
    assert Export.objects.get().person == people[0].user
    assert files.make_ordered() == 1
    assert mailoutbox[1].subject.startswith("Your export is ready")
