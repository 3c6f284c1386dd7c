"""The product through PgBouncer, as shipped, and what is said of one that does not do."""

from __future__ import annotations

from contextlib import ExitStack

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection
from psycopg.conninfo import make_conninfo

from config import databases
from devstack import pgbouncer
from licensing import outages, pooler, prepared, readiness
from tests.api.desktop import order
from tests.factories import make_pool

PARTS = ("user", "password", "host", "port", "dbname")
SLOWEST = {"lock_timeout": "10", "enable_seqscan": "off"}
SEEN = "SELECT current_setting('lock_timeout'), current_setting('enable_seqscan')"


@pytest.fixture
def through(transactional_db, settings, tmp_path):
    """Connects this test through PgBouncer with these settings; ``is_said`` to the product too."""
    if why := pgbouncer.why_not():
        pytest.skip(why)
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patched:

        def connect(*, is_said=True, **ini):
            told = connection.settings_dict
            whole = connection.get_connection_params()
            address = make_conninfo(**{part: whole[part] for part in PARTS})
            started = stack.enter_context(pgbouncer.PgBouncer(tmp_path, address, ini))
            pooled = databases.settings({}, session={}, is_pooled=True)["default"]
            settings.DATABASE_POOLED = is_said
            connection.close()
            patched.setitem(told, "HOST", "127.0.0.1")
            patched.setitem(told, "PORT", started.port)
            patched.setitem(told, "OPTIONS", pooled["OPTIONS"])

        yield connect
        connection.close()


@pytest.fixture
def fit_user(transactional_db):
    """The user of this database has what a web server's connections need."""
    name = connection.settings_dict["NAME"]
    user = f"ALTER ROLE CURRENT_USER IN DATABASE {connection.ops.quote_name(name)}"
    with connection.cursor() as cursor:
        for wanted, value in databases.session(statement_seconds=5).items():
            cursor.execute(f"{user} SET {wanted} = '{value}'")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"{user} RESET ALL")


def test_a_pooler_that_the_product_was_not_told_of_is_named(fit_user, through):
    through(is_said=False)

    assert "A pooler stands before PostgreSQL" in readiness.of_database().detail


def test_what_its_connections_lack_is_named_with_what_to_do(through):
    through()

    fault = readiness.of_database()

    assert fault.detail.startswith("Through the pooler statement_timeout is 0")
    assert "SET plan_cache_mode = 'force_generic_plan';" in fault.what_to_do


def test_one_that_loses_prepared_statements_is_named_and_nothing_is_asked_through_it(
    fit_user, through, client, caplog
):
    pool = make_pool(1)
    through(max_prepared_statements="0")  # as those before 1.21 do

    assert readiness.of_database() == (
        "DATABASE_URL: The pooler loses prepared statements.",
        outages.KEEP_PREPARED,
    )
    answer = client.post("/api/v1/sessions", order(pool), content_type="application/json")
    assert (answer.status_code, answer.json()["code"]) == (503, "service_unavailable")
    assert caplog.records[-1].msg["error"] == "The pooler loses prepared statements."


@pytest.mark.parametrize("lost", pooler.LOST)
def test_a_statement_lost_by_one_that_nobody_told_us_of_is_an_outage(lost):
    with pytest.raises(OperationalError), connection.wrap_database_errors:
        raise lost("prepared statement _pg3_0")


def test_as_shipped_it_serves(fit_user, through):
    through()

    assert readiness.of_database() is None


def test_what_a_thread_works_with_is_nobody_elses(fit_user, through, monkeypatch):
    """Others are lent the one connection that there is between two transactions."""
    through(default_pool_size="1")
    monkeypatch.setattr(prepared, "cursors", prepared.HotCursors())
    before = prepared.fetch_one(SEEN, {})
    monkeypatch.setattr(prepared.cursors, "settings", SLOWEST)

    assert prepared.fetch_one(SEEN, {}) == ("10ms", "off")
    assert prepared.fetch_each([(SEEN, {}), (SEEN, {})]) == [[("10ms", "off")]] * 2
    with connection.cursor() as cursor:
        assert cursor.execute(SEEN).fetchone() == before == ("0", "on")


def test_migrations_want_a_connection_of_their_own(settings):
    settings.DATABASE_POOLED = True

    with pytest.raises(CommandError, match="name PostgreSQL itself"):
        call_command("migrate")
