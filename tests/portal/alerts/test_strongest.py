"""A pool that reached several thresholds is one line: in a mail, in a channel and in a feed."""

from __future__ import annotations

from django.db.models import F

from licensing import sessions
from licensing.models import OutboxEvent
from portal.alerts import feeds, incidents, sending
from portal.models import Alert, Membership, WebhookKind
from portal.webhooks import hooks
from tests.factories import (
    PUBLIC,
    TESTER,
    MembershipFactory,
    ago,
    make_client,
    make_pool,
    make_session,
    make_webhook,
)
from tests.portal.alerts.made import make_rule


def fill(account, name="Leeds"):
    key = make_pool(1, account=account, name=name)
    make_session(key, make_client(username="anna"))
    return key


def look():
    incidents.look()
    sending.send()


def fill_and_empty(account):
    """A pool is full, and is not any more; what a feed told meanwhile."""
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    key = fill(account)
    look()
    seen = told_in(account.memberships.first())
    sessions.release(key.licence.sessions.active().get(), by=TESTER, reason="Gone")
    incidents.look()
    Alert.objects.update(opened_at=ago(hours=1), eased_at=ago(minutes=11))
    look()
    return seen


def told_in(feed):
    return [alert.threshold for alert in feeds.alerts_of(feed)]


def test_a_mail_and_a_feed_have_one_line_for_it_when_it_begins_and_when_it_is_over(
    account, mailoutbox
):
    owner = MembershipFactory(account=account, user__email="owner@brook.example")
    for share in (80, 90, 100):
        make_rule(account, "pool_full", threshold=share)

    assert (fill_and_empty(account), told_in(owner)) == ([100], [100])
    subjects = [mail.subject for mail in mailoutbox if "/alerts/stop/" in mail.body]
    assert [subject.split(":")[0] for subject in subjects] == [
        "Leeds full",
        "Leeds is less than 80 % full again",
    ]


def test_a_channel_is_told_of_it_in_one_line_and_a_system_of_what_its_rules_ask(account):
    MembershipFactory(account=account)
    chat = hooks.create(account, PUBLIC, [], by=TESTER, kind=WebhookKind.SLACK)
    system = make_webhook(account)
    for share in (80, 90, 100):
        make_rule(account, "pool_full", threshold=share, webhook=chat, roles=[])
        make_rule(account, "pool_full", threshold=share, webhook=system, roles=[])
    fill_and_empty(account)

    told = chat.deliveries.order_by("pk").values_list("event", "notices__alert__threshold")
    assert list(told) == [("alert.opened", 100), ("alert.resolved", 80)]
    told = system.deliveries.values_list("event", "notices__alert__threshold")
    of_each = [(event, n) for event in ("alert.opened", "alert.resolved") for n in (80, 90, 100)]
    assert sorted(told) == of_each


def test_two_pools_and_two_times_are_lines_of_their_own(account, mailoutbox):
    MembershipFactory(account=account, user__email="owner@brook.example")
    for share in (80, 100):
        make_rule(account, "pool_full", threshold=share)
    fill(account), fill(account, "Bath")
    incidents.look()
    Alert.objects.filter(licence__name="Leeds").update(
        opened_at=ago(hours=9), since=ago(hours=9), eased_at=ago(hours=8), resolved_at=ago(hours=8)
    )
    look()

    [mail] = [mail for mail in mailoutbox if "/alerts/stop/" in mail.body]
    assert mail.subject == "3 alerts in Brook & Co"
    assert mail.body.count("Leeds was full") == 1
    assert mail.body.count("Leeds full: 1 of 1") == mail.body.count("Bath full: 1 of 1") == 1


def test_in_a_feed_what_lasts_longer_than_the_stronger_stays(account):
    reader = MembershipFactory(account=account)
    for share in (80, 100):
        make_rule(account, "pool_full", threshold=share)
    fill(account)
    incidents.look()
    while_full = told_in(reader)
    Alert.objects.filter(threshold=100).update(resolved_at=ago(minutes=20), opened_at=ago(hours=2))
    since_then = set(told_in(reader))
    Alert.objects.filter(threshold=80).update(resolved_at=ago(minutes=5), opened_at=ago(hours=2))

    assert while_full == [100]
    assert since_then == {100, 80}
    assert set(told_in(Membership.objects.get(pk=reader.pk))) == {100, 80}
