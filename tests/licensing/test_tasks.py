"""What Celery runs, by the clock of its beat."""

from __future__ import annotations

import datetime as dt

import pytest

from config.celery import app
from licensing import clock, denials, errors, history, sessions, tasks
from licensing.models import ClientSession, Denial, Hold
from licensing.models.sessions import EndReason
from tests.factories import ago, days_from_today, make_client, make_pool, make_session


def test_beat_runs_tasks_that_there_are(settings):
    app.loader.import_default_modules()

    scheduled = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}

    assert scheduled >= {
        "licensing.tasks.reclaim_stale_sessions",
        "licensing.tasks.end_sessions_of_ended_licences",
        "licensing.tasks.prune_history",
        "licensing.tasks.move_history",
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
def test_history_is_kept_for_as_long_as_is_set(settings, monkeypatch):
    pool, settings.KEEP_HISTORY_DAYS = make_pool(3), 30
    monkeypatch.setattr(history, "BATCH", 1)
    over, of_late, still_open = (make_session(pool) for _ in range(3))
    for session, ended in ((over, 31), (of_late, 29)):
        sessions.close(session.pk)
        ClientSession.objects.filter(pk=session.pk).update(ended_at=ago(days=ended))
    ClientSession.objects.update(started_at=ago(days=40))
    for number, (first, last) in enumerate(((40, 31), (40, 29), (41, 32))):
        denials.record(pool, make_client(), errors.KeyRevoked())
        Denial.objects.filter(count=1).update(
            count=2 + number, first_at=ago(days=first), last_at=ago(days=last)
        )

    for ended in (31, 29):
        Hold.objects.create(
            licence=pool.licence, session=still_open.pk,
            held_since=ago(days=40), held_until=ago(days=ended),
        )  # fmt: skip

    assert history.prune() == 4
    assert set(ClientSession.objects.all()) == {of_late, still_open}
    assert Denial.objects.get().count == 3
    assert Hold.objects.get().held_until > clock.database_time() - dt.timedelta(days=30)


@pytest.mark.django_db
def test_running_them_again_changes_nothing(pool):
    session = make_session(pool)

    for task in (
        tasks.reclaim_stale_sessions,
        tasks.end_sessions_of_ended_licences,
        tasks.prune_history,
        tasks.move_history,
    ):
        task()
        task()

    session.refresh_from_db()
    assert session.ended_at is None
