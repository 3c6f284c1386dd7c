"""What cannot be delivered is told to whoever asked for it, and offered again; never "Sent"."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.utils import timezone

from portal.desk import requests
from portal.exports import files
from portal.mail import deliveries, mails
from portal.mail.transport import Text
from portal.models import Delivery, Export, Invitation, RequestKind, Role, User
from portal.people import email_changes
from tests.factories import TESTER, ago
from tests.people import browser_of
from tests.product.mail_causes import CAUSES
from tests.smtp import mailers

INVITED = {"emails": "new@example.com", "role": "viewer"}
REFUSED = "The mail could not be delivered. The mail server refused it."


@pytest.fixture
def refused(owner, mail_server):
    """An invitation to an address that the mail server refuses."""
    owner.post("/people/invite/", INVITED)
    mail_server.answers["RCPT"] = "550 5.1.1 <new@example.com>: no such mailbox here"
    deliveries.deliver()
    return Invitation.objects.get()


def state(browser):
    """The state words of the invitations' mails."""
    return re.findall('data-state="([^"]+)"', browser.get("/people/").text)


def told(browser):
    """What the home page says of mails."""
    items = browser.get("/").context["attention"]
    return [(item.text, item.url) for item in items if item.name.startswith("mail:")]


def test_an_invitation_is_on_its_way_and_then_sent(owner, mail_server):
    page = owner.post("/people/invite/", INVITED, follow=True)
    before = state(owner)
    deliveries.deliver()

    assert "1 invitation is on its way." in page.text
    assert before == ["on_its_way"]
    assert state(owner) == ["sent"]
    assert "/invitations/" + Invitation.objects.get().code not in owner.get("/people/").text


def test_one_that_waits_says_since_when_and_why(owner, settings):
    settings.MAILERS = mailers(1)
    owner.post("/people/invite/", INVITED)
    deliveries.deliver()

    assert state(owner) == ["delayed"]
    assert "The mail server could not be reached. It is tried again" in owner.get("/people/").text


def test_one_that_failed_says_so_without_the_servers_words(owner, refused):
    page = owner.get("/people/").text

    assert state(owner) == ["not_delivered"]
    assert REFUSED in page
    assert "no such mailbox" not in page
    assert "5.1.1" not in page


def test_its_link_is_handed_to_whoever_made_it_alone(owner, account, refused):
    other = browser_of(account, Role.OWNER)

    assert refused.code in owner.get("/people/").text
    assert refused.code not in other.get("/people/").text


def test_a_failure_is_told_on_the_home_page_of_whoever_asked(owner, account, refused):
    assert told(owner) == [
        (
            "Not delivered: Invitation to new@example.com. "
            "The mail server refused it. Check the address for typing errors.",
            "/people/",
        )
    ]
    assert told(browser_of(account, Role.OWNER)) == []


@pytest.mark.parametrize("act", ["resend", "cancel"])
def test_it_is_told_until_it_is_sent_again_or_cancelled(owner, refused, act):
    owner.post(f"/people/invitations/{refused.pk}/{act}/")

    assert told(owner) == []


def test_it_is_told_for_seven_days(owner, refused):
    Delivery.objects.update(settled_at=ago(days=7, minutes=1))

    assert told(owner) == []


def test_sending_again_after_the_address_works_delivers(owner, refused, mail_server):
    mail_server.answers.clear()
    owner.post(f"/people/invitations/{refused.pk}/resend/")
    deliveries.deliver()

    [mail] = mail_server.taken
    assert refused.code in mail.get_body(["plain"]).get_content()
    assert state(owner) == ["sent"]


def test_one_that_is_accepted_or_cancelled_is_not_mailed(owner, mail_server):
    owner.post("/people/invite/", INVITED)
    owner.post(f"/people/invitations/{Invitation.objects.get().pk}/cancel/")

    assert deliveries.deliver() == (0, 0, 0)


def failed(delivery):
    """The delivery, after the mail server has refused it."""
    deliveries.settle(delivery, "failed", "refused")
    return delivery


def test_each_failure_leads_to_the_page_of_its_cause(owner, account):
    priya = User.objects.get(email="priya@example.com")
    made = {"listed": "sessions", "format": "csv", "language": "en-gb", "rows": 3}
    soon = timezone.now() + dt.timedelta(days=14)
    export = Export.objects.create(account=account, person=priya, ends_at=soon, **made)
    files.send(export)
    request = requests.make(account, RequestKind.HELP, "Help!", by=priya)
    change = email_changes.ask(priya, "else@example.com")
    for delivery in (export.mail, request.mail, change.new_mail):
        failed(delivery)

    assert {url for _text, url in told(owner)} == {
        f"/exports/{export.pk}/", f"/requests/{request.pk}/", "/profile/email/",
    }  # fmt: skip
    assert f"else@example.com: {REFUSED}" in owner.get("/profile/email/").text
    assert "The mail to our desk could not be delivered." in owner.get(
        f"/requests/{request.pk}/"
    ).text  # fmt: skip


def test_an_answer_that_does_not_arrive_is_told_to_whom_it_answers(owner, account):
    priya = User.objects.get(email="priya@example.com")
    request = requests.make(account, RequestKind.HELP, "Help!", by=priya)
    answered = requests.answer(request, "Here.", by=TESTER)
    failed(answered.answer_mail)

    assert [url for _text, url in told(owner)] == [f"/requests/{request.pk}/"]
    assert REFUSED in owner.get(f"/requests/{request.pk}/").text


def test_a_mail_of_another_account_is_not_told_here(owner, stranger, refused):
    Delivery.objects.update(account=None)
    assert len(told(owner)) == 1

    other = stranger.get("/").context["request"].account
    Delivery.objects.update(account=other)

    assert told(owner) == []


@pytest.mark.parametrize("path", ["/accounts/password/reset/", "/accounts/login/code/"])
def test_strangers_read_the_same_whether_or_not_an_address_takes_mail(
    client, owner, mail_server, path
):
    mail_server.answers["RCPT"] = "550 no such person"

    def answer(email):
        response = client.post(path, {"email": email})
        deliveries.deliver()
        return response.status_code, response["Location"]

    assert answer("priya@example.com") == answer("nobody@example.com")


def test_every_mail_has_a_name_for_whoever_asked():
    names = {name.rpartition("/")[2].removesuffix("_message") for name in CAUSES}

    assert set(mails.TITLES) == names


def parts(client):
    return {str(part.name): part.state for part in client.get("/status/").context["parts"]}


def keep():
    return deliveries.keep("invitation", Text("A", "B", "C"), to="new@example.com")


@pytest.mark.django_db
def test_the_status_says_how_mails_stand(client, settings, mail_server):
    assert parts(client)["Mails"] == "working"

    keep()
    Delivery.objects.update(created_at=ago(minutes=2))
    assert parts(client)["Mails"] == "delayed"

    settings.MAILERS = mailers(1)
    deliveries.deliver()
    assert parts(client)["Mails"] == "failing"

    settings.MAILERS = mailers(mail_server.port)
    mail_server.answers["RCPT"] = "550 no such person"
    deliveries.deliver(at_once=True)
    assert parts(client)["Mails"] == "working"
    assert "In the last 24 hours 1 could not be delivered" in client.get("/status/").text
