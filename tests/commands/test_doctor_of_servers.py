"""What ``doctor`` sees of each server that it asks."""

from __future__ import annotations

import pytest
from django.db import connection

from licensing.readiness import Fault
from portal.upkeep import backups, servers


def test_a_database_that_loses_what_it_acknowledged(db):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")

    assert servers.durability().detail.startswith("A crash of the database would lose")


@pytest.fixture
def database_in_latin(transactional_db, monkeypatch):
    """The connection leads to a database of another encoding."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE in_latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'")
    connection.close()
    with monkeypatch.context() as elsewhere:
        elsewhere.setitem(connection.settings_dict, "NAME", "in_latin")
        yield
        connection.close()
    with connection.cursor() as cursor:
        cursor.execute("DROP DATABASE in_latin")


def test_a_database_that_keeps_no_unicode(database_in_latin):
    told = servers.encoding()

    assert told.detail == "The database keeps its texts in LATIN1, not in UTF8."


def test_workers_that_nobody_started(monkeypatch):
    monkeypatch.setattr(servers, "PATIENCE_WITH_WORKERS", 0.05)

    assert servers.since_workers_began() == []


@pytest.mark.parametrize(
    ("host", "is_it"),
    [("127.0.0.1", False), ("127.0.0.2", False), ("localhost", False), ("::1", False),
     ("", False), ("192.0.2.1", True), ("2001:db8::1", True), ("nowhere.invalid", False)],
)  # fmt: skip
def test_which_servers_are_on_another_machine(host, is_it):
    assert servers.is_elsewhere(host, 5432) == is_it


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
