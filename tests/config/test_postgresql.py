"""A PostgreSQL that says nothing any more is not waited for."""

from __future__ import annotations

import os
import signal
import threading
from urllib.parse import quote

import psycopg
import pytest
from django.db import OperationalError, close_old_connections, connection, connections

from config import databases, servers

WHO = "SELECT pg_backend_pid()"


def value(sql):
    with connection.cursor() as cursor:
        return cursor.execute(sql).fetchone()[0]


@pytest.fixture
def parameters(db):
    """How the product connects when the first of its two hosts does not answer."""
    told = connection.settings_dict
    connection.ensure_connection()
    second = connection.connection.info
    hosts = f"127.0.0.1:1,{quote(second.host, safe='')}:{second.port}"
    address = f"postgres://{told['USER']}:{told['PASSWORD']}@{hosts}/{told['NAME']}"
    named = databases.settings(servers.postgresql(address), session={})["default"]
    return type(connections["default"])(told | named).get_connection_params()


def test_of_several_hosts_the_one_is_used_that_takes_what_is_written(parameters):
    psycopg.connect(**parameters).close()

    parameters["options"] = "-c default_transaction_read_only=on"
    with pytest.raises(psycopg.OperationalError, match="read-only"):
        psycopg.connect(**parameters)


@pytest.fixture
def stopped():
    """The process of this test's connection stands still for longer than is waited for it."""
    pid = value(WHO)
    os.kill(pid, signal.SIGSTOP)
    going_on = threading.Timer(10, os.kill, [pid, signal.SIGCONT])
    going_on.start()
    yield pid
    going_on.cancel()
    os.kill(pid, signal.SIGCONT)


@pytest.mark.django_db(transaction=True)
def test_a_silent_connection_is_given_up_and_the_next_one_is_new(stopped):
    connection.connection.longest = 0.2

    with pytest.raises(OperationalError, match="silent"):
        value(WHO)

    close_old_connections()
    assert value(WHO) != stopped
    assert connection.connection.longest > 60, "longer than PostgreSQL works on a statement"


@pytest.mark.django_db(transaction=True)
def test_one_that_has_become_a_standby_is_down_and_left():
    stood_down = value(WHO)
    with connection.cursor() as cursor:
        cursor.execute("SET default_transaction_read_only = on")

    with pytest.raises(OperationalError, match="read-only"), connection.cursor() as cursor:
        cursor.execute("UPDATE licensing_seat SET draining = FALSE")

    close_old_connections()
    assert value(WHO) != stood_down
