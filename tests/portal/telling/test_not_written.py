"""A message that cannot be written keeps no other one: it is tried again by itself, later."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.db.models.functions import Now
from structlog.testing import capture_logs

from licensing import licences
from licensing.models import OutboxEvent
from portal.alerts import sending as alerts
from portal.alerts import words
from portal.mail import deliveries as mails
from portal.mail import transport
from portal.mail.transport import Text
from portal.models import AlertNotice, Report, Webhook, WebhookDelivery
from portal.people import vendor_deeds
from portal.reports import sending as reports
from portal.telling import fan_out
from portal.webhooks import documents, outcomes, sending
from tests.factories import TESTER, AccountFactory, MembershipFactory, make_pool, make_session
from tests.people import browser_of
from tests.portal.alerts.made import make_rule, watch
from tests.portal.webhooks.made import deliver_later, make_hook, rename


def raises_for(is_bad, otherwise):
    """A writer that raises for some."""

    def write(first, *rest, **more):
        if is_bad(first):
            raise KeyError("planted")
        return otherwise(first, *rest, **more)

    return write


@pytest.fixture
def licence(pool):
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    return pool.licence


def test_a_webhook_gets_the_others_and_is_not_called_failing(
    account, licence, receiver, monkeypatch
):
    hook = make_hook(account, receiver.address())
    rename(licence, times=3)
    bad = WebhookDelivery.objects.order_by("pk").first()
    write = raises_for(lambda delivery: delivery.pk == bad.pk, documents.body_of)
    with monkeypatch.context() as planted, capture_logs() as logged:
        planted.setattr(documents, "body_of", write)
        first = sending.deliver()
    bad.refresh_from_db()
    browser = browser_of(account, "owner")
    page = browser.get(f"/webhooks/{hook.pk}/").content.decode()

    assert (first, deliver_later()) == ((2, 0, 1), (1, 0, 0))
    assert (bad.state, bad.tries, bad.trouble) == ("waiting", 1, outcomes.NOT_WRITTEN)
    assert bad.due_at - bad.tried_at >= outcomes.WAITS[0]
    assert "It could not be put together on our side." in page
    assert [one["delivery"] for one in logged if one["event"] == "webhook_not_written"] == [bad.pk]
    assert Webhook.objects.get().failing_since is None


def test_readers_are_told_of_the_other_alerts(account, licence, mailoutbox, monkeypatch):
    for email in ("priya@brook.example", "tom@brook.example"):
        MembershipFactory(account=account, role="owner", user__email=email)
    make_rule(account, "pool_full", threshold=100)
    for name in ("Leeds", "York"):
        make_session(make_pool(1, account=account, name=name))
    says = raises_for(lambda notice: notice.alert.licence.name == "Leeds", words.notice_says)
    with monkeypatch.context() as planted:
        planted.setattr(words, "notice_says", says)
        watch()
    put_off = AlertNotice.objects.waiting()
    told = sorted(
        (mail.to[0], "York" in mail.subject) for mail in mailoutbox if "/alerts/stop/" in mail.body
    )
    waits = {one.due_at > one.alert.opened_at + alerts.FIRST_WAIT for one in put_off}
    tries = [one.failed_tries for one in put_off]
    put_off.update(due_at=Now())
    alerts.send()

    assert told == [("priya@brook.example", True), ("tom@brook.example", True)]
    assert (waits, tries) == ({True}, [2, 2])  # with the others, then by itself
    assert not AlertNotice.objects.waiting()


@pytest.mark.django_db
def test_a_mail_keeps_no_other_mail(mail_server, monkeypatch):
    bad, _good = (
        mails.keep("alert", Text(subject, "ABCD", "<p>ABCD</p>"), to="priya@brook.example")
        for subject in ("Bad", "Good")
    )
    compose = raises_for(lambda text: text.subject == "Bad", transport.compose)
    with monkeypatch.context() as planted:
        planted.setattr(transport, "compose", compose)
        first = mails.deliver()
    bad.refresh_from_db()

    assert first == (1, 0, 1)
    assert (bad.state, bad.trouble, bad.taken_until) == ("waiting", "not_written", None)
    assert bad.due_at >= bad.tried_at + mails.FIRST_WAIT
    assert [mail["Subject"] for mail in mail_server.taken] == ["Good"]


def test_an_account_that_cannot_be_told_keeps_its_events_and_no_other_account(
    account, licence, monkeypatch
):
    other = make_pool(1, account=AccountFactory()).licence
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    for mine in (licence, other):
        licences.rename(mine, "Planners", by=TESTER)
    tell = raises_for(lambda told: told == account, vendor_deeds.tell)
    monkeypatch.setitem(fan_out.RECEIVERS, "vendor_deeds", tell)

    fan_out.tell()
    waiting = [event.account_id for event in OutboxEvent.objects.pending()]
    monkeypatch.setitem(fan_out.RECEIVERS, "vendor_deeds", vendor_deeds.tell)
    fan_out.tell()

    assert waiting == [account.pk]
    assert not OutboxEvent.objects.pending()


def test_a_report_keeps_no_other_report(account, monkeypatch):
    monkeypatch.setattr(
        reports, "send_if_due", raises_for(lambda number: number == 1, lambda *_: 1)
    )

    assert [reports.send_if_possible(number, None) for number in (1, 2)] == [0, 1]
    assert not Report.objects.exists()
