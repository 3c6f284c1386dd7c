"""What an operator asks first: each part that the product needs, looked at once, in words.

A part that is away costs a few seconds at most, and hides no other.
"""

from __future__ import annotations

import datetime as dt
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.mail import mailers

from licensing import encryption, keys, readiness
from licensing.models import ProductKey
from licensing.readiness import Fault
from portal.mail import mailer
from portal.telling import standing
from portal.upkeep import backups, encrypted, outside, secret_ages, servers, several
from portal.upkeep.servers import Advice

PATIENCE = 5
"""Seconds to wait for the mail server."""
SEND_NOTHING = (
    "django.core.mail.backends.console.EmailBackend",
    "django.core.mail.backends.dummy.EmailBackend",
)
LEAST_FREE = 0.05
"""Of the disk that exports are written to."""
MOST_NAMED = 10
SIGNS_FOR_LONG = dt.timedelta(days=400)


class Part(NamedTuple):
    """One part: its name, how it is looked at, and the part without which it can't be."""

    name: str
    look: Callable[[], str | Fault | Advice]
    needs: str = ""


class Check(NamedTuple):
    """One part: whether it is well, what was seen, and what to do if it is not.

    It is well, too, where something is to be done all the same. Nobody knows (None) where what it
    needs is not well.
    """

    name: str
    ok: bool | None
    detail: str
    what_to_do: str


def examine() -> list[Check]:
    """Look at every part, but for those whose fault would only be another's over again."""
    checks: dict[str, Check] = {}
    for part in PARTS:
        needed = checks.get(part.needs)
        checks[part.name] = unknown(part, needed) if needed and not needed.ok else examined(part)
    return [*checks.values()]


def unknown(part: Part, needed: Check) -> Check:
    """A part that can't be looked at."""
    because = f"Could not be looked at before this is well: {needed.name}."
    return Check(part.name, None, because if needed.ok is False else needed.detail, "")


def examined(part: Part) -> Check:
    """What was seen of one part."""
    seen = part.look()
    if isinstance(seen, str):
        return Check(part.name, True, seen, "")
    return Check(part.name, isinstance(seen, Advice), *seen)


def settings_in_force() -> str | Fault:
    """Settings that are right in themselves, but not for people to use."""
    if settings.DEBUG:
        return Fault("DEBUG shows strangers how the product works.", "Take DEBUG away.")
    if not settings.DEMO and not settings.HTTPS:
        return Fault("BASE_URL is not HTTPS.", "Put a proxy with TLS in front, and set BASE_URL.")
    return "All can be read."


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
            f"{several.START_WORKER} {several.START_BEAT} `manage.py deliver` does it meanwhile.",
        )
    return "Nothing waits for long."


def static_files() -> str | Fault:
    """Whether this version's static files were collected."""
    return readiness.of_static_files() or "Collected."


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
    there = next(one for one in (folder, *folder.parents) if one.exists())  # it makes none itself
    try:
        with tempfile.TemporaryFile(dir=there) as file:
            file.write(b"\0" * 4096)
        usage = shutil.disk_usage(there)
    except OSError as error:
        return Fault(
            f"PRIVATE_FILES, {there}: {error.strerror}.",
            f"Give the folder room, and to the user that the product runs as ({whose(there)}).",
        )
    if usage.free < LEAST_FREE * usage.total:
        free = usage.free // 2**20
        return Fault(f"Only {free} MiB are free at PRIVATE_FILES.", "Make room on that disk.")
    return f"{usage.free // 2**30} GiB free at PRIVATE_FILES."


def whose(path: Path) -> str:
    """Whose a folder is: ``it is root's``."""
    try:
        return f"it is {path.owner()}'s"
    except (OSError, KeyError):
        return "it is nobody's who is known here"


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


DATABASE, TABLES, CACHE = "database", "migrations", "cache"
PARTS = [
    Part("settings", settings_in_force),
    Part(DATABASE, servers.database),
    Part("encoding", servers.encoding, DATABASE),
    Part("durability", servers.durability, DATABASE),
    Part(TABLES, servers.migrations, DATABASE),
    Part("clock", servers.clock, DATABASE),
    Part("encryption keys", encryption_keys, TABLES),
    Part("digest key", digest_key, TABLES),
    Part("ages of secrets", ages_of_secrets, TABLES),
    Part("telling", telling, TABLES),
    Part("beat", several.beat, TABLES),
    Part("standby of reports", several.standby_of_reports, TABLES),
    Part("archive", backups.archive, DATABASE),
    Part("static files", static_files),
    Part(CACHE, servers.the_cache),
    Part("broker", servers.broker, CACHE),
    Part("background work", servers.background_work, CACHE),
    Part("mail", mail),
    Part("disk", disk),
    Part("backup", backups.backup),
    Part("TLS between machines", servers.on_the_way, DATABASE),
    Part("own address", outside.own_address, TABLES),
]
