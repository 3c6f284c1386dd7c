"""An address that fails for good is kept as failing, shown to who can mend it, and cleared."""

from __future__ import annotations

from anymail.signals import AnymailTrackingEvent, tracking
from django.utils import timezone

from portal.mail import bounces, deliveries, failing
from portal.mail.transport import Text
from portal.models import Delivery, MailFailure, User
from portal.people import email_changes
from portal.words.times import date_in_words
from tests.factories import TESTER, ago

TOM = "tom@example.com"
BACK = {"event_type": "bounced", "recipient": "Tom@example.com"}


def mail(to=TOM):
    deliveries.keep("webhook_off", Text("A", "B", "C"), to=to)
    deliveries.deliver(at_once=True)


def tom():
    user = User.objects.get(name="Tom Reed")
    return user.mail_fails_because, failing.is_left_alone(user)


def shown(browser):
    return [one.text for one in browser.get("/").context["attention"] if "address:" in one.name]


def test_one_that_is_refused_fails_until_a_mail_is_taken(owner, manager, mail_server, caplog):
    for command, answer in {"RCPT": "550 no such person", "DATA": "554 too large"}.items():
        mail_server.answers = {command: answer}
        mail()
        assert tom() == ("refused", True)  # and a mail that is refused is no mail that arrived
    assert User.objects.exclude(mail_fails_because="").count() == 1
    assert Delivery.objects.failed().count() == 2
    assert TOM not in caplog.text

    today = date_in_words(timezone.localdate(), today=timezone.localdate())
    line = f"Tom Reed: Mails have not arrived since {today}. The mail server refuses this address."
    assert shown(owner) == [line]
    assert shown(manager) == [line]
    assert "The mail server refuses this address." in owner.get("/people/").text

    mail_server.answers = {}
    mail()
    assert tom() == ("", False)
    assert shown(owner) == []


def test_a_text_that_is_refused_says_nothing_of_the_address(manager, mail_server):
    mail_server.answers["DATA"] = "554 too large"
    mail()

    assert tom() == ("", False)


def test_one_from_which_mails_come_back_fails_until_they_arrive(manager, mail_server):
    tracking.connect(bounces.hear)
    stories = [
        ({"reject_reason": "spam"}, ""),
        ({"event_type": "deferred"}, ""),
        ({"recipient": None}, ""),
        ({}, "bounced"),
        ({"event_type": "delivered"}, ""),
        ({"event_type": "rejected", "reject_reason": "invalid"}, "bounced"),
    ]
    for more, because in stories:
        event = AnymailTrackingEvent(**(BACK | more))
        tracking.send(sender=None, event=event, esp_name="Any")
        assert tom()[0] == because, more
    tracking.disconnect(bounces.hear)

    mail()  # which the server took, and which may come back
    assert tom() == ("bounced", True)
    User.objects.update(mail_failed_at=ago(days=8))
    mail()
    assert tom() == ("", False)


def test_another_address_begins_anew(manager):
    failing.note(TOM, MailFailure.REFUSED)

    email_changes.replace(User.objects.get(email=TOM), "t@example.com", by=TESTER, reason="Typo.")

    assert tom() == ("", False)
