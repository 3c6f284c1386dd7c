"""``doctor``: each part that is not well is named, with what to do."""

from __future__ import annotations

import io
import json
import socket

import pytest
import time_machine
from django.core.cache import cache
from django.core.management import CommandError, call_command
from django.db import connection

from devstack import secrets
from portal import tasks
from portal.upkeep import doctor

NAMES = [
    "settings", "database", "migrations", "clock", "encryption keys", "telling",
    "static files", "cache", "broker", "background work", "mail", "disk",
]  # fmt: skip


@pytest.fixture(autouse=True)
def all_well(db, settings):
    """As in production: HTTPS, and a beat and a worker at work."""
    settings.HTTPS = True
    tasks.note_background_work()


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


def test_a_cache_that_is_away(no_cache):
    assert list(unwell()) == ["cache", "background work"]


def test_background_work_that_rests():
    cache.clear()

    assert list(unwell()) == ["background work"]


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

    assert unwell() == dict.fromkeys(["migrations", "clock", "encryption keys", "telling"], lacks)


def test_mail_that_goes_nowhere(settings):
    settings.MAILERS = {"default": {"BACKEND": doctor.SEND_NOTHING[0]}}

    assert unwell() == {
        "mail": "MAIL_BACKEND sends no mail: invitations, codes and exports reach nobody."
    }
