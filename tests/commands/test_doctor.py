"""``doctor``: each part that is not well is named, with what to do."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import socket
import ssl
import time

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now

from devstack import secrets
from licensing.api import health
from licensing.readiness import Fault
from portal import tasks
from portal.models import Beat, KnownSecret
from portal.upkeep import backups, beating, doctor, outside

NAMES = [
    "settings", "database", "migrations", "clock", "encryption keys", "digest key",
    "ages of secrets", "telling", "beat", "standby of reports", "archive", "static files",
    "cache", "broker", "background work", "mail", "disk", "backup", "own address",
]  # fmt: skip


@pytest.fixture(autouse=True)
def all_well(db, settings, monkeypatch, client):
    """As in production: HTTPS, a beat and a worker at work, and an address that leads here."""
    monkeypatch.setattr(outside, "days_of_certificate", lambda: 60)
    monkeypatch.setattr(outside, "ask", lambda headers: asked(client, headers))
    settings.HTTPS = True
    tasks.note_background_work()
    beating.take_turn("a")


def asked(client, headers, proxies=0):
    """What our own address answers, through so many proxies."""
    passed_on = {"X-Forwarded-For": ", ".join(["192.0.2.1"] * proxies)} if proxies else {}
    answer = client.get("/readyz", headers=headers | passed_on)
    return answer.headers, answer.json()


def unwell():
    """The parts that are not well, with what the command says of each.

    The tests' own database never is: it does not wait for its disk.
    """
    stdout = io.StringIO()
    with pytest.raises(CommandError, match="Not well: "):
        call_command("doctor", "--json", stdout=stdout)
    checks = json.loads(stdout.getvalue())["checks"]
    assert [check["name"] for check in checks] == NAMES
    assert all(bool(check["what_to_do"]) is not check["ok"] for check in checks)
    found = {check["name"]: check["detail"] for check in checks if not check["ok"]}
    assert found.pop("database")
    return found


def test_everything_is_well():
    assert unwell() == {}


def test_settings_that_are_not_for_people(settings):
    settings.DEBUG = True

    assert unwell() == {"settings": "DEBUG shows strangers how the product works."}


def test_a_database_that_loses_what_it_acknowledged():
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    assert doctor.database().detail.startswith("A crash of the database would lose")


def test_a_clock_that_is_wrong():
    with time_machine.travel(1_000_000_000):
        assert unwell()["clock"].startswith("This machine's clock and the database's are ")


def test_a_key_that_was_lost(settings, pool):
    settings.PRODUCT_KEY_ENCRYPTION_KEYS = [secrets.generate()["PRODUCT_KEY_ENCRYPTION_KEYS"]]

    assert unwell() == {
        "encryption keys": "PRODUCT_KEY_ENCRYPTION_KEYS open none of these: "
        f"product keys {pool.pk}."
    }


def test_a_digest_key_that_is_another(settings, pool):
    settings.PRODUCT_KEY_DIGEST_KEY = "of another installation, which is long too"

    assert unwell() == {
        "digest key": "PRODUCT_KEY_DIGEST_KEY is not that with which product keys were made: "
        "none opens."
    }


def test_a_cache_that_is_away(no_cache):
    assert list(unwell()) == ["cache", "background work"]


def test_background_work_that_rests():
    cache.clear()

    assert list(unwell()) == ["background work"]


def test_a_beat_that_is_gone():
    Beat.objects.update(machine="web-2", renewed_at=Now() - dt.timedelta(minutes=2))

    assert unwell() == {"beat": "The last, on web-2, was there 120 s ago."}


def test_no_beat_was_ever_started():
    Beat.objects.all().delete()

    assert unwell() == {"beat": "None was ever started."}


def test_a_mail_server_that_is_silent(settings, monkeypatch):
    monkeypatch.setattr(doctor, "PATIENCE", 0.1)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        settings.MAILERS = {
            "default": {
                "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
                "OPTIONS": {"host": "127.0.0.1", "port": silent.getsockname()[1]},
            }
        }

        assert unwell() == {"mail": "MAIL_OPTIONS: SMTPServerDisconnected at the mail server."}


def test_a_folder_that_cannot_be_written(settings):
    settings.PRIVATE_FILES = settings.PRIVATE_FILES.__class__("/dev/null/files")

    assert unwell() == {"disk": "PRIVATE_FILES: Not a directory."}


def test_a_database_that_lacks_migrations():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0001_staff_rights'")

    lacks = "The database lacks 1 migrations, first support 0001_staff_rights."

    assert unwell() == {
        "own address": "BASE_URL leads to a product with another SECRET_KEY."
    } | dict.fromkeys(
        [
            "migrations",
            "clock",
            "encryption keys",
            "digest key",
            "ages of secrets",
            "telling",
            "beat",
            "standby of reports",
            "archive",
        ],
        lacks,
    )


def test_mail_that_goes_nowhere(settings):
    settings.MAILERS = {"default": {"BACKEND": doctor.SEND_NOTHING[0]}}

    assert unwell() == {
        "mail": "MAIL_BACKEND sends no mail: invitations, codes and exports reach nobody."
    }


def test_a_key_that_has_signed_for_years():
    KnownSecret.objects.update(first_seen_at=Now() - dt.timedelta(days=401))

    [(name, detail)] = unwell().items()

    assert name == "ages of secrets"
    assert "LEASE_SIGNING_KEYS (1) 401 days" in detail


def test_a_backup_that_is_old_or_was_never_done(settings, tmp_path):
    settings.BACKUP_MARK = tmp_path / "done"
    assert unwell() == {"backup": "BACKUP_MARK: No such file or directory."}

    settings.BACKUP_MARK.touch()
    assert unwell() == {}

    os.utime(settings.BACKUP_MARK, (0, time.time() - 30 * 3600))
    assert unwell() == {"backup": "The last backup was done 30 hours ago."}


@pytest.mark.parametrize(
    ("archived", "said"),
    [
        ([], "The log is not archived: what came after the last backup would be lost."),
        ([(None, False)], "The log is archived; no segment was full yet."),
        ([(0.0, True)], "PostgreSQL cannot archive its log: its disk fills up, and no moment"),
    ],
)
def test_an_archive(archived, said):
    told = backups.told(archived)

    assert getattr(told, "detail", told).startswith(said)
    assert isinstance(told, Fault) is any(fails for _, fails in archived)


def test_proxies_that_are_not_counted(monkeypatch, client):
    monkeypatch.setattr(outside, "ask", lambda headers: asked(client, headers, proxies=2))

    assert unwell() == {"own address": "TRUSTED_PROXY_COUNT is 0, but 2 came between."}


def test_a_certificate_that_ends(monkeypatch):
    monkeypatch.setattr(outside, "days_of_certificate", lambda: 3)

    assert unwell() == {"own address": "The certificate of BASE_URL ends in 3 days."}


def test_nobody_else_is_told_what_came_between(client):
    for sent in ("", "doctor", health.sign() + "x"):
        answer = client.get("/readyz", headers={health.ASKED_BY_DOCTOR: sent})
        assert answer.json() == {"status": "ready"}


@pytest.mark.parametrize("way", [OSError("refused"), ssl.SSLError(1, "expired"), ValueError("no")])
def test_an_address_that_does_not_answer(monkeypatch, way):
    def fail(headers):
        raise way

    monkeypatch.setattr(outside, "ask", fail)

    assert list(unwell()) == ["own address"]
