"""/healthz and /readyz: what restarts processes and balances load asks."""

from __future__ import annotations

import pytest
from django.contrib.staticfiles import storage
from django.db import OperationalError, connection
from django.db.migrations.recorder import MigrationRecorder
from whitenoise.storage import CompressedManifestStaticFilesStorage

from licensing import readiness


def test_a_process_that_answers_is_alive(client):
    response = client.get("/healthz")

    assert (response.status_code, response.json()) == (200, {"status": "alive"})


@pytest.fixture
def just_started():
    """A process that nobody has asked yet."""
    readiness.beyond_us.cache_clear()
    yield
    readiness.beyond_us.cache_clear()


def cause(client, caplog):
    """What the log says why it is not ready; the answer says nothing of it."""
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["detail"] == "The service is not ready. Its log says why."
    return [record.msg["cause"] for record in caplog.records if isinstance(record.msg, dict)][-1]


@pytest.mark.django_db
def test_with_a_migrated_database_it_is_ready(client):
    response = client.get("/readyz")

    assert (response.status_code, response.json()) == (200, {"status": "ready"})


@pytest.mark.django_db
def test_with_a_migration_to_come_it_is_not(client):
    MigrationRecorder.Migration.objects.filter(app="licensing").latest("pk").delete()

    response = client.get("/readyz")

    assert (response.status_code, response.json()["code"]) == (503, "service_unavailable")
    assert response.headers["Retry-After"] == "10"


@pytest.mark.django_db
def test_one_that_was_told_to_stop_is_drained(client):
    readiness.draining.set()
    try:
        response = client.get("/readyz")
    finally:
        readiness.draining.clear()

    assert response.status_code == 503
    assert response.json()["detail"].startswith("Draining: ")


@pytest.mark.django_db
def test_on_a_database_that_takes_no_writes_it_is_not(client, caplog):
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")

    assert cause(client, caplog).startswith("This PostgreSQL takes nothing that is written")
    assert connection.errors_occurred  # so that it is dropped


@pytest.fixture
def latin(db):
    """A connection to a database that keeps western letters alone."""
    own = connection.copy()
    name = f"{own.settings_dict['NAME']}_latin"
    with own.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} ENCODING LATIN1 LOCALE 'C' TEMPLATE template0")
        there = own.copy()
        there.settings_dict = own.settings_dict | {"NAME": name}
        yield there
        there.close()
        cursor.execute(f"DROP DATABASE {name}")
    own.close()


def test_on_a_database_that_cannot_keep_every_name_it_is_not(client, caplog, monkeypatch, latin):
    monkeypatch.setattr(readiness, "connection", latin)

    assert cause(client, caplog) == "The database's encoding is LATIN1, and has to be UTF8."


@pytest.mark.django_db
def test_head_is_enough(client):
    assert client.head("/readyz").status_code == 200


@pytest.mark.django_db
def test_what_is_missing_is_named_in_the_log_alone(client, caplog):
    MigrationRecorder.Migration.objects.filter(name="0016_ended_sessions").delete()

    assert cause(client, caplog) == (
        "The database lacks 1 migrations, first licensing 0016_ended_sessions."
    )


@pytest.mark.django_db
def test_a_process_that_starts_on_a_newer_database_is_not_ready(client, caplog, just_started):
    MigrationRecorder.Migration.objects.create(app="licensing", name="9999_of_tomorrow")

    assert cause(client, caplog) == (
        "The database has licensing 9999_of_tomorrow, which this version does not know."
    )


@pytest.mark.django_db
def test_a_process_that_serves_goes_on_while_the_database_is_updated(client, just_started):
    client.get("/readyz")
    MigrationRecorder.Migration.objects.create(app="licensing", name="9999_of_tomorrow")

    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_without_collected_static_files_it_is_not_ready(client, caplog, monkeypatch, tmp_path):
    production = CompressedManifestStaticFilesStorage(location=tmp_path)
    monkeypatch.setattr(storage.staticfiles_storage, "_wrapped", production)

    assert cause(client, caplog) == "STATIC_ROOT holds no collected static files."

    production.hashed_files = dict.fromkeys(readiness.source_files() - {"favicon.svg"})
    assert cause(client, caplog) == "STATIC_ROOT is another version's: it lacks favicon.svg."


def test_the_address_of_the_database_is_named_in_the_log_alone(client, caplog, monkeypatch):
    def refused(*_, **__):
        raise OperationalError("connection failed: Connection refused\nIs the server running?")

    monkeypatch.setattr(connection, "cursor", refused)

    assert cause(client, caplog) == "DATABASE_URL: connection failed: Connection refused"


@pytest.mark.django_db
def test_a_page_without_collected_static_files_says_so(client, caplog, monkeypatch, tmp_path):
    production = CompressedManifestStaticFilesStorage(location=tmp_path)
    monkeypatch.setattr(storage.staticfiles_storage, "_wrapped", production)
    client.raise_request_exception = False

    answers = [client.get(address) for address in ("/accounts/login/", "/nothing-there/")]

    for answer in answers:
        assert (answer.status_code, answer["Content-Type"]) == (500, "text/plain; charset=utf-8")
        assert answer.text.startswith("This page cannot be shown")
    told = [record.msg for record in caplog.records if isinstance(record.msg, dict)]
    assert {line["what_to_do"] for line in told} == {readiness.COLLECT}
