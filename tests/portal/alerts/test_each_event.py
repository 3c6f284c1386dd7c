"""Each event, from its cause in the product to its message and its end."""

from __future__ import annotations

import datetime as dt
import re
from types import SimpleNamespace

import pytest
from django.db.models import F
from django.db.models.functions import Now

from licensing import errors, keys, licences, sessions
from licensing.models import ClientSession, Denial, OutboxEvent, ProductKey
from portal.alerts.events import EVENTS
from portal.models import Alert, OffBecause, VisitOver
from portal.sign_in import api_tokens, visits
from portal.webhooks import hooks
from tests.factories import (
    TESTER,
    UserFactory,
    ago,
    days_from_today,
    make_api_token,
    make_client,
    make_pool,
    make_session,
    make_webhook,
    move_back,
)
from tests.people import browser_of
from tests.portal.alerts.made import make_rule, watch


def fill(here):
    here.pool = make_pool(2, account=here.account, name="Leeds")
    here.held = [make_session(here.pool) for _ in range(2)]


def give_a_seat_back(here):
    sessions.release(here.held[0], by=TESTER, reason="Gone home")
    watch()
    Alert.objects.filter(event="pool_full").update(eased_at=ago(minutes=10))


def turn_away_200(here):
    here.pool = make_pool(1, account=here.account, name="Leeds")
    make_session(here.pool)
    move_back(ClientSession.objects.get(licence=here.pool.licence), dt.timedelta(minutes=17))
    for number in range(200):
        with pytest.raises(errors.PoolExhausted):
            sessions.check_out(here.pool, make_client(username=f"u{number}"))
    denials_were(minutes=16)


def denials_were(**before):
    back = dt.timedelta(**before)
    Denial.objects.update(first_at=F("first_at") - back, last_at=F("last_at") - back)


def lose_a_pc(here):
    client = make_client(username="anna", machine_name="CAD-03")
    here.held = [make_session(here.pool, client, refreshed=dt.timedelta(hours=47))]
    move_back(here.held[0], dt.timedelta(hours=3))
    here.held[0].refresh_from_db()
    ClientSession.objects.update(reclaim_at=None)


def spread_a_key(here):
    here.key = make_pool(30, account=here.account, name="Leeds")
    ProductKey.objects.filter(pk=here.key.pk).update(created_at=ago(days=60))
    for _ in range(6):
        make_session(here.key)


def reissue(here):
    keys.reissue(here.pool, by=here.tom, overlap=dt.timedelta(days=7), reason="Routine")


def release(here):
    client = make_client(username="anna", machine_name="CAD-03")
    sessions.release(make_session(here.pool, client), by=here.tom, reason="Asked for")


def view(here):
    request = SimpleNamespace(user=UserFactory(name="Anna Kowalski", is_staff=True), session={})
    here.visit = visits.begin(request, here.account, reason="They asked.", ticket="4821")


def time_passes(_here):
    Alert.objects.exclude(ends_at=None).update(ends_at=Now())


def end_soon(here):
    licences.set_term(
        here.pool.licence, starts_on=None, ends_on=days_from_today(30), by=TESTER, reason="Order"
    )


def renew(here):
    here.pool.licence.refresh_from_db()
    licences.set_term(
        here.pool.licence, starts_on=None, ends_on=days_from_today(800), by=TESTER, reason="Order"
    )


def make_short_token(here):
    here.token = make_api_token(here.account, days=10)


def fail_for_days(here):
    here.hook = make_webhook(here.account)
    hooks.turn_off(here.hook, by=TESTER, because=OffBecause.FAILING)


MOMENT = r"(\d+ \w+ )?\d\d:\d\d"
"""With its day just after midnight, for what began before it."""

STORIES = {
    # event: threshold, cause, what is said, end, what is said then
    "pool_full": (100, fill, rf"Leeds full: 2 of 2 since {MOMENT}", give_a_seat_back,
                  "Leeds has seats again"),
    "true_denials": (None, turn_away_200, rf"Leeds: 200 people couldn't start since {MOMENT}",
                     lambda _: denials_were(minutes=60), None),
    "seat_held": (None, lose_a_pc, r"CAD-03 still holds a seat of London planners, offline .+",
                  lambda here: sessions.release(here.held[0], by=TESTER, reason="Lost"), None),
    "key_used_widely": (None, spread_a_key, r"Key ending \w{4} used by 6 new machines",
                        lambda _: ClientSession.objects.update(
                            started_at=F("started_at") - dt.timedelta(days=8)), None),
    "key_reissued": (None, reissue, r"New key for London planners: Tom Reed .+", time_passes,
                     None),
    "session_released": (None, release, r"Tom Reed released anna on CAD-03", time_passes, None),
    "licence_ends": (30, end_soon, "London planners ends in 30 days", renew, None),
    "support_viewed": (None, view, r"Support \(Anna Kowalski, ticket 4821\) viewed .+ \d\d:\d\d",
                       lambda here: visits.end(here.visit, VisitOver.ENDED, by=TESTER), None),
    "token_ends": (None, make_short_token, r"API token “Report” ends on .+",
                   lambda here: api_tokens.revoke(here.token, by=TESTER), None),
    "webhook_off": (None, fail_for_days, r"Webhook turned off: 8\.8\.8\.8",
                    lambda here: hooks.turn_on(here.hook, by=TESTER, sends_again=False), None),
}  # fmt: skip


@pytest.fixture
def here(account, pool):
    """An account with an owner who reads mails, and nothing yet to tell."""
    owner = browser_of(account, "owner", name="Priya Shah", email="priya@example.com")
    tom = browser_of(account, "manager", name="Tom Reed", email="tom@example.com")
    OutboxEvent.objects.update(delivered_at=F("created_at"))
    people = account.memberships.select_related("user")
    return SimpleNamespace(
        account=account, pool=pool, owner=owner, manager=tom,
        tom=people.get(role="manager").user.as_actor,
    )  # fmt: skip


def alerts_to(mailoutbox, email):
    """The subjects of somebody's mails about alerts."""
    told = [mail for mail in mailoutbox if mail.to == [email]]
    return [mail.subject for mail in told if "/alerts/stop/" in mail.body]


def test_a_token_ends_on_its_last_day_and_not_on_the_midnight_after():
    facts = {"name": "Trial", "ends_at": "2031-12-06T00:00:00+00:00"}

    said = EVENTS["token_ends"].says(Alert(event="token_ends", facts=facts), None)

    assert said == "API token “Trial” ends on 5 Dec 2031"


def test_every_event_has_its_story():
    assert set(STORIES) == set(EVENTS)


@pytest.mark.parametrize("event", STORIES)
def test_is_told_once_when_it_begins_and_once_when_it_is_over(here, mailoutbox, event):
    threshold, cause, said, end, over = STORIES[event]
    hook = make_webhook(here.account, "key.revoked", address="https://8.8.4.4/alerts")
    make_rule(here.account, event, threshold=threshold, webhook=hook, roles=["manager"])
    other = make_pool(account=None)

    cause(here)
    watch()
    watch()
    begun = alerts_to(mailoutbox, "tom@example.com")
    [alert] = Alert.objects.open()
    is_listed = alert.event == event
    end(here)
    watch()
    watch()
    told = alerts_to(mailoutbox, "tom@example.com")

    assert other.account_id != here.account.pk
    if EVENTS[event].is_for_owners:
        assert told == []
    else:
        assert [bool(re.fullmatch(said, text)) for text in begun] == [True], begun
        assert told[1:] == ([over] if over else [])
    assert is_listed
    assert not Alert.objects.unresolved().exists()
    posted = [row.event for row in hook.deliveries.order_by("pk")]
    assert posted == ["alert.opened", *(["alert.resolved"] if over else [])]
