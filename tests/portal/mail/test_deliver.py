"""Delivery: a mail is kept with what it tells of, and tried until it is there or cannot be."""

from __future__ import annotations

import datetime as dt
import socket

import pytest
from cryptography.fernet import Fernet
from django.db import transaction
from django.db.models import F

from portal.mail import deliveries, transport
from portal.mail.deliveries import Tally
from portal.mail.transport import Text
from portal.models import Delivery
from tests.factories import ago
from tests.smtp import mailers

TEXT = Text("Your code", "ABCD-EFGH", "<p>ABCD-EFGH</p>")

pytestmark = pytest.mark.django_db


def keep(to="priya@example.com", **more):
    return deliveries.keep("login_code", TEXT, to=to, **more)


def later(**by):
    """All that happened to deliveries was so long ago."""
    passed = dt.timedelta(**by)
    times = ("created_at", "due_at", "taken_until", "tried_at", "valid_until")
    Delivery.objects.update(**{name: F(name) - passed for name in times})


def state(delivery):
    delivery.refresh_from_db()
    return delivery.state, delivery.trouble, delivery.tries


def test_is_sent_once_and_then_forgotten(mail_server):
    kept = keep()

    assert deliveries.deliver() == Tally(sent=1, failed=0, waiting=0)
    assert deliveries.deliver() == Tally(sent=0, failed=0, waiting=0)

    [mail] = mail_server.taken
    assert (mail["To"], mail["Subject"]) == ("priya@example.com", "Your code")
    assert mail["Message-ID"] == f"<{kept.message_id}@example.com>"
    assert state(kept) == ("sent", "", 1)
    assert bytes(kept.content) == b""


def test_what_was_undone_is_never_told(mail_server):
    with transaction.atomic():
        keep()
        transaction.set_rollback(True)

    assert deliveries.deliver() == Tally(0, 0, 0)


def test_codes_stand_in_no_row_and_no_log(mail_server, caplog, capsys):
    kept = keep()
    mail_server.answers["RCPT"] = "450 later, ABCD-EFGH"
    kept.refresh_from_db()
    content = bytes(kept.content)

    deliveries.deliver()

    assert b"ABCD" not in content
    assert "mail_not_sent" in caplog.text
    assert "ABCD" not in caplog.text + "".join(capsys.readouterr())


@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_a_mail_that_is_refused_has_failed_for_good(mail_server, command):
    refused = keep()
    mail_server.answers[command] = "550 no such person"

    assert deliveries.deliver() == Tally(sent=0, failed=1, waiting=0)

    assert state(refused) == ("failed", "refused", 1)
    assert bytes(refused.content) == b""
    mail_server.answers.clear()
    later(hours=1)
    assert deliveries.deliver() == Tally(0, 0, 0)


@pytest.mark.census
@pytest.mark.parametrize("command", ["RCPT", "DATA"])
def test_one_that_is_put_off_is_tried_again_later_and_later(mail_server, command):
    deferred, other = keep(), keep("tom@example.com")
    mail_server.answers[command] = "451 greylisted"

    waits = []
    for _ in range(8):
        deliveries.deliver()
        assert deliveries.deliver() == Tally(0, 0, 2)
        deferred.refresh_from_db()
        waits.append(round((deferred.due_at - deferred.tried_at).total_seconds() / 60))
        later(minutes=waits[-1])
    mail_server.answers.clear()

    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]
    assert deliveries.deliver() == Tally(2, 0, 0)
    assert state(other) == ("sent", "", 9)


SERVER_TROUBLES = {
    "greeting": "421 too busy",
    "EHLO": "500 what?",
    "MAIL": "550 not from you",
}


@pytest.mark.parametrize("command", SERVER_TROUBLES)
def test_a_server_that_takes_nothing_is_left_alone_for_a_while(mail_server, command):
    first, second = keep(), keep("tom@example.com")
    mail_server.answers |= {command: SERVER_TROUBLES[command], "HELO": "500 what?"}

    deliveries.deliver()
    deliveries.deliver()

    assert state(first) == ("waiting", "unreachable", 1)
    assert state(second) == ("waiting", "", 0)
    mail_server.answers.clear()
    later(minutes=1)
    assert deliveries.deliver() == Tally(2, 0, 0)


@pytest.mark.slow
def test_a_server_that_is_away_for_an_hour_loses_nothing(settings, mail_server):
    keep()
    settings.MAILERS = mailers(1)
    for _minute in range(60):
        deliveries.deliver()
        later(minutes=1)
    settings.MAILERS = mailers(mail_server.port)
    later(minutes=5)

    assert deliveries.deliver() == Tally(1, 0, 0)
    assert Delivery.objects.get().tries < 20


def test_a_name_that_cannot_be_looked_up_is_a_server_that_is_away(settings, monkeypatch):
    def unknown(*_args, **_more):
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    settings.MAILERS = mailers(25, host="mail.example.com")
    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    kept = keep()

    assert deliveries.deliver() == Tally(0, 0, 1)
    assert state(kept) == ("waiting", "unreachable", 1)


def test_a_code_that_has_ended_is_not_sent(mail_server):
    ended = keep(valid_until=ago(seconds=1))

    assert deliveries.deliver() == Tally(sent=0, failed=1, waiting=0)
    assert state(ended) == ("failed", "too_late", 0)
    assert mail_server.taken == []


def test_is_given_up_after_two_days(settings):
    settings.MAILERS = mailers(1)
    kept = keep()
    deliveries.deliver()
    later(days=2)

    assert deliveries.deliver() == Tally(0, 1, 0)
    assert state(kept) == ("failed", "unreachable", 1)


def test_a_worker_that_dies_before_sending_loses_nothing(mail_server):
    kept = keep()
    assert deliveries.take() == kept

    assert deliveries.deliver() == Tally(0, 0, 1)
    later(seconds=deliveries.TAKEN_FOR.total_seconds())
    assert deliveries.deliver() == Tally(1, 0, 0)


def test_one_that_dies_after_sending_repeats_it_with_the_same_id(mail_server, monkeypatch):
    class Killed(BaseException):
        pass

    def killed(*_):
        raise Killed

    keep()
    with monkeypatch.context() as fault:
        fault.setattr(deliveries, "settle", killed)
        with pytest.raises(Killed):
            deliveries.deliver()
    later(seconds=deliveries.TAKEN_FOR.total_seconds())
    deliveries.deliver()

    assert len(mail_server.taken) == 2
    assert len({mail["Message-ID"] for mail in mail_server.taken}) == 1


def test_two_workers_never_take_the_same(mail_server):
    kept = {keep(), keep()}

    assert {deliveries.take(), deliveries.take()} == kept
    assert deliveries.take() is None


def test_what_nobody_needs_any_more_is_not_sent(mail_server):
    withdrawn = keep()

    deliveries.withdraw(withdrawn, None)

    assert deliveries.deliver() == Tally(0, 0, 0)
    assert bytes(Delivery.objects.get().content) == b""


def test_what_no_key_opens_has_failed(mail_server):
    kept = keep()
    Delivery.objects.update(content=Fernet(Fernet.generate_key()).encrypt(b"{}"))

    assert deliveries.deliver() == Tally(0, 1, 0)
    assert state(kept) == ("failed", "unreadable", 1)


def test_an_address_that_nobody_can_write_to_has_failed(mail_server):
    kept = keep("jörg@example.com")

    assert deliveries.deliver() == Tally(0, 1, 0)
    assert state(kept) == ("failed", "refused", 1)


def test_at_once_asks_a_server_again_that_was_away(settings, mail_server):
    settings.MAILERS = mailers(1)
    keep()
    deliveries.deliver()
    settings.MAILERS = mailers(mail_server.port)

    assert deliveries.deliver() == Tally(0, 0, 1)
    assert deliveries.deliver(at_once=True) == Tally(1, 0, 0)


def test_is_forgotten_after_as_many_days_as_are_set(mail_server, settings):
    settings.KEEP_MAILS_DAYS = 10
    keep()
    deliveries.deliver()
    waiting = keep()
    assert deliveries.prune() == 0

    Delivery.objects.exclude(pk=waiting.pk).update(settled_at=ago(days=11))

    assert deliveries.prune() == 1
    assert Delivery.objects.get() == waiting


def test_a_mail_has_a_limit_in_all(settings, silent_server, monkeypatch):
    settings.MAILERS = mailers(silent_server.port, timeout=None)
    monkeypatch.setattr(transport, "LONGEST", 0.2)
    kept = keep()

    assert deliveries.deliver() == Tally(0, 0, 1)
    assert state(kept) == ("waiting", "unreachable", 1)
