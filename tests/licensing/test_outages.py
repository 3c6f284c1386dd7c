"""Whoever cannot reach PostgreSQL reads what mends it, not what would mend something else."""

from __future__ import annotations

import psycopg
import pytest
from django.db import OperationalError

from licensing import outages

MENDED_BY = {
    'connection failed: connection to server at "10.0.0.21", port 5432 failed: '
    'FATAL:  password authentication failed for user "licensing"': "Set user and password in X",
    "connection failed: fe_sendauth: no password supplied": "Set user and password in X",
    'connection failed: FATAL:  no pg_hba.conf entry for host "10.0.0.9", user "licensing", '
    'database "licensing", no encryption': "Let this machine and user in",
    'connection failed: FATAL:  database "licence" does not exist': "Set user and name",
    'connection failed: FATAL:  role "licence" does not exist': "Set user and name",
    "connection failed: FATAL:  sorry, too many clients already": "Raise max_connections",
    "failed to resolve host 'databse': [Errno -2] Name or service not known": "Set the host in X",
    "connection failed: FATAL:  the database system is starting up": "Wait until PostgreSQL",
    "connection failed: server does not support SSL, but SSL was required": "Compare sslmode",
    'connection failed: root certificate file "/root.crt" does not exist': "Compare sslmode",
    "connection failed: FATAL:  unsupported startup parameter: options": "Set DATABASE_POOLED",
    "The pooler loses prepared statements.": "Use PgBouncer 1.21",
    "connection failed: port 5432 failed: Connection refused\n\tIs the server": "Start PostgreSQL",
    "": "Start PostgreSQL",
    'connection failed: connection to server at "10.0.0.21", port 5432 failed: '
    "FATAL:  Rolle »licensing« existiert nicht": "PostgreSQL answers, and refuses us",
    'connection failed: connection to server at "10.0.0.21", port 5432 failed: '
    "\u81f4\u547d\u9519\u8bef:  \u89d2\u8272": "PostgreSQL answers, and refuses us",
}


def caused_by(error):
    """Django's error of one of psycopg's."""
    told = OperationalError(*error.args)
    told.__cause__ = error
    return told


@pytest.mark.parametrize("said", MENDED_BY)
def test_what_is_to_be_done(said):
    remedy = outages.what_to_do(psycopg.OperationalError(said), "X")

    assert remedy.startswith(MENDED_BY[said])


def test_a_database_without_tables_is_to_be_migrated():
    error = psycopg.errors.UndefinedTable('relation "portal_beat" does not exist')

    assert outages.what_to_do(caused_by(error), "X") == outages.MIGRATE


@pytest.mark.parametrize("wrapped", [lambda error: error, caused_by])
def test_a_code_says_it_in_every_language(wrapped):
    error = psycopg.errors.CannotConnectNow("FATAL:  das Datenbanksystem startet gerade")

    assert outages.what_to_do(wrapped(error), "X").startswith("Wait until PostgreSQL")
