"""``doctor``: each part that is not well is named, with what to do."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import socket
import ssl
import time
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models.functions import Now

from devstack import secrets
from licensing.api import health
from portal import tasks
from portal.models import Beat, KnownSecret
from portal.upkeep import beating, doctor, outside, servers

NAMES = [
    "settings", "database", "encoding", "durability", "migrations", "clock", "encryption keys",
    "digest key", "ages of secrets", "telling", "beat", "standby of reports", "archive",
    "static files", "cache", "broker", "background work", "mail", "disk", "backup",
    "TLS between machines", "own address",
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
    found = {check["name"]: check["detail"] for check in checks if check["ok"] is False}
    assert found.pop("durability")
    return found


def test_everything_is_well():
    assert unwell() == {}


def test_settings_that_are_not_for_people(settings):
    settings.DEBUG = True

    assert unwell() == {"settings": "DEBUG shows strangers how the product works."}


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
    assert list(unwell()) == ["cache"]


@pytest.mark.parametrize(
    ("seconds", "command"), [([], "worker"), ([4000], "beat"), ([30, 4000], "beat")]
)
def test_background_work_that_rests(monkeypatch, seconds, command):
    cache.clear()
    monkeypatch.setattr(servers, "since_workers_began", lambda: seconds)

    assert list(unwell()) == ["background work"]
    [at] = [n for n, line in enumerate(said()) if line.startswith("FAIL  background work")]
    assert f"`licensing-portal {command}` (from a clone, `.venv/bin/python -m" in said()[at + 1]


def test_background_work_that_has_just_begun(monkeypatch):
    cache.clear()
    monkeypatch.setattr(servers, "since_workers_began", lambda: [30])

    assert unwell() == {}
    assert "ok    background work: A worker began 30 s ago" in "\n".join(said())


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

    assert unwell() == {"disk": "PRIVATE_FILES, /dev/null: Not a directory."}


def said():
    """What people read, line by line."""
    stdout = io.StringIO()
    with pytest.raises(CommandError) as failed:
        call_command("doctor", stdout=stdout)
    return [*stdout.getvalue().splitlines(), str(failed.value)]


def test_a_database_that_lacks_migrations_is_told_once():
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0001_staff_rights'")

    lines = said()

    assert (
        "FAIL  migrations: The database lacks 1 migrations, first support 0001_staff_rights."
        in lines
    )
    assert lines[-2:] == [
        "----  encryption keys, digest key, ages of secrets, telling, beat, standby of reports, "
        "own address: Could not be looked at before this is well: migrations.",
        "Not well: durability, migrations.",
    ]


def test_a_database_that_cannot_be_asked_is_told_once(transactional_db, monkeypatch):
    connection.close()
    with monkeypatch.context() as wrong:
        wrong.setitem(connection.settings_dict, "PASSWORD", "another")
        lines = said()
        connection.close()

    [at] = [n for n, line in enumerate(lines) if line.startswith("FAIL")]
    assert "password authentication failed" in lines[at]
    assert lines[at + 1].startswith("      Set user and password in DATABASE_URL")
    [unknown] = [line for line in lines if line.startswith("----")]
    assert unknown.startswith("----  encoding, durability, migrations, clock, encryption keys")
    assert lines[-1] == "Not well: database."


def test_a_redis_that_takes_another_password(settings):
    settings.REDIS_URL = (
        urlsplit(settings.REDIS_URL)
        ._replace(netloc=f":another@127.0.0.1:{urlsplit(settings.REDIS_URL).port}")
        .geturl()
    )
    settings.CACHES = {"default": settings.CACHES["default"] | {"LOCATION": settings.REDIS_URL}}

    lines = said()

    [at] = [n for n, line in enumerate(lines) if line.startswith("FAIL  cache")]
    assert "Set user and password in REDIS_URL as the server has them" in lines[at + 1]
    assert any(line.startswith("----  broker, background work") for line in lines)


@pytest.mark.parametrize(
    ("address", "sign"),
    [("redis://:secret@192.0.2.1:6379/0", "WARN"), ("rediss://:secret@192.0.2.1:6379/0", "ok  ")],
)
def test_a_server_on_another_machine_that_is_spoken_to_in_clear_is_a_warning(
    settings, address, sign
):
    settings.REDIS_URL = address

    [line] = [line for line in said() if "  TLS between machines: " in line]

    assert line.startswith(sign)
    assert "secret" not in line


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


@pytest.mark.parametrize("wrapped", [lambda error: error, URLError])
def test_an_address_whose_name_is_unknown(settings, monkeypatch, wrapped):
    def fail(headers):
        raise wrapped(socket.gaierror(-2, "Name or service not known"))

    settings.BASE_URL = "https://nowhere.invalid"
    monkeypatch.setattr(outside, "ask", fail)

    assert unwell() == {"own address": "BASE_URL: this machine knows no nowhere.invalid."}


@pytest.mark.parametrize("way", [OSError("refused"), ssl.SSLError(1, "expired"), ValueError("no")])
def test_an_address_that_does_not_answer(monkeypatch, way):
    def fail(headers):
        raise way

    monkeypatch.setattr(outside, "ask", fail)

    assert list(unwell()) == ["own address"]
