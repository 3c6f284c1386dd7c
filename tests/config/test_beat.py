"""Several beats: one asks for what is due, the others wait and go on where it ended."""

from __future__ import annotations

import datetime as dt

import pytest
from celery.schedules import schedule
from django.db.models import F

from config.beat import OneAtATime
from config.celery import app
from portal.models import Beat
from portal.upkeep import beating

pytestmark = pytest.mark.django_db

NAME = "portal.tasks.note_background_work"


class Recorded(OneAtATime):
    """A beat that notes what it would hand to the broker."""

    def setup_schedule(self):
        self.merge_inplace({NAME: {"task": NAME, "schedule": schedule(dt.timedelta(seconds=60))}})
        self.asked = []

    def apply_async(self, entry, **_):
        self.asked.append(entry.name)

    def tick_again(self):
        """What is asked for at a time at which turns are renewed."""
        self.renew_at = 0
        self.tick()
        return self.asked


@pytest.fixture
def beats():
    """One that has the turn, and has asked once, and one that waits."""
    one, other = Recorded(app=app), Recorded(app=app)
    one.tick()
    minute_passes(one)
    one.tick_again()
    one.asked.clear()
    other.tick()
    return one, other


def minute_passes(*beats):
    """The task is due again, by what each knows and by what is written down."""
    [row] = Beat.objects.all()
    row.asked_at = {name: earlier(at) for name, at in row.asked_at.items()}
    row.save(update_fields=["asked_at"])
    for beat in beats:
        beat.schedule[NAME].last_run_at -= dt.timedelta(seconds=61)
        beat._heap = None


def earlier(at):
    return (dt.datetime.fromisoformat(at) - dt.timedelta(seconds=61)).isoformat()


def turn_runs_out():
    Beat.objects.update(
        held_until=F("held_until") - beating.LASTS, renewed_at=F("renewed_at") - beating.LASTS
    )


def test_the_second_waits(beats):
    one, other = beats
    minute_passes(one, other)

    assert (one.tick_again(), other.tick_again()) == ([NAME], [])


def test_the_second_goes_on_when_the_first_dies(beats):
    one, other = beats
    minute_passes(one, other)
    one.tick_again()
    turn_runs_out()

    assert other.tick_again() == []  # the first has asked in this minute
    minute_passes(other)
    assert other.tick_again() == [NAME]


def test_one_that_stood_still_asks_for_nothing_that_the_next_has_asked_for(beats):
    one, other = beats
    minute_passes(one, other)
    turn_runs_out()
    other.tick_again()
    one.renew_at = float("inf")  # it believes to have the turn still

    one.tick()

    assert (one.asked, other.asked, one.has_turn) == ([], [NAME], False)


def test_the_second_goes_on_at_once_when_the_first_gives_its_turn_back(beats):
    one, other = beats
    minute_passes(one, other)

    beating.give_back(one.holder)

    assert other.tick_again() == [NAME]


def test_who_beats_is_told(beats):
    machine, ago = beating.last_turn()

    assert machine == Beat.objects.get().machine
    assert ago < beating.LASTS
