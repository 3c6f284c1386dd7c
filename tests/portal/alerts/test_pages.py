"""The page of alerts, its rules, the bell, and what a link in a mail does."""

from __future__ import annotations

import pytest
from django.db.models import F
from django.db.models.functions import Now

from licensing import sessions
from licensing.models import OutboxEvent
from portal.alerts import incidents
from portal.models import AlertRule, Membership
from portal.people import privacy
from tests.factories import TESTER, make_client, make_pool, make_session, make_webhook
from tests.pages import said, told
from tests.portal.alerts.made import act, make_rule, watch

RULE = {"event": "pool_full", "pool_full": "100", "roles": ["owner"]}
ADD = "/alerts/rules/add/"


@pytest.fixture
def full(account):
    """A pool that is full, of which owners are told."""
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    key = make_pool(1, account=account, name="Leeds")
    make_session(key, make_client(username="anna"))
    make_rule(account, "pool_full", threshold=100)
    incidents.look()
    return account.alerts.get()


@pytest.mark.parametrize(("event", "kept"), [("licence_ends", 7), ("true_denials", None)])
def test_a_rule_has_the_threshold_of_the_event_that_was_chosen(manager, account, event, kept):
    """Without scripts the fields of all events are filled in and sent."""
    manager.post(ADD, RULE | {"event": event, "pool_full": "90", "licence_ends": "7"})

    assert account.alert_rules.get().threshold == kept


def test_nothing_is_open_at_first(viewer):
    page = viewer.get("/alerts/")

    assert "No open alerts." in page.text
    assert "No rules yet" in page.text


def test_who_looks_sees_what_is_open_and_puts_it_off_for_themselves(
    viewer, manager, stranger, full
):
    seen = viewer.get("/alerts/").text
    rows = viewer.get("/alerts/rows/", {"v": "none"})
    version = rows.text.partition('data-version="')[2].partition('"')[0]
    unchanged = viewer.get("/alerts/rows/", {"v": version}).status_code
    bell = viewer.get("/alerts/bell/", {"n": 0}).text

    put_off = viewer.post(f"/alerts/{full.pk}/snooze/")
    afterwards = viewer.get("/alerts/").text
    home = viewer.get("/").text

    assert "Leeds full: 1 of 1 since " in seen
    assert f'id="alert-{full.pk}"' in rows.text
    assert unchanged == 204
    assert "1 open alert<" in bell
    assert said(put_off) == [
        ("success", "Hidden for 7 days, on Home too. Nobody else's page changes.")
    ]
    assert "No open alerts." in afterwards
    assert "Show the 1 alert that you put off" in afterwards
    assert "Show the 1 thing that you put off" in home
    assert "Leeds full" in manager.get("/alerts/").text
    assert "Leeds full" not in stranger.get("/alerts/").text
    assert stranger.post(f"/alerts/{full.pk}/snooze/").status_code == 404

    viewer.post("/alerts/wake/")

    assert "Leeds full" in viewer.get("/alerts/").text


def test_a_full_pool_is_one_line_whatever_thresholds_rules_have(viewer, account, full):
    make_rule(account, "pool_full", threshold=90)
    incidents.look()

    page = viewer.get("/alerts/").text

    assert account.alerts.open().count() == 2
    assert ("Leeds full" in page, "Leeds 90 % full" in page) == (True, False)
    assert "1 open alert<" in viewer.get("/alerts/bell/", {"n": 0}).text

    account.alerts.filter(threshold=100).update(eased_at=Now())
    assert "Leeds 90 % full" in viewer.get("/alerts/").text


def test_what_only_owners_see_rings_for_nobody_else(owner, manager, account):
    make_rule(account, "webhook_off")
    hook = make_webhook(account)
    account.webhooks.filter(pk=hook.pk).update(turned_off_at=hook.created_at, off_because="gone")
    incidents.look()

    counts = [
        browser.get("/alerts/").text.count("Webhook turned off") for browser in (owner, manager)
    ]
    bells = [
        browser.get("/alerts/bell/").text.count("1 open alert") for browser in (owner, manager)
    ]

    assert counts == bells == [1, 0]


def test_a_manager_makes_changes_tests_pauses_and_removes_a_rule(
    manager, viewer, account, pool, mailoutbox
):
    hook = make_webhook(account)
    about = {"scope": f"licence:{pool.licence_id}", "webhook": hook.pk}
    about |= {"quiet_from": "22:00", "quiet_until": "07:00"}
    made = act(manager, ADD, **RULE, **about)
    rule = AlertRule.objects.get()
    page = manager.get("/alerts/").text
    changed = act(manager, f"/alerts/rules/{rule.pk}/change/", **RULE, scope="")
    tom = Membership.objects.get(account=account, role="manager").user_id
    named = {"event": "session_released", "people": [tom]}
    act(manager, f"/alerts/rules/{rule.pk}/change/", **named)
    tested = manager.post(f"/alerts/rules/{rule.pk}/test/")
    paused = act(manager, f"/alerts/rules/{rule.pk}/pause/", days="7")
    state = "Paused until" in viewer.get("/alerts/").text
    manager.post(f"/alerts/rules/{rule.pk}/on/")
    rule.refresh_from_db()
    is_on = rule.is_running
    removed = act(manager, f"/alerts/rules/{rule.pk}/remove/")

    assert [made.status_code, changed.status_code, paused.status_code] == [302] * 3
    assert "London planners" in page
    assert "22:00–07:00" in page
    assert "Owners, Webhook (8.8.8.8)" in page
    assert said(tested)[-1] == ("success", "A test is on its way to 1 person.")
    assert [mail.subject for mail in mailoutbox if mail.to == ["tom@example.com"]] == [
        "Test: Session released"
    ]
    assert (state, is_on) == (True, True)
    assert removed.status_code == 302
    assert not AlertRule.objects.exists()
    assert told() == "Tom Reed removed the alert rule “Session released”."


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        ({"roles": []}, "Choose who is told."),
        ({"quiet_from": "22:00"}, "Say when quiet hours begin and when they end."),
        ({"pool_full": "30"}, "t be chosen here"),
        ({"pool_full": ""}, "Fill this in."),
        ({"event": "token_ends", "roles": ["manager", "viewer"]}, "Only owners are told of this."),
        ({"event": "nonsense"}, "t be chosen here"),
    ],
)
def test_what_cannot_be_is_refused_and_kept(manager, asked, why):
    refused = act(manager, ADD, **RULE | asked)

    assert refused.status_code == 422
    assert why in refused.text
    assert not AlertRule.objects.exists()


def test_a_test_says_what_keeps_an_alert_from_arriving(manager, account):
    hook = make_webhook(account)
    rule = make_rule(account, "token_ends", roles=["owner"])
    mails_nobody = said(manager.post(f"/alerts/rules/{rule.pk}/test/"))[-1][1]
    AlertRule.objects.update(is_on=False, event="pool_full", roles=[], webhook=hook)
    account.webhooks.update(turned_off_at=hook.created_at, off_because="gone")

    nothing_arrives = said(manager.post(f"/alerts/rules/{rule.pk}/test/"))[-1][1]

    assert mails_nobody.startswith("No test is sent: owners get another mail of this")
    assert nothing_arrives == (
        "A test is on its way to 8.8.8.8. The webhook is off: nothing else is posted until it is "
        "on. The rule is paused."
    )
    assert "Webhook (8.8.8.8) (off)" in manager.get("/alerts/").text


def test_of_another_account_nothing_can_be_named(stranger, account, pool, full):
    rule = AlertRule.objects.get()
    hook = make_webhook(account)
    asked = [{"scope": f"licence:{pool.licence_id}"}, {"webhook": hook.pk}]

    answers = [act(stranger, ADD, **RULE, **more).status_code for more in asked]
    found = stranger.post(f"/alerts/rules/{rule.pk}/test/").status_code

    assert answers == [422, 422]
    assert found == 404


def test_viewers_look_and_are_told_whom_to_ask(viewer, manager, account, full):
    page = viewer.get("/alerts/").text

    assert "Ask Tom Reed" in page
    paths = [ADD, f"/alerts/rules/{AlertRule.objects.get().pk}/change/"]
    assert not [path for path in paths if path in page]
    assert [viewer.get(path).status_code for path in paths] == [403, 403]
    assert [viewer.post(path, RULE).status_code for path in paths] == [403, 403]


def test_a_link_in_a_mail_stops_mails_by_a_press_and_not_by_a_look(
    client, owner, account, full, mailoutbox
):
    watch()
    [mail] = [mail for mail in mailoutbox if "/alerts/stop/" in mail.body]
    path = link_of(mail)
    rule = AlertRule.objects.get()

    looked = client.get(path)
    after_look = rule.stopped_by.count()
    pressed = client.post(path)

    assert "alert rules of Brook & Co: Pool full, 100 % of the seats in use." in mail.body
    assert "Pool full, 100 % of the seats in use</li>" in looked.text
    assert "Stop these mails?" in looked.text
    assert after_look == 0
    assert "No more of these mails" in pressed.text
    assert rule.stopped_by.count() == 1
    assert "You stopped these mails." in owner.get("/alerts/").text
    owner.post(f"/alerts/rules/{rule.pk}/mails/")
    assert rule.stopped_by.count() == 0
    damaged = client.get(path[:-3] + "xx/")
    rule.delete()
    over = client.get(path)
    assert [damaged.status_code, over.status_code] == [404, 404]
    assert "Open it from the mail again." in damaged.text
    assert "The rule was removed" in over.text


def link_of(mail):
    """The path of the link by which a mail's kind is stopped."""
    [line] = [line for line in mail.body.splitlines() if "/alerts/stop/" in line]
    return line.strip().removeprefix("http://testserver")


def test_viewers_of_aliases_see_no_names(viewer, account):
    privacy.show_aliases(account, shown=True, by=TESTER)
    make_rule(account, "session_released")
    session = make_session(make_pool(account=account), make_client(username="anna-real"))
    sessions.release(session, by=TESTER)
    watch()

    page = viewer.get("/alerts/").text

    assert " released Person " in page
    assert "anna-real" not in page
