"""The state words and the seat meter: what a word, a tooltip and a drawing say."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from portal.words.meters import WIDTH, Block, blocks_of, level_of
from portal.words.states import STATES, state_of, tip_of, word_of

NOW = dt.datetime(2026, 11, 24, 14, 5, tzinfo=dt.UTC)
LATER = NOW + dt.timedelta(days=2)
WORDS = {
    "active": "Active",
    "quiet": "Quiet",
    "offline": "Offline",
    "held": "Held",
    "ending": "Ending",
    "not_started": "Not started",
    "ends_soon": "Ends soon",
    "ended": "Ended",
    "suspended": "Suspended",
    "closed": "Closed",
    "over_limit": "Over limit",
    "overlap": "Superseded",
    "superseded": "Superseded",
    "revoked": "Revoked",
    "running": "Running",
    "needs_reactivation": "Needs reactivation",
    "open": "Waiting for an answer",
    "answered": "Answered",
    "withdrawn": "Withdrawn",
    "working": "Working",
    "delayed": "Delayed",
    "down": "Not working",
    "unused": "Not used yet",
    "in_use": "In use",
    "not_in_use": "Not in use",
    "moved": "Moved",
    "freed": "Freed",
    "written_off": "Written off",
    "blocked": "Blocked",
    "only_allowed": "Only allowed",
    "on_its_way": "On its way",
    "sent": "Sent",
    "not_delivered": "Not delivered",
    "delivered": "Delivered",
    "not_sent": "Not sent",
    "turned_off": "Turned off",
    "failing": "Failing",
    "rule_on": "On",
    "rule_paused": "Paused",
}


def test_every_state_has_its_word():
    assert {name: str(state.word) for name, state in STATES.items()} == WORDS
    assert str(state_of("brand_new").word) == "Brand new"


@pytest.mark.parametrize(
    ("name", "at", "word"),
    [
        ("offline", LATER, "Offline until Thu 26 Nov, 14:05 GMT"),
        ("not_started", LATER.date(), "Starts 26 Nov"),
        ("overlap", LATER, "Superseded from Thu 26 Nov, 14:05 GMT (overlap)"),
        ("overlap", None, "Superseded"),
        ("active", LATER, "Active"),
    ],
)
def test_a_state_that_ends_says_when(name, at, word):
    with timezone.override("Europe/London"):
        assert word_of(state_of(name), at, now=NOW) == word


@pytest.mark.parametrize(
    ("name", "reclaim_at", "tip"),
    [
        ("active", LATER, ""),
        ("quiet", LATER, "May have lost its connection."),
        ("offline", LATER, "Working offline. Grace ends Wed 25 Nov, 14:05 GMT."),
        ("held", LATER, "The seat comes back by itself Thu 26 Nov, 14:05 GMT."),
        (
            "held",
            None,
            "The seat stays taken until this PC is next online, or you release it.",
        ),
    ],
)
def test_a_state_is_explained(name, reclaim_at, tip):
    grace_until = NOW + dt.timedelta(days=1)

    with timezone.override("Europe/London"):
        assert tip_of(name, grace_until=grace_until, reclaim_at=reclaim_at, now=NOW) == tip


@pytest.mark.parametrize(
    ("used", "level"),
    [(0, "none"), (1, "some"), (7, "some"), (8, "high"), (10, "full"), (11, "over")],
)
def test_a_meter_says_how_full_it_is(used, level):
    assert level_of(used, 10) == level


def test_a_meter_draws_each_seat_of_a_few_and_a_bar_for_many():
    assert [block.is_filled for block in blocks_of(2, 3)] == [True, True, False]
    assert blocks_of(25, 100) == [Block(0, WIDTH, False), Block(0, WIDTH / 4, True)]
    assert blocks_of(150, 100)[1] == Block(0, WIDTH, True)
