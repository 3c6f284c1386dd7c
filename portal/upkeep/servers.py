"""PostgreSQL, and Redis or Valkey: whether this machine reaches each, and how."""

from __future__ import annotations

import errno
import socket
import time
from typing import NamedTuple
from urllib.parse import urlsplit

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import Error, connection, connections
from django_redis import get_redis_connection
from kombu.exceptions import OperationalError as BrokerIsDown
from redis.exceptions import RedisError

from licensing import readiness, standby
from licensing.outages import first_line
from licensing.readiness import Fault
from portal.upkeep import service_status
from portal.upkeep.several import START_BEAT, START_WORKER

OLDEST_POSTGRESQL = 15
MAKE_ANEW = (
    "No database changes that. Make another, `createdb --encoding=UTF8 --template=template0 NAME`, "
    "take what this one has there (`pg_dump | psql`), and name it in DATABASE_URL."
)
CLOCKS_DIFFER = 2
"""Seconds by which this machine's clock and the database's may differ."""
PATIENCE = 5
"""Seconds to wait for the broker."""
PATIENCE_WITH_WORKERS = 1.0
"""Seconds to wait for their answers, which they give beside their work."""
START_REDIS = (
    "Start Redis or Valkey, or set the address of the right one. Until then the limits on guessing "
    "are off, and mails and tidying wait."
)
REDIS_PASSWORD = (
    "Set user and password in REDIS_URL as the server has them: its requirepass, or its ACL."  # noqa: S105
)
REDIS_TLS = (
    "Compare the host in REDIS_URL with the names in the server's certificate, and name who signed "
    "it: rediss://HOST:6379/0?ssl_ca_certs=FILE (docs/operations.md)."
)
MAY_WANT_TLS = f"If it wants TLS, begin REDIS_URL with rediss://. {START_REDIS}"
REDIS_REFUSES = {
    "Authentication required": REDIS_PASSWORD,
    "client already authenticated": REDIS_PASSWORD,
    "username-password": REDIS_PASSWORD,
    "No permissions": "Let the user of REDIS_URL use all keys and commands, in the server's ACL.",
    "DB index": "Let REDIS_URL end in the number of a database that the server has: /0.",
    "SSL": REDIS_TLS,
    "Connection closed by server": MAY_WANT_TLS,
    "reset by peer": MAY_WANT_TLS,
}
"""What to do, by what Redis or its client say; the first that is found counts."""
REDIS_PORT = 6379
ENCRYPT = (
    "Have it encrypted and its server known: ?sslmode=verify-full in DATABASE_URL, rediss:// in "
    "REDIS_URL (docs/operations.md, TLS between machines)."
)


class Advice(NamedTuple):
    """What works, though it ought to be otherwise, and what to do about it."""

    detail: str
    what_to_do: str


def database() -> str | Fault:
    """Whether PostgreSQL can be asked, and is new enough."""
    if fault := readiness.of_connection():
        return fault
    version = connection.connection.info.server_version // 10000
    if version < OLDEST_POSTGRESQL:
        return Fault(f"PostgreSQL {version} is too old.", f"Use {OLDEST_POSTGRESQL} or later.")
    return f"PostgreSQL {version} answers."


def encoding() -> str | Fault:
    """Whether it keeps every name as it was written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_encoding')")
        [found] = cursor.fetchone()
    if found != "UTF8":
        return Fault(f"The database keeps its texts in {found}, not in UTF8.", MAKE_ANEW)
    return "It keeps its texts in UTF8."


def durability() -> str | Fault:
    """Whether it keeps what it acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('fsync') = 'on'"
            " AND current_setting('synchronous_commit') <> 'off'"
        )
        [is_durable] = cursor.fetchone()
    if not is_durable:
        return Fault(
            "A crash of the database would lose check-outs that it acknowledged.",
            "Turn fsync and synchronous_commit on.",
        )
    return "What is acknowledged is on the disk."


def migrations() -> str | Fault:
    """Whether the tables are this version's."""
    return readiness.of_migrations() or "As this version has them."


def clock() -> str | Fault:
    """How far this machine's clock is from the database's, which decides."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp())::float")
        [there] = cursor.fetchone()
    apart = abs(time.time() - there)
    if apart > CLOCKS_DIFFER:
        return Fault(
            f"This machine's clock and the database's are {apart:.0f} s apart.",
            "Let the time service set both; single sign-on and the limits on guessing need it.",
        )
    return f"{apart:.1f} s from the database's."


def the_cache() -> str | Fault:
    """Whether Redis answers."""
    try:
        get_redis_connection("default").ping()
    except RedisError as error:
        return refused(error)
    return "Answers."


def broker() -> str | Fault:
    """Whether Celery's tasks can be handed over."""
    try:
        with current_app.connection_for_write(connect_timeout=PATIENCE) as kombu:
            kombu.ensure_connection(max_retries=1, timeout=PATIENCE)
    except (BrokerIsDown, OSError) as error:
        return refused(error)
    return "Answers."


def refused(error: Exception) -> Fault:
    """Why Redis can't be used, and what mends that."""
    said = first_line(error)
    found = (remedy for words, remedy in REDIS_REFUSES.items() if words in said)
    return Fault(f"REDIS_URL: {said}", next(found, START_REDIS))


def background_work() -> str | Fault:
    """Whether a beat and a worker were at work of late, or a worker has only just begun."""
    if cache.get(service_status.BACKGROUND):
        return "Beat and worker are at work."
    if not (seconds := since_workers_began()):
        return Fault("No worker answers. Mails and exports wait.", START_WORKER)
    if max(seconds) < service_status.LATE_AFTER.total_seconds():
        return f"A worker began {max(seconds)} s ago; the first mark of beat and worker is to come."
    return Fault(
        "Workers answer, and have done nothing for the beat within three minutes.",
        f"{START_BEAT} If one beats: start more workers, or see in their logs what keeps them.",
    )


def since_workers_began() -> list[int]:
    """For how many seconds each worker that answers has been there."""
    told = current_app.control.inspect(timeout=PATIENCE_WITH_WORKERS).stats() or {}
    return [int(one["uptime"]) for one in told.values()]


def on_the_way() -> str | Advice:
    """Whether somebody between the machines could read what this one and its servers say."""
    plain = [name for name, is_plain in between_machines().items() if is_plain]
    if plain:
        return Advice(
            f"Between this machine and the server of {' and '.join(plain)} nothing is encrypted.",
            ENCRYPT,
        )
    return "Nothing goes to a server on another machine in clear."


def between_machines() -> dict[str, bool]:
    """By the setting of each server: whether it is on another machine, and spoken to in clear."""
    names = {"DATABASE_URL": "default", "REPORTS_DATABASE_URL": standby.ALIAS}
    found = {name: in_clear(alias) for name, alias in names.items() if alias in connections}
    redis = urlsplit(settings.REDIS_URL)
    far = is_elsewhere(redis.hostname or "localhost", redis.port or REDIS_PORT)
    return found | {"REDIS_URL": far and redis.scheme != "rediss"}


def in_clear(alias: str) -> bool:
    """Whether a PostgreSQL is; of one that does not answer another part tells."""
    try:
        connections[alias].ensure_connection()
    except Error:
        return False
    pgconn = connections[alias].connection.pgconn
    return not pgconn.ssl_in_use and is_elsewhere(pgconn.hostaddr.decode(), int(pgconn.port))


def is_elsewhere(host: str, port: int) -> bool:
    """Whether a server is on another machine: one listens at addresses of one's own only.

    A name that nobody knows is nowhere, and a socket (no host) is here.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(
            host or None, port, type=socket.SOCK_DGRAM
        )[0]
    except OSError:
        return False
    try:
        with socket.socket(family, kind) as tried:
            tried.bind((address[0], 0))
    except OSError as error:
        return error.errno == errno.EADDRNOTAVAIL
    return False
