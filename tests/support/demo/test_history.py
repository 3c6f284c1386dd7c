"""The demo's past, on a small scale: as real as if it had been waited for."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from django.db import transaction
from django.utils import timezone

from licensing import alm_moves, audit, invariants
from licensing.alm_moves import Started
from licensing.models import Account, AuditEntry, ClientSession, Denial, Device, Licence
from portal.models import Membership
from support.demo.desktops import clocks
from support.demo.estate import history, office
from support.demo.estate.accounts import BROOK, BROOK_TEAMS, HARBOUR, SMALL_TEAMS

pytestmark = [pytest.mark.django_db, pytest.mark.slow]

DAYS = 6
TEAMS = (*BROOK_TEAMS, *SMALL_TEAMS)


@pytest.fixture(scope="module")
def now(django_db_setup, django_db_blocker):
    """The end of a history that all tests of this module look at."""
    at = time.time()
    with django_db_blocker.unblock(), transaction.atomic():
        history.fill(TEAMS, days=DAYS, now=at)
        yield at
        transaction.set_rollback(True)


def test_breaks_no_invariant_and_no_chain(now):
    assert ClientSession.objects.count() > 100
    assert invariants.broken() == []
    assert [list(audit.broken_links(account)) for account in Account.objects.all()] == [[]] * 4


def test_shows_every_state_a_full_pool_and_its_denials(now):
    states = set(ClientSession.objects.active().with_state().values_list("state", flat=True))
    assert states == {"active", "quiet", "offline", "held"}

    in_use = dict(Licence.objects.with_use().values_list("name", "in_use"))
    assert in_use["London planners"] == 10
    assert in_use["Graduates"] > Licence.objects.get(name="Graduates").seats
    assert in_use["Leeds planners"] < 25

    this_morning = clocks.moment(now - history.TODAY_SO_FAR)
    full = Denial.objects.filter(code="pool_exhausted", licence__name="London planners")
    assert full.filter(last_at__gt=this_morning).exists()


def test_everything_happened_in_its_own_time(now):
    began, ended = clocks.moment(now - DAYS * 86400), clocks.moment(now)
    times = [
        *AuditEntry.objects.values_list("at", flat=True),
        *ClientSession.objects.values_list("started_at", flat=True),
        *Account.objects.values_list("created_at", flat=True),
        *Licence.objects.values_list("created_at", flat=True),
        *Device.objects.values_list("bound_at", flat=True),
        *Membership.objects.values_list("created_at", flat=True),
    ]
    assert began <= min(times) < began + dt.timedelta(hours=1)
    assert max(times) <= ended


def test_people_released_seats_with_reasons(now):
    releases = AuditEntry.objects.filter(action="session_released")
    assert ("Tom Reed <tom.reed@brook.example>", "Person away") in releases.values_list(
        "actor_name", "reason"
    )


def test_shows_a_move_from_alm_that_is_under_way(now):
    harbour = Account.objects.get(name=HARBOUR)

    assert [licence.name for licence in alm_moves.licences_of(harbour)] == [
        "Bristol", "Cardiff", "hdp-alm"
    ]  # fmt: skip
    assert list(alm_moves.started(harbour).values()) == [Started(machines=2, running=0)]
    assert harbour.alm_codes_end_on > harbour.local(timezone.now()).date()


def test_shows_what_account_holders_keep_in_the_portal(now):
    brook = Account.objects.get(name=BROOK)

    assert brook.licence_tags.count() == 6
    assert [view.name for view in brook.saved_views.all()] == [office.SHARED_VIEW]
    assert [str(token) for token in brook.api_tokens.all()] == ["Monthly report"]
    states = dict(brook.requests.values_list("kind", "state"))
    assert states == {"seats": "open", "help": "answered"}
    answered = brook.requests.get(kind="help")
    assert answered.answered_at - answered.asked_at == dt.timedelta(minutes=24)
