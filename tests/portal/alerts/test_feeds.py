"""The feed of alerts, as a program reads it from its secret address."""

from __future__ import annotations

import re

import feedparser
import pytest
from django.db.models import F
from django.db.models.functions import Now
from django.test import Client

from licensing import sessions
from licensing.models import OutboxEvent
from portal.alerts import incidents
from portal.models import Alert, Membership, Role
from portal.people import privacy
from tests.factories import TESTER, make_client, make_pool, make_session, make_webhook
from tests.pages import last_entry
from tests.portal.alerts.made import act, make_rule, watch


@pytest.fixture
def alerts(owner, viewer, account):
    """A release that names somebody, and a webhook that only owners are told of."""
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    make_rule(account, "session_released")
    make_rule(account, "webhook_off")
    session = make_session(make_pool(account=account), make_client(username="anna-real"))
    sessions.release(session, by=TESTER, reason="<b> & Co")
    hook = make_webhook(account)
    account.webhooks.filter(pk=hook.pk).update(turned_off_at=hook.created_at, off_because="gone")
    watch()
    return {alert.event: alert for alert in account.alerts.all()}


def made(browser):
    """The path of a new address."""
    page = act(browser, "/alerts/feed/make/")
    return re.search(r"http://testserver(/alerts/feed/[\w-]+\.atom)", page.text)[1]


def read(answer):
    """What another parser makes of it; it has all that RFC 4287 requires."""
    feed = feedparser.parse(answer.content)
    assert (feed.bozo, feed.version) == (False, "atom10")
    assert all(feed.feed.get(name) for name in ("id", "title", "updated_parsed", "author"))
    for entry in feed.entries:
        assert all(entry.get(name) for name in ("id", "title", "updated_parsed", "link"))
        assert entry.id.startswith("tag:testserver,")
    assert len({entry.id for entry in feed.entries}) == len(feed.entries)
    return feed


def test_has_what_its_person_sees_at_the_time_and_by_the_names_that_they_see(
    owner, viewer, stranger, account, alerts
):
    of_owner, of_viewer, of_stranger = map(made, (owner, viewer, stranger))
    whole = Client().get(of_owner)
    before = read(Client().get(of_viewer)).entries
    privacy.show_aliases(account, shown=True, by=TESTER)
    after = read(Client().get(of_viewer)).entries
    viewer.post(f"/alerts/{alerts['session_released'].pk}/snooze/")

    assert whole["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert {entry.title.split(" ")[0] for entry in read(whole).entries} == {
        "Operations",
        "Webhook",
    }
    assert ["anna-real" in entry.title for entry in before] == [True]
    assert [" released Person " in entry.title for entry in after] == [True]
    assert b"anna-real" not in Client().get(of_viewer).content
    assert read(Client().get(of_viewer)).entries == []
    assert read(Client().get(of_stranger)).entries == []


def test_an_alert_stays_the_same_entry_when_it_is_over_and_is_sent_only_when_it_changed(
    owner, alerts
):
    path = made(owner)
    first = Client().get(path)
    again = Client(headers={"If-None-Match": first["ETag"]})
    unchanged = again.get(path).status_code
    Alert.objects.filter(event="session_released").update(ends_at=Now())
    incidents.look()

    changed = read(again.get(path)).entries
    begun = {entry.id: entry for entry in read(first).entries}
    over = alerts["session_released"].pk
    [last, *_] = changed
    assert unchanged == 304
    assert {entry.id for entry in changed} == set(begun)
    assert last.id.endswith(f":alert-{over}")
    assert last.published == begun[last.id].published
    moments = Alert.objects.values_list("opened_at", "resolved_at").get(pk=over)
    updated = [entry.updated_parsed[:6] for entry in (begun[last.id], last)]
    assert updated == [moment.timetuple()[:6] for moment in moments]
    assert last.published_parsed == begun[last.id].updated_parsed
    assert begun[last.id].summary.startswith("Open since ")
    assert last.summary.startswith("Over since ")


def test_another_address_replaces_it_and_whoever_left_reads_nothing(owner, viewer, account):
    before, path = made(owner), made(owner)
    made_by = last_entry()[0]
    answers = [Client().get(one).status_code for one in (before, path)]
    as_calendar = path.replace("/alerts/feed/", "/calendar/").replace(".atom", ".ics")
    act(owner, "/alerts/feed/remove/")
    of_viewer = made(viewer)
    Membership.objects.filter(account=account, role=Role.VIEWER).delete()

    assert made_by == "alert_feed_address_made"
    assert answers == [404, 200]
    assert Client().get(as_calendar).status_code == 404
    assert Client().get(path).status_code == 404
    assert Client().get(of_viewer).status_code == 404
