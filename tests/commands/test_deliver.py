from __future__ import annotations

import pytest

from portal.mail import deliveries
from portal.mail.transport import Text
from tests.factories import AccountFactory, make_webhook
from tests.smtp import mailers


@pytest.fixture
def kept(db):
    """A mail that waits."""
    return deliveries.keep("login_code", Text("A", "B", "C"), to="priya@example.com")


def tally(**counted):
    """What the command says where nothing has waited for long."""
    return counted | {"oldest_waiting_seconds": 0}


@pytest.mark.usefixtures("kept")
def test_sends_what_waits(run, mail_server):
    assert run("deliver", "--once") == tally(sent=1, failed=0, waiting=0)
    assert run("deliver", "--once") == tally(sent=0, failed=0, waiting=0)
    assert len(mail_server.taken) == 1


@pytest.mark.usefixtures("kept")
def test_says_what_failed_for_good(run, mail_server):
    mail_server.answers["RCPT"] = "550 no such person"

    assert run("deliver", "--once") == tally(sent=0, failed=1, waiting=0)


@pytest.mark.usefixtures("kept")
def test_says_what_still_waits(run, settings):
    settings.MAILERS = mailers(1)

    assert run("deliver", "--once") == tally(sent=0, failed=0, waiting=1)


def test_tells_what_happened_and_posts_it(run, receiver, db):
    make_webhook(AccountFactory(), "webhook.created", address=receiver.address())

    assert run("deliver", "--once") == tally(sent=1, failed=0, waiting=0)
    assert receiver.counted == {"/ok": 1}
