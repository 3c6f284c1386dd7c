"""What an operator asks first: each part that the product needs, looked at once, in words.

A part that is away costs a few seconds at most, and hides no other.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import mailers
from django.db import connection
from django_redis import get_redis_connection
from kombu.exceptions import OperationalError as BrokerIsDown
from redis.exceptions import RedisError

from licensing import encryption, keys, readiness
from licensing.models import ProductKey
from licensing.readiness import Fault
from portal.mail import mailer
from portal.telling import standing
from portal.upkeep import backups, encrypted, outside, secret_ages, service_status, several

OLDEST_POSTGRESQL = 15
CLOCKS_DIFFER = 2
"""Seconds by which this machine's clock and the database's may differ."""
PATIENCE = 5
"""Seconds to wait for the mail server, and for the broker."""
SEND_NOTHING = (
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
)
LEAST_FREE = 0.05
"""Of the disk that exports are written to."""
MOST_NAMED = 10
SIGNS_FOR_LONG = dt.timedelta(days=400)


class Check(NamedTuple):
    """One part: whether it is well, what was seen, and what to do if it is not."""

    name: str
    ok: bool
    detail: str
    what_to_do: str


def examine() -> list[Check]:
    """Look at every part. What needs the database waits for it to be well."""
    checks = [examine_part("settings", settings_in_force)]
    fault = readiness.of_database()
    for name, look in NEED_DATABASE.items():
        checks.append(examine_part(name, look) if fault is None else unwell(name, fault))
    return checks + [examine_part(name, look) for name, look in PARTS.items()]


def examine_part(name: str, look: Callable[[], str | Fault]) -> Check:
    """What was seen of one part."""
    seen = look()
    return unwell(name, seen) if isinstance(seen, Fault) else Check(name, True, seen, "")


def unwell(name: str, fault: Fault) -> Check:
    """A part with a fault."""
    return Check(name, False, fault.detail, fault.what_to_do)


def settings_in_force() -> str | Fault:
    """Settings that are right in themselves, but not for people to use."""
    if settings.DEBUG:
        return Fault("DEBUG shows strangers how the product works.", "Take DEBUG away.")
    if not settings.DEMO and not settings.HTTPS:
        return Fault("BASE_URL is not HTTPS.", "Put a proxy with TLS in front, and set BASE_URL.")
    return "All can be read."


def database() -> str | Fault:
    """PostgreSQL's version, and whether it keeps what it acknowledged."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT current_setting('server_version_num')::int / 10000,"
            " current_setting('fsync') = 'on' AND current_setting('synchronous_commit') <> 'off'"
        )
        version, is_durable = cursor.fetchone()
    if version < OLDEST_POSTGRESQL:
        return Fault(f"PostgreSQL {version} is too old.", f"Use {OLDEST_POSTGRESQL} or later.")
    if not is_durable:
        return Fault(
            "A crash of the database would lose check-outs that it acknowledged.",
            "Turn fsync and synchronous_commit on.",
        )
    return f"PostgreSQL {version}, durable."


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


def encryption_keys() -> str | Fault:
    """Whether our keys open every stored secret."""
    lost = {place.name: encrypted.lost(place) for place in encrypted.PLACES}
    told = [f"{name} {some_of(ids)}" for name, ids in lost.items() if ids]
    if told:
        return Fault(
            f"PRODUCT_KEY_ENCRYPTION_KEYS open none of these: {'; '.join(told)}.",
            "Put the key back with which they were encrypted, behind the first.",
        )
    older = sum(encrypted.older(place) for place in encrypted.PLACES)
    if older:
        return f"They open every secret; {older} need an older one until `manage.py reencrypt`."
    return "The first opens every secret."


def digest_key() -> str | Fault:
    """Whether product keys are compared by the secret with which they were made."""
    first = ProductKey.objects.order_by("pk").first()
    if first is None:
        return "No product key was made yet."
    try:
        digest = keys.digest(encryption.decrypt(bytes(first.encrypted)))
    except encryption.SecretLost:
        return "Cannot be seen while the first product key cannot be read."
    if digest != bytes(first.digest):
        return Fault(
            "PRODUCT_KEY_DIGEST_KEY is not that with which product keys were made: none opens.",
            "Put back the one of the backup of the secrets. It can never be changed.",
        )
    return "Product keys are compared as they were made."


def ages_of_secrets() -> str | Fault:
    """How old each secret is that may be changed, and whether the one that signs is too old."""
    secret_ages.note()
    ages = [one for one in secret_ages.ages() if one.setting != "PRODUCT_KEY_DIGEST_KEY"]
    told = ", ".join(f"{one.setting} ({one.place}) {one.age.days} days" for one in ages)
    signing = [one for one in ages if (one.setting, one.place) == ("LEASE_SIGNING_KEYS", 1)]
    if any(one.age > SIGNS_FOR_LONG for one in signing):
        return Fault(
            f"One key has signed leases for long: {told}.",
            "Publish a new one behind it, and put it in front a day later (docs/operations.md).",
        )
    return f"Since they were first seen: {told}."


def some_of(ids: list[object]) -> str:
    """The first few ids, and how many there are beside them."""
    more = len(ids) - MOST_NAMED
    return ", ".join(map(str, ids[:MOST_NAMED])) + (f" and {more} more" if more > 0 else "")


def telling() -> str | Fault:
    """Whether what happened is told, and what waits is sent."""
    oldest = standing.oldest_waiting()
    if oldest > standing.LATE_AFTER:
        return Fault(
            f"The oldest event, mail or message to a webhook has waited for "
            f"{oldest.total_seconds():.0f} s.",
            "Start a worker and the beat, or `manage.py deliver` until they are back.",
        )
    return "Nothing waits for long."


def static_files() -> str | Fault:
    """Whether this version's static files were collected."""
    return readiness.of_static_files() or "Collected."


def the_cache() -> str | Fault:
    """Whether Redis answers."""
    try:
        get_redis_connection("default").ping()
    except RedisError as error:
        return Fault(
            f"REDIS_URL: {first_line(error)}",
            "Start Redis or Valkey. Until then the limits on guessing are off, and tidying waits.",
        )
    return "Answers."


def broker() -> str | Fault:
    """Whether Celery's tasks can be handed over."""
    try:
        with current_app.connection_for_write(connect_timeout=PATIENCE) as kombu:
            kombu.ensure_connection(max_retries=1, timeout=PATIENCE)
    except (BrokerIsDown, OSError) as error:
        return Fault(f"REDIS_URL: {first_line(error)}", "Start Redis or Valkey.")
    return "Answers."


def background_work() -> str | Fault:
    """Whether a beat and a worker were at work of late."""
    if not cache.get(service_status.BACKGROUND):
        return Fault(
            "No mark of beat and worker within three minutes. Mails and exports wait.",
            "Start `celery -A config worker` and `celery -A config beat`.",
        )
    return "Beat and worker are at work."


def mail() -> str | Fault:
    """Whether the mail server takes a connection and, if there is one, the password."""
    if fault := mailer.fault():
        return Fault(fault, "Set MAIL_BACKEND, and the MAIL_OPTIONS that it knows.")
    backend = mailers["default"]
    if settings.MAILERS["default"]["BACKEND"] in SEND_NOTHING and not settings.DEMO:
        return Fault(
            "MAIL_BACKEND sends no mail: invitations, codes and exports reach nobody.",
            "Set MAIL_BACKEND and MAIL_OPTIONS to your mail server.",
        )
    if not hasattr(backend, "timeout"):
        return "The backend has no connection that could be tried."
    backend.timeout = min(backend.timeout or PATIENCE, PATIENCE)
    try:
        with backend:
            return "The mail server takes the connection."
    except OSError as error:  # smtplib's errors are too
        return Fault(
            f"MAIL_OPTIONS: {type(error).__name__} at the mail server.",
            "Compare host, port, TLS, user name and password with the mail server's.",
        )


def disk() -> str | Fault:
    """Whether there is room where exports are written."""
    folder = settings.PRIVATE_FILES
    if not isinstance(folder, Path):
        return bucket()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"\0" * 4096)
        usage = shutil.disk_usage(folder)
    except OSError as error:
        return Fault(f"PRIVATE_FILES: {error.strerror}.", "Give the folder room, and to this user.")
    if usage.free < LEAST_FREE * usage.total:
        free = usage.free // 2**20
        return Fault(f"Only {free} MiB are free at PRIVATE_FILES.", "Make room on that disk.")
    return f"{usage.free // 2**30} GiB free at PRIVATE_FILES."


def bucket() -> str | Fault:
    """Whether a file can be laid into the bucket, and taken away."""
    files = storages["private"]
    try:
        files.delete(files.save("doctor", ContentFile(b"doctor")))
    except OSError as error:
        return Fault(
            f"PRIVATE_FILES: {error.strerror}.",
            "Compare the bucket's name, AWS_ENDPOINT_URL_S3, region and keys with the store's.",
        )
    return "The bucket of PRIVATE_FILES takes files."


def first_line(error: Exception) -> str:
    """What an error says, as far as one line goes."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


NEED_DATABASE = {
    "database": database,
    "migrations": lambda: "As this version has them.",
    "clock": clock,
    "encryption keys": encryption_keys,
    "digest key": digest_key,
    "ages of secrets": ages_of_secrets,
    "telling": telling,
    "beat": several.beat,
    "standby of reports": several.standby_of_reports,
    "archive": backups.archive,
}
PARTS = {
    "static files": static_files,
    "cache": the_cache,
    "broker": broker,
    "background work": background_work,
    "mail": mail,
    "disk": disk,
    "backup": backups.backup,
    "own address": outside.own_address,
}
