"""The desk's first page tells what fails at customers, and what is missing is sent again."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.db.models.functions import Now

from licensing.models import OutboxEvent
from portal.mail import deliveries as mails
from portal.mail import failing
from portal.mail.transport import Text
from portal.models import Delivery, MailFailure, OffBecause, Role, Webhook, WebhookDelivery
from portal.webhooks import deliveries, hooks
from tests.factories import TESTER, AccountFactory, MembershipFactory, ago, make_webhook
from tests.pages import last_entry
from tests.pages import told as told_of
from tests.people import signed_in
from tests.support import acting
from tests.support.acting import READ, address
from tests.support.vendor import staff

LOST = {"state": "failed", "settled_at": ago(hours=5), "tries": 10}


def told(client):
    return [signal.words for signal in client.get("/support/").context["signals"]]


@pytest.fixture
def quiet(db):
    """An account with a webhook that is well, and nothing that waits."""
    hook = make_webhook(AccountFactory(name="Brook & Co"))
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    return hook


def do(client, table, act, row):
    """Do it, and return what was told."""
    page = client.get(address(table, act, row))
    return acting.told(acting.confirm(client, page))


def lost_at(hook, **more):
    """A message that does not arrive there."""
    sent = deliveries.send_test(hook, by=TESTER)
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    WebhookDelivery.objects.filter(pk=sent.pk).update(**LOST | more)
    return sent


def fail_everywhere(hook):
    """Whatever may fail at a customer fails."""
    Webhook.objects.update(failing_since=ago(hours=3))
    gone = make_webhook(hook.account)
    hooks.turn_off(gone, by=TESTER, because=OffBecause.GONE)
    OutboxEvent.objects.update(created_at=ago(minutes=9))
    for role in (Role.MANAGER, Role.OWNER):
        email = f"{role}@brook.example"
        MembershipFactory(
            account=hook.account, role=role, user__email=email, user__name=role.title()
        )
        failing.note(email, MailFailure.REFUSED)
        mails.keep("invitation", Text("A", "B", "C"), to=email)
    Delivery.objects.filter(receiver__startswith="owner").update(
        state="failed", settled_at=ago(days=1), content=b""
    )
    Delivery.objects.update(created_at=ago(days=1, hours=1))


def test_on_a_quiet_day_there_are_none(support, quiet):
    page = support.get("/support/")

    assert "No signals today." in page.text
    assert page.context["signals"] == []


def test_what_fails_is_told_with_its_record_owners_first(support, quiet):
    lost_at(quiet)
    fail_everywhere(quiet)

    page = support.get("/support/")
    words = [signal.words for signal in page.context["signals"]]

    assert [one.partition(" since ")[0] for one in words] == [
        "Webhook to 8.8.8.8 of Brook & Co: nothing has arrived for 3 hours.",
        "Webhook to 8.8.8.8 of Brook & Co: off for less than a minute. "
        "It answered that it is gone for good (410).",
        "1 message to a webhook: failed for good, for 5 hours.",
        "Owner, Owner of Brook & Co: Mails have not arrived",
        "Manager, Manager of Brook & Co: Mails have not arrived",
        "1 mail: failed for good, for 1 day.",
        "1 mail: not sent yet, for 1 day.",
        "2 events: not handed over yet, the oldest for 9 minutes.",
    ]
    for signal in page.context["signals"]:
        assert support.get(signal.address).status_code == 200, signal.words
    assert page.text.count(address("webhook", "send-again", quiet)) == 1
    assert page.text.count("/webhook/send-again/") == 1  # nothing is sent to what is off


def test_many_are_asked_for_as_one_is_and_old_ones_rest(
    support, quiet, django_assert_max_num_queries
):
    """Nine webhooks fail, of which eight are listed; what failed long ago is no news."""
    Webhook.objects.update(failing_since=ago(hours=3))
    for _ in range(8):
        hook = make_webhook(AccountFactory())
        Webhook.objects.filter(pk=hook.pk).update(failing_since=ago(hours=1))
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    lost_at(quiet, settled_at=ago(days=8))
    support.get("/support/")

    with django_assert_max_num_queries(21):
        words = told(support)

    assert len(words) == 9
    assert words[-1] == "More of these"


def test_who_sees_no_records_is_told_nothing(quiet):
    fail_everywhere(quiet)

    assert told(signed_in(staff())) == []


def test_what_is_missing_is_sent_again_and_that_is_recorded(support, quiet):
    """What failed for good, and what waits for its next try; not what an owner withdrew."""
    Webhook.objects.update(failing_since=ago(hours=3), rests_until=ago(hours=-1))
    failed, waits = lost_at(quiet), lost_at(quiet, state="waiting", settled_at=None, tries=3)
    withdrawn = lost_at(quiet, state="withdrawn")
    WebhookDelivery.objects.update(due_at=ago(hours=-1))

    said = do(support, "webhook", "send-again", quiet)

    due = WebhookDelivery.objects.due().filter(tries=0)
    withdrawn.refresh_from_db()
    assert said == ["2 messages on the way to 8.8.8.8 again."]
    assert list(due) == [failed, waits]
    assert withdrawn.state == "withdrawn"
    assert Webhook.objects.to_serve().get() == quiet
    assert last_entry()[:2] == ("webhook_sent_again", READ)
    assert told_of().endswith(" sent 2 messages to the webhook to 8.8.8.8 again.")


def test_one_message_is_sent_again_and_a_test_sent(support, quiet):
    sent = lost_at(quiet)
    again = do(support, "webhookdelivery", "send-again", sent)
    entry = last_entry()
    test = do(support, "webhook", "send-test", quiet)

    assert again == ["webhook.test to 8.8.8.8: on its way again."]
    assert entry[:2] == ("webhook_sent_again", READ)
    assert test[0].startswith("A test is on its way to 8.8.8.8.")
    assert last_entry()[:2] == ("webhook_tested", READ)
    assert WebhookDelivery.objects.filter(state="waiting", due_at__lte=Now()).count() == 2


def test_nothing_is_sent_to_what_is_off_or_was_removed(support, quiet):
    lost = lost_at(quiet)
    hooks.turn_off(quiet, by=TESTER)
    off = support.get(address("webhook", "send-again", quiet))
    hooks.remove(quiet, by=TESTER)

    assert off.status_code == 409
    assert "An owner turns it on" in off.text
    for table, act, row in (
        ("webhook", "send-again", quiet),
        ("webhook", "send-test", quiet),
        ("webhookdelivery", "send-again", lost),
    ):
        refused = support.get(address(table, act, row))
        assert "was removed" in refused.text, (table, act)
