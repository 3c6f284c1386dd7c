"""The figures of the whole service that operators' monitoring reads: how many, how old, how late.

They are read when somebody asks for them, one look at the database with an end to its time, and
then kept for some seconds, or for longer where reading took long. No name, key or account is
among them.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import structlog
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection, connections, transaction
from django_redis import get_redis_connection
from redis.exceptions import RedisError

from licensing import standby
from portal.mail import deliveries as mails
from portal.telling import fan_out
from portal.upkeep import beating, figure_statements, secret_ages, service_status
from portal.webhooks import deliveries as messages

logger = structlog.get_logger(__name__)

MOST_COUNTED = 100_000
"""Of more rows a sample of about so many is read, and the figure is an estimate."""
STATEMENT_SECONDS = 2
KEPT = 5
"""Seconds; what took long is kept for SPARED times as long as it took."""
SPARED = 20
QUEUE = "celery"


class Figure(NamedTuple):
    """One figure; ``labels`` tells it from others of its name."""

    name: str
    value: float
    labels: tuple[str, ...] = ()


Look = Callable[[], Iterator[Figure]]


class Named(NamedTuple):
    """What a name stands for, and what its labels are called."""

    meaning: str
    labels: tuple[str, ...] = ()


NAMES = {
    "licensing_seats": Named("Seats, by state: held, draining or free.", ("state",)),
    "licensing_sessions": Named(
        "Open sessions, by state: active, quiet, offline or held.", ("state",)
    ),
    "licensing_stale_seats": Named("Seats whose session is stale and that nobody took back yet."),
    "licensing_oldest_seconds": Named(
        "How long the oldest has waited that only a worker is missing for: an event of the "
        "outbox, a mail, a message to a webhook.",
        ("kind",),
    ),
    "licensing_queue_tasks": Named("Tasks that wait for a Celery worker."),
    "licensing_queue_oldest_seconds": Named("How long the oldest of them has waited."),
    "licensing_background_work": Named("1 while beat and a worker are at work, else 0."),
    "licensing_beat_age_seconds": Named(
        "How long ago beat renewed its turn, by the machine that has it, or had it last.",
        ("machine",),
    ),
    "licensing_reports_standby": Named(
        "1 while the standby for reports is fresh enough to be read, else 0."
    ),
    "licensing_database_connections": Named("Connections to PostgreSQL."),
    "licensing_database_connections_most": Named("How many it takes (max_connections)."),
    "licensing_standby_lag_seconds": Named("How far a standby is behind, in time.", ("standby",)),
    "licensing_standby_lag_bytes": Named("How far a standby is behind, in bytes.", ("standby",)),
    "licensing_archived_timestamp_seconds": Named("When the write-ahead log was archived last."),
    "licensing_archive_fails": Named("1 while archiving the write-ahead log fails, else 0."),
    "licensing_backup_timestamp_seconds": Named("When the last backup was done (BACKUP_MARK)."),
    "licensing_secret_age_seconds": Named(
        "How long ago a secret was first seen, by its setting and its place there.",
        ("setting", "place"),
    ),
    "licensing_answers": Named("1 where a part could be asked for its figures, else 0.", ("part",)),
    "licensing_reading_seconds": Named("How long it took to read these figures."),
}


class Kept:
    """What was read last, by this process, and until when that will do."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.figures: list[Figure] = []
        self.until = 0.0

    def read(self) -> list[Figure]:
        """Every figure, as of now or of a moment ago. Whoever asks meanwhile waits for the same."""
        with self.lock:
            if time.monotonic() >= self.until:
                began = time.monotonic()
                self.figures = list(read())
                took = time.monotonic() - began
                self.figures.append(Figure("licensing_reading_seconds", took))
                self.until = time.monotonic() + max(KEPT, SPARED * took)
            return self.figures


kept = Kept()


def read() -> Iterator[Figure]:
    """Every figure, as it is now. What a part did not tell is missing, and ``answers`` says so."""
    for part, looks, failures in PARTS:
        try:
            for look in looks:
                yield from list(look())
        except failures as error:
            logger.warning("figures_not_read", part=part, error=type(error).__name__)
            yield Figure("licensing_answers", 0, (part,))
        else:
            yield Figure("licensing_answers", 1, (part,))


def within_time(look: Look) -> Look:
    """The same look, in a transaction of its own whose statements end in time."""

    def limited() -> Iterator[Figure]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL statement_timeout = '{STATEMENT_SECONDS}s'")
            yield from look()

    return limited


def rows(statement: str) -> list[tuple[Any, ...]]:
    """What a statement finds."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


@within_time
def seats_and_sessions() -> Iterator[Figure]:
    """Seats and sessions by state; of very many an estimate."""
    sizes = dict(rows(figure_statements.SIZES))
    sample, times = sample_of(sizes["active_sessions"], sizes["licensing_clientsession"])
    [(*states, stale)] = rows(figure_statements.SESSIONS.format(sample=sample))
    for state, count in zip(("active", "quiet", "offline", "held"), states, strict=True):
        yield Figure("licensing_sessions", count * times, (state,))
    yield Figure("licensing_stale_seats", stale * times)
    sample, times = sample_of(sizes["licensing_seat"], sizes["licensing_seat"])
    [counts] = rows(figure_statements.SEATS.format(sample=sample))
    for state, count in zip(("held", "draining", "free"), counts, strict=True):
        yield Figure("licensing_seats", count * times, (state,))


def sample_of(counted: float, in_table: float) -> tuple[str, float]:
    """How to read a part of a table, if that is needed, and what each row then stands for."""
    if counted <= MOST_COUNTED:
        return "", 1
    part = min(1, MOST_COUNTED / in_table)
    return f"TABLESAMPLE SYSTEM ({100 * part:.6f})", 1 / part


@within_time
def waiting() -> Iterator[Figure]:
    """How long the oldest of what is to be told has waited."""
    oldest = {
        "event": fan_out.oldest_waiting(),
        "mail": mails.oldest_untried(),
        "message": messages.oldest_due(),
    }
    for kind, age in oldest.items():
        yield Figure("licensing_oldest_seconds", age.total_seconds(), (kind,))


@within_time
def beat() -> Iterator[Figure]:
    """Which machine beats."""
    if found := beating.last_turn():
        machine, ago = found
        yield Figure("licensing_beat_age_seconds", ago.total_seconds(), (machine,))


def reports() -> Iterator[Figure]:
    """Whether lists and use over time are read from a standby."""
    if standby.ALIAS in connections:
        yield Figure("licensing_reports_standby", int(standby.freshness.is_enough()))


@within_time
def server() -> Iterator[Figure]:
    """PostgreSQL's own: connections, standbys and the archive of its log."""
    [(used, most)] = rows(figure_statements.CONNECTIONS)
    yield Figure("licensing_database_connections", used)
    yield Figure("licensing_database_connections_most", most)
    for name, seconds, behind in rows(figure_statements.STANDBYS):
        yield Figure("licensing_standby_lag_seconds", seconds, (name,))
        yield Figure("licensing_standby_lag_bytes", behind, (name,))
    for archived_at, fails in rows(figure_statements.ARCHIVE):
        yield Figure("licensing_archive_fails", int(fails))
        if archived_at is not None:
            yield Figure("licensing_archived_timestamp_seconds", archived_at)


@within_time
def secrets() -> Iterator[Figure]:
    """How old each secret is."""
    for secret in secret_ages.ages():
        labels = secret.setting, str(secret.place)
        yield Figure("licensing_secret_age_seconds", secret.age.total_seconds(), labels)


def queue() -> Iterator[Figure]:
    """What waits for a worker. Celery's Redis takes from the end of its list."""
    redis = get_redis_connection("default")
    yield Figure("licensing_queue_tasks", redis.llen(QUEUE))
    oldest = redis.lindex(QUEUE, -1)
    sent_at = json.loads(oldest)["headers"].get("sent_at") if oldest else None
    age = max(0.0, time.time() - sent_at) if sent_at else 0.0
    yield Figure("licensing_queue_oldest_seconds", age)
    yield Figure("licensing_background_work", int(bool(cache.get(service_status.BACKGROUND))))


def backup() -> Iterator[Figure]:
    """When the last backup was done, as the script of backups marked it."""
    if mark := settings.BACKUP_MARK:
        yield Figure("licensing_backup_timestamp_seconds", mark.stat().st_mtime)


PARTS: tuple[tuple[str, tuple[Look, ...], type[Exception]], ...] = (
    ("database", (reports, waiting, beat, server, secrets, seats_and_sessions), Error),
    ("broker", (queue,), RedisError),
    ("backup", (backup,), OSError),
)
