"""Who is told of alerts, when and how often: quiet hours, pauses, scopes, bundles, workers."""

from __future__ import annotations

import datetime as dt
import sys
import zoneinfo

import pytest
from django.db.models import F
from django.db.models.functions import Now

from licensing import accounts, sessions
from licensing.models import Account, OutboxEvent
from portal.alerts import incidents, quiet, rules, sending
from portal.alerts.rules import Wanted
from portal.licences import tags
from portal.models import Alert, AlertNotice, AlertRule, Webhook
from portal.people import privacy
from portal.telling import fan_out
from tests.factories import (
    TESTER,
    AccountFactory,
    MembershipFactory,
    ago,
    make_client,
    make_pool,
    make_session,
    make_webhook,
)
from tests.portal.alerts.made import make_rule, watch

LONDON = zoneinfo.ZoneInfo("Europe/London")
NIGHT = {"quiet_from": dt.time(22), "quiet_until": dt.time(7)}


@pytest.fixture
def people(account, pool):
    """An owner, a manager, and nothing yet to tell."""
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    return [
        MembershipFactory(account=account, role=role, user__email=f"{role}@brook.example").user
        for role in ("owner", "manager", "viewer")
    ]


def fill(account, name="Leeds"):
    key = make_pool(1, account=account, name=name)
    make_session(key, make_client(username="anna", machine_name="CAD-1"))
    return key


def receivers(mailoutbox):
    return sorted(mail.to[0] for mail in mailoutbox if "/alerts/stop/" in mail.body)


MOMENTS = {
    # now there, from, until: told there
    "2026-11-24 21:59": (22, 7, "2026-11-24 21:59"),
    "2026-11-24 22:00": (22, 7, "2026-11-25 07:00"),
    "2026-11-25 06:59": (22, 7, "2026-11-25 07:00"),
    "2026-11-25 12:30": (12, 13, "2026-11-25 13:00"),
    "2026-10-24 23:00": (22, 7, "2026-10-25 07:00"),  # nine hours later, for clocks go back
    "2027-03-27 23:00": (22, 7, "2027-03-28 07:00"),  # seven hours later
    "2027-03-28 00:30": (0, 1.5, "2027-03-28 02:30"),  # 01:30 is left out
    "2026-10-25 00:30": (0, 1.5, "2026-10-25 01:30"),  # the first of two
}


@pytest.mark.parametrize("now", MOMENTS)
def test_quiet_hours_are_those_of_the_clock(now):
    begin, end, told = MOMENTS[now]

    moment = quiet.first_moment(there(now), at(begin), at(end), LONDON)

    assert f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}" == told


def there(text):
    return dt.datetime.fromisoformat(text).replace(tzinfo=LONDON)


def at(hour):
    return dt.time(int(hour), int(hour % 1 * 60))


def test_in_the_second_of_two_hours_it_is_told_after_that():
    now = there("2026-10-25 01:10").replace(fold=1)

    moment = quiet.first_moment(now, at(22), at(1.5), LONDON)

    assert moment - now.astimezone(dt.UTC) == dt.timedelta(minutes=20)


def test_what_begins_and_ends_in_quiet_hours_is_told_once_and_as_it_was(
    account, people, mailoutbox
):
    make_rule(account, "pool_full", threshold=100)
    key = fill(account)
    incidents.look()
    AlertNotice.objects.update(due_at=ago(hours=-5))
    sessions.release(key.licence.sessions.get(), by=TESTER, reason="Gone")
    watch()
    Alert.objects.update(eased_at=ago(minutes=11))
    watch()
    AlertNotice.objects.update(due_at=Now())
    watch()

    [mail] = [mail for mail in mailoutbox if "/alerts/stop/" in mail.body]
    assert mail.subject.startswith("Leeds was full from ")


def test_who_sleeps_by_another_clock_is_told_now(account, people, monkeypatch):
    owner, manager, _viewer = people
    owner.time_zone, manager.time_zone = "Europe/London", "Asia/Tokyo"
    owner.save(), manager.save()
    make_rule(account, "pool_full", threshold=100, roles=["owner", "manager"], **NIGHT)
    noon = dt.datetime(2026, 11, 24, 14, 0, tzinfo=dt.UTC)  # 23:00 in Tokyo
    monkeypatch.setattr("portal.alerts.readers.database_time", lambda: noon)

    fill(account)
    incidents.look()

    due = dict(AlertNotice.objects.values_list("user__email", "due_at"))
    assert due == {
        "owner@brook.example": noon,
        "manager@brook.example": dt.datetime(2026, 11, 24, 22, 0, tzinfo=dt.UTC),
    }


@pytest.mark.usefixtures("people")
def test_a_rule_is_about_its_licences_alone(account, pool, mailoutbox):
    other = AccountFactory()
    MembershipFactory(account=other, user__email="other@example.com")
    leeds, bath = fill(account), fill(account, "Bath")
    tags.change([bath.licence], add=["West"], by=TESTER)
    make_rule(account, "pool_full", threshold=100, licence=leeds.licence)
    make_rule(account, "pool_full", threshold=100, tag="west", roles=["manager"])
    make_rule(account, "pool_full", threshold=80, licence=pool.licence)
    make_rule(other, "pool_full", threshold=100)
    watch()

    told = {mail.to[0]: mail.subject for mail in mailoutbox if "/alerts/stop/" in mail.body}
    assert {to: subject.split()[0] for to, subject in told.items()} == {
        "owner@brook.example": "Leeds",
        "manager@brook.example": "Bath",
    }


def test_what_happens_together_is_one_mail_and_two_rules_tell_nobody_twice(
    account, people, mailoutbox
):
    make_rule(account, "session_released")
    make_rule(account, "session_released", people=[people[0]])
    key = make_pool(9, account=account, name="Leeds")
    held = [make_session(key) for _ in range(9)]
    by = people[1].as_actor
    for session in held:
        sessions.release(session, by=by, reason="Gone")

    watch()

    [mail] = [mail for mail in mailoutbox if "/alerts/stop/" in mail.body]
    assert mail.subject == "9 alerts in Brook & Co"
    assert mail.body.count(" released ") == 9


def test_nobody_is_told_by_a_paused_rule_or_once_they_left(account, people, mailoutbox):
    rule = make_rule(account, "pool_full", threshold=100, roles=["owner", "manager", "viewer"])
    rules.pause(rule, dt.timedelta(days=1), by=TESTER)
    fill(account)
    watch()
    while_paused = receivers(mailoutbox)
    rules.turn_on(rule, by=TESTER)
    rules.stop_mails([rule], people[1])
    incidents.look()
    account.memberships.filter(user=people[2]).delete()
    watch()

    assert while_paused == []
    assert receivers(mailoutbox) == ["owner@brook.example"]
    assert not AlertNotice.objects.waiting().exists()


def test_readers_of_aliases_learn_no_names(account, people, mailoutbox):
    privacy.show_aliases(account, shown=True, by=TESTER)
    make_rule(account, "session_released", roles=["manager", "viewer"])
    session = make_session(make_pool(account=account), make_client(username="anna"))
    sessions.release(session, by=people[0].as_actor, reason="Gone")

    watch()

    told = {mail.to[0]: mail.body for mail in mailoutbox if "/alerts/stop/" in mail.body}
    assert "anna" in told["manager@brook.example"]
    assert "anna" not in told["viewer@brook.example"]


@pytest.mark.usefixtures("people")
def test_a_worker_that_dies_loses_nothing_and_tells_nothing_twice(account, mailoutbox, monkeypatch):
    make_rule(account, "pool_full", threshold=100)
    fill(account)
    with monkeypatch.context() as dying:
        dying.setattr(incidents.readers, "tell", lambda *_, **__: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            incidents.look()
    with monkeypatch.context() as dying:
        dying.setattr(sending.mails, "write", lambda *_, **__: sys.exit("killed"))
        incidents.look()
        with pytest.raises(SystemExit):
            sending.send()

    watch()
    watch()

    assert receivers(mailoutbox) == ["owner@brook.example"]


@pytest.mark.usefixtures("people")
def test_a_pool_that_flickers_is_one_alert(account, mailoutbox):
    make_rule(account, "pool_full", threshold=100)
    key = fill(account)
    for _ in range(3):
        watch()
        sessions.release(key.licence.sessions.active().get(), by=TESTER, reason="Gone")
        watch()
        make_session(key)
    watch()

    assert len(receivers(mailoutbox)) == 1
    assert Alert.objects.open().count() == 1


@pytest.mark.usefixtures("people")
def test_a_webhook_that_is_off_is_told_nothing(account):
    hook = make_webhook(account)
    make_rule(account, "pool_full", threshold=100, roles=[], webhook=hook)
    Webhook.objects.update(turned_off_at=Now(), off_because="owner")
    fill(account)

    incidents.look()
    sending.send()

    assert not hook.deliveries.filter(event__startswith="alert.").exists()


def test_a_new_account_has_its_first_rules(db):
    account = accounts.open_new(Account(name="Hill & Dale"), by=TESTER)
    fan_out.tell()

    found = AlertRule.objects.filter(account=account)
    assert list(found.values_list("event", "threshold", "roles")) == [
        ("pool_full", 100, ["owner"]),
        ("true_denials", None, ["owner"]),
        ("key_used_widely", None, ["owner"]),
        ("licence_ends", 30, ["owner"]),
    ]


def test_a_rule_that_says_the_same_is_not_changed(account):
    rule = make_rule(account, "pool_full", threshold=100)
    same = Wanted(event="pool_full", threshold=100, roles=["owner"])

    assert rules.change(rule, same, by=TESTER) is False
    assert account.audit_entries.first().action == "alert_rule_added"
