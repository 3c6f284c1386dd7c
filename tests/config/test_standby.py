"""The standby answers for lists, use over time and files; the primary for all else."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager

import pytest
from django.conf import settings as product
from django.db import connection, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Max
from django.http import QueryDict
from django.test.client import ClientHandler
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from devstack import processes
from licensing import standby
from licensing.models import Account
from portal.exports import files
from portal.models import Export, Role, Scope
from portal.upkeep import several
from tests.api.desktop import SESSIONS, order
from tests.factories import (
    AccountFactory,
    MembershipFactory,
    make_api_token,
    make_pool,
    make_session,
)
from tests.people import browser_of
from tests.standbys import Standby

pytestmark = pytest.mark.django_db(transaction=True)

PLACE = ("host", "port")
LISTS = ("/sessions/", "/licences/", "/usage/", "/usage/denials/", "/audit/")


@pytest.fixture
def copy(transactional_db, monkeypatch):
    """A standby that lacks nothing: a second way to the same database."""
    monkeypatch.setattr(standby, "behind", lambda: dt.timedelta(0))
    monkeypatch.setattr(standby, "mistaken", lambda: None)
    with connected(monkeypatch):
        yield


@pytest.fixture
def account(transactional_db):
    return AccountFactory(name="Brook & Co")


@pytest.fixture
def owner(account):
    """The browser of an owner, whose requests meet the middleware of now."""
    browser = browser_of(account, Role.OWNER)
    browser.handler = ClientHandler(enforce_csrf_checks=False)
    return browser


@contextmanager
def connected(monkeypatch, port=None, options="", **otherwise):
    """There is a standby, of which nothing is known yet."""
    named = connection.settings_dict | otherwise
    if options:
        named = named | {"OPTIONS": named["OPTIONS"] | {"options": options}}
    if port:
        options = {name: value for name, value in named["OPTIONS"].items() if name not in PLACE}
        named = named | {"HOST": "127.0.0.1", "PORT": port, "OPTIONS": options}
    monkeypatch.setattr(BaseDatabaseWrapper, "ensure_connection", connect)
    monkeypatch.setitem(product.DATABASES, standby.ALIAS, named)
    monkeypatch.setattr(standby, "freshness", standby.Freshness())
    yield
    connections[standby.ALIAS].close()
    del connections[standby.ALIAS]


def connect(database):
    """As Django does; Django's tests let none be asked that was not there at their beginning."""
    if database.connection is None:
        with database.wrap_database_errors:
            database.connect()


@contextmanager
def asked_of(alias):
    """The statements that one of the two is asked."""
    with CaptureQueriesContext(connections[alias]) as captured:
        yield captured


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_read_from_it(copy, owner, path):
    with asked_of(standby.ALIAS) as asked:
        assert owner.get(path).status_code == 200

    assert len(asked) > 0


def test_a_list_of_the_api_is_unless_its_token_may_act(copy, client, account):
    reads = make_api_token(account, Scope.SESSIONS)
    acts = make_api_token(account, Scope.SESSIONS, Scope.RELEASE)

    for token, is_asked in ((reads, True), (acts, False)):
        with asked_of(standby.ALIAS) as asked:
            bearer = {"Authorization": f"Bearer {token.plain}"}
            assert client.get("/api/v1/account/sessions", headers=bearer).status_code == 200
        assert bool(asked) == is_asked


def test_who_has_just_acted_reads_from_the_primary(copy, owner):
    owner.post("/theme/", {"theme": "dark"})

    with asked_of(standby.ALIAS) as asked:
        owner.get("/sessions/")
    assert len(asked) == 0

    cookie = owner.cookies.pop(product.ACTED_COOKIE_NAME)
    assert cookie["max-age"] > product.STANDBY_LAG.seconds + standby.LOOKED_AT_EVERY
    with asked_of(standby.ALIAS) as asked:
        owner.get("/sessions/")
    assert len(asked) > 0


def late(seconds):
    return lambda: None if seconds is None else dt.timedelta(seconds=seconds)


@pytest.mark.parametrize("seconds", [6, None])
def test_one_that_is_late_is_not_asked(copy, monkeypatch, owner, seconds):
    monkeypatch.setattr(standby, "behind", late(seconds))

    with asked_of(standby.ALIAS) as asked:
        assert owner.get("/sessions/").status_code == 200

    assert len(asked) == 0


def test_one_that_is_away_costs_nobody_a_page_and_is_left_alone(monkeypatch, owner, caplog):
    with connected(monkeypatch, port=1):
        standby.freshness.enough, standby.freshness.until = True, float("inf")  # a moment ago

        assert owner.get("/sessions/").status_code == 200

        assert [record.msg["event"] for record in caplog.records] == ["standby_left"]
        assert not standby.freshness.is_enough()


MISTAKEN = [
    ({"NAME": "postgres"}, "It names the database postgres, and DATABASE_URL "),
    ({"options": "-c role=pg_monitor"}, "Its user may not read "),
    ({"options": "-c search_path=pg_catalog"}, "Its user may not read "),
]
"""Addresses of something that answers, and could not tell what the primary tells."""


@pytest.mark.parametrize(("address", "words"), MISTAKEN)
def test_a_wrong_address_costs_nobody_a_page(monkeypatch, owner, caplog, address, words):
    monkeypatch.setattr(standby, "behind", lambda: dt.timedelta(0))
    with connected(monkeypatch, **address):
        assert words in several.standby_of_reports().detail
        for path in LISTS:
            standby.freshness.enough, standby.freshness.until = True, float("inf")  # unnoticed
            assert owner.get(path).status_code == 200, path
            assert not standby.freshness.is_enough()

        monkeypatch.setattr(standby, "freshness", standby.Freshness())
        caplog.clear()
        assert not standby.freshness.is_enough()
        [left] = [record.msg for record in caplog.records]
        assert (left["event"], words in left["wrong"]) == ("standby_left", True)


@pytest.fixture
def another_server(transactional_db):
    """Whoever looks in the schema ``another`` first finds a server that is no copy of this one."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA another")
        cursor.execute(
            "CREATE FUNCTION another.pg_control_system(OUT system_identifier bigint)"
            " LANGUAGE sql AS 'SELECT 1::bigint'"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA another CASCADE")


def test_another_server_with_the_same_tables_is_never_asked(monkeypatch, another_server, caplog):
    monkeypatch.setattr(standby, "behind", lambda: dt.timedelta(0))
    with connected(monkeypatch, options="-c search_path=another,pg_catalog,public"):
        words = "It is no copy of the PostgreSQL that DATABASE_URL names."
        told = (f"REPORTS_DATABASE_URL: {words}", several.NAME_STANDBY)
        assert several.standby_of_reports() == told

        assert not standby.freshness.is_enough()
        assert caplog.records[-1].msg["wrong"] == words


def test_a_primary_is_no_standby(monkeypatch, caplog):
    with connected(monkeypatch):
        fault = several.standby_of_reports()
        assert fault.detail == "It is no standby, or one that has replayed nothing yet."
        assert fault.what_to_do == several.NAME_STANDBY

        assert not standby.freshness.is_enough()
        assert caplog.records[-1].msg["event"] == "standby_left"


def test_one_that_takes_another_password_is_not_told_to_catch_up(monkeypatch):
    with connected(monkeypatch, PASSWORD="another"):
        fault = several.standby_of_reports()

    assert "password authentication failed" in fault.detail
    assert fault.what_to_do.startswith("Set user and password in REPORTS_DATABASE_URL")


def test_what_is_read_in_a_transaction_or_outside_is_the_primarys(copy):
    with transaction.atomic():
        inside = standby.read(standby.alias)

    assert (inside, standby.alias(), standby.read(standby.alias)) == (
        "default", "default", standby.ALIAS,
    )  # fmt: skip


def test_what_was_read_from_it_is_written_to_the_primary(copy, account):
    found = standby.read(lambda: Account.objects.get(pk=account.pk))

    with asked_of(standby.ALIAS) as asked:
        found.name = "Brook & Sons"
        found.save(update_fields=["name"])
        found.refresh_from_db()

    assert len(asked) == 0


def test_a_file_is_read_from_it_where_it_has_the_order(copy, account):
    files.order("sessions", "csv", MembershipFactory(account=account), QueryDict())

    with asked_of(standby.ALIAS) as asked:
        assert files.make_ordered() == 1
    assert any("clientsession" in each["sql"] for each in asked)

    not_there = Export(pk=(Export.objects.aggregate(last=Max("pk"))["last"] or 0) + 1)
    assert standby.read(standby.alias, after=not_there) == "default"


def test_programs_never_ask_it(copy, client):
    key = make_pool(1)

    with asked_of(standby.ALIAS) as asked:
        opened = client.post(SESSIONS, order(key), content_type="application/json")
        bearer = {"Authorization": f"Bearer {opened.json()['token']}"}
        here = f"{SESSIONS}/{opened.json()['id']}"
        refreshed = client.post(f"{here}/refresh", content_type="application/json", headers=bearer)
        closed = client.delete(here, headers=bearer)

    assert (opened.status_code, refreshed.status_code, closed.status_code) == (201, 200, 204)
    assert len(asked) == 0


@pytest.mark.slow
def test_a_real_one_is_asked_while_it_follows(monkeypatch, tmp_path, account, owner, settings):
    make_session(make_pool(1, account=account))
    settings.STANDBY_LAG = dt.timedelta(seconds=30)
    tmp_path.chmod(0o755)
    with Standby(tmp_path) as server, connected(monkeypatch, server.port):
        write_at_once()
        assert processes.wait_until(is_enough, seconds=20)
        assert several.standby_of_reports().startswith("It lacks the last ")
        for path in (*LISTS, reverse("portal:home")):
            assert owner.get(path).status_code == 200, path
        assert standby.freshness.enough  # none of them failed there

        with connections[standby.ALIAS].cursor() as cursor:
            cursor.execute("SELECT pg_wal_replay_pause()")
        settings.STANDBY_LAG = dt.timedelta(0)
        Account.objects.update(name="Changed meanwhile")
        assert not is_enough()


def write_at_once():
    """Commit as the product does; of others, the tests' server tells its standbys after seconds."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = on")
        Account.objects.update(name="Told at once")


def is_enough():
    """What is found out by looking now."""
    standby.freshness.look()
    return standby.freshness.enough
