"""A command that cannot do its work says in a line why, and what mends it."""

from __future__ import annotations

import psycopg
import pytest
from django.core import management
from django.db import ProgrammingError, connection

from config.command_line import THEIR_FILE, manage
from licensing import outages


def of_no_table():
    """Django's error of a table that is not there."""
    told = ProgrammingError('relation "licensing_licence" does not exist\nLINE 1: SELECT')
    told.__cause__ = psycopg.errors.UndefinedTable()
    return told


SAID = {
    f'DATABASE_URL: relation "licensing_licence" does not exist\n{outages.MIGRATE}': of_no_table(),
    f"/srv/static: Permission denied. {THEIR_FILE}": PermissionError(
        13, "Permission denied", "/srv/static"
    ),
}


@pytest.mark.parametrize("said", SAID)
def test_a_known_fault_is_a_line(monkeypatch, db, said):
    connection.ensure_connection()
    monkeypatch.setattr(management, "execute_from_command_line", raising(SAID[said]))

    with pytest.raises(SystemExit) as ended:
        manage(["manage.py"])

    assert ended.value.code == said


def test_what_nobody_knows_is_told_whole(monkeypatch, db):
    connection.ensure_connection()
    monkeypatch.setattr(management, "execute_from_command_line", raising(ProgrammingError("odd")))

    with pytest.raises(ProgrammingError):
        manage(["manage.py"])


def raising(error):
    """A command that ends so."""

    def run(_line):
        raise error

    return run
