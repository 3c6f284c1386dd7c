"""What is put off under Alerts is put off on Home, and the other way round; what is new is told."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db.models import F
from django.db.models.functions import Now

from licensing.models import ClientSession, OutboxEvent
from portal.alerts import incidents
from portal.models import Alert, Snooze
from tests.factories import make_pool, make_session, move_back
from tests.portal.alerts.made import make_rule


@pytest.fixture
def full(account):
    """A pool that is full, and the alert of it."""
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    key = make_pool(1, account=account, name="Leeds")
    make_session(key)
    make_rule(account, "pool_full", threshold=100)
    incidents.look()
    return f"full:{key.licence_id}"


def shown(browser):
    """What the browser's person is told of on Home and under Alerts."""
    return (
        [item.name for item in browser.get("/").context["attention"]],
        [row.text.partition(":")[0] for row in browser.get("/alerts/").context["alerts"]],
    )


BOTH, NONE = "full", ([], [])


def test_a_full_pool_is_put_off_on_both_pages_at_once_and_shown_again_on_both(
    manager, viewer, full
):
    alert = Alert.objects.get()
    presses = [
        ("/snooze/", {"name": full}, "/alerts/wake/"),
        (f"/alerts/{alert.pk}/snooze/", {}, "/wake/"),
    ]
    for press, words, wake in presses:
        viewer.post(press, words)
        hidden, of_others = shown(viewer), shown(manager)
        offered = ["that you put off" in viewer.get(page).text for page in ("/", "/alerts/")]
        viewer.post(wake)

        assert hidden == NONE, press
        assert offered == [True, True], press
        assert of_others == shown(viewer) == ([full], ["Leeds full"]), press
        assert not Snooze.objects.exists(), press


def test_a_new_alert_of_what_was_put_off_is_told_on_both(viewer, full):
    viewer.post("/snooze/", {"name": full})
    Alert.objects.update(resolved_at=Now())
    gone = shown(viewer)
    incidents.look()

    assert gone == NONE
    assert shown(viewer) == ([full], ["Leeds full"])


def test_what_home_tells_of_several_stays_until_all_of_them_are_put_off(viewer, account, pool):
    held = [make_session(pool, refreshed=dt.timedelta(hours=47)) for _ in range(2)]
    for session in held:
        move_back(session, dt.timedelta(hours=3))
    ClientSession.objects.update(reclaim_at=None)
    make_rule(account, "seat_held")
    incidents.look()
    first, second = Alert.objects.order_by("pk")
    said = []
    for alert in (first, second):
        answer = viewer.post(f"/alerts/{alert.pk}/snooze/", follow=True)
        said.append(("on Home too" in answer.text, shown(viewer)[0]))

    assert said == [(False, ["held"]), (True, [])]
