"""What Celery runs, by the clock of its beat."""

from __future__ import annotations

import datetime as dt

import pytest

from config.celery import app
from licensing import tasks
from licensing.models.sessions import EndReason
from tests.factories import days_from_today, make_session


def test_beat_runs_tasks_that_there_are(settings):
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled >= {
        "licensing.tasks.reclaim_stale_sessions",
        "licensing.tasks.end_sessions_of_ended_licences",
        "licensing.tasks.prune_history",
    }
    assert scheduled <= set(app.tasks)


@pytest.mark.django_db
def test_stale_seats_come_back(pool):
    session = make_session(pool, refreshed=dt.timedelta(hours=49))

    tasks.reclaim_stale_sessions()

    session.refresh_from_db()
    assert session.end_reason == EndReason.RECLAIMED


@pytest.mark.django_db
def test_sessions_of_ended_licences_end(pool):
    session = make_session(pool)
    type(pool.licence).objects.update(ends_on=days_from_today(-2))

    tasks.end_sessions_of_ended_licences()

    session.refresh_from_db()
    assert session.end_reason == EndReason.LICENCE_ENDED


@pytest.mark.django_db
def test_running_them_again_changes_nothing(pool):
    session = make_session(pool)

    for task in (
        tasks.reclaim_stale_sessions,
        tasks.end_sessions_of_ended_licences,
        tasks.prune_history,
    ):
        task()
        task()

    session.refresh_from_db()
    assert session.ended_at is None
