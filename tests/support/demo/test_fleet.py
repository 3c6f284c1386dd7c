"""``manage.py fleet`` and ``demo_traffic``, for a few seconds against a real server."""

from __future__ import annotations

import re
import socket
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from licensing.models import Account, ClientSession, Licence
from support.demo.desktops.simulated_time import Clock
from support.demo.estate import history, traffic
from support.demo.estate.accounts import SMALL_TEAMS
from support.demo.fleet import targets
from tests.factories import make_client, make_pool, make_session

served = pytest.mark.django_db(transaction=True)


def run(*command):
    """Run a command in a thread of its own: browser tests leave an event loop in this one."""

    def call():
        try:
            call_command(*command)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as thread:
        thread.submit(call).result()


@pytest.mark.parametrize("desktops", [1, 3, 20, 200])
def test_every_desktop_has_a_team(desktops):
    teams = targets.teams_of("Fleet", desktops)

    assert sum(team.people * targets.machines_each(team) for team in teams) == desktops
    assert min(team.seats for team in teams) >= 1


@pytest.mark.slow
@served
def test_lives_its_days_and_finds_nothing_wrong(live_server, capsys):
    run(
        "fleet", "--desktops", "20", "--minutes", "0.06", "--day", "10",
        "--against", live_server.url,
    )  # fmt: skip

    told = capsys.readouterr().out
    assert re.search(r"check out +201 +\d", told)
    assert re.search(r"refresh +200 +\d", told)
    assert re.search(r"close +204 +\d", told)
    assert re.search(r"lose the machine, which restarts +\d", told)
    assert re.search(r"administrators: key reissued +1 +1 +0", told)
    assert re.search(r"session: blocked by an access rule +[1-9]", told)
    assert (
        "Every invariant held, by its answers and in the database. "
        "Clients and server agree on every outcome."
    ) in told
    assert Account.objects.get().name.startswith("Fleet ")
    assert ClientSession.objects.ended().exists()


@served
def test_fails_when_the_database_is_not_as_it_must_be(live_server, capsys):
    make_session(make_pool(1))
    with connection.cursor() as cursor:
        cursor.execute("UPDATE licensing_clientsession SET ended_at = now(), end_reason = 'closed'")

    with pytest.raises(CommandError, match="is held by a session that ended"):
        run(
            "fleet", "--desktops", "2", "--minutes", "0.02", "--day", "20",
            "--against", live_server.url,
        )  # fmt: skip


@pytest.fixture
def denials_lost(transactional_db):
    """A database that keeps no denials."""
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
            "CREATE TRIGGER lose BEFORE INSERT ON licensing_denial FOR EACH ROW"
            " EXECUTE FUNCTION lose()"
        )
        yield
        cursor.execute("DROP FUNCTION lose CASCADE")


@pytest.mark.slow
@served
def test_fails_when_the_server_has_not_recorded_what_it_told(denials_lost, live_server, capsys):
    with pytest.raises(CommandError, match=r"disagree on “denied: pool_exhausted”: .* 0 by the s"):
        run(
            "fleet", "--desktops", "20", "--minutes", "0.03", "--day", "20",
            "--against", live_server.url,
        )  # fmt: skip


@pytest.mark.slow
@served
def test_finds_a_pool_that_gives_out_more_seats_than_it_is_said_to_have(live_server):
    key = make_pool(8)

    with pytest.raises(CommandError, match=r"has 1 seats, and \d sessions surely held one"):
        run(
            "fleet", "--desktops", "12", "--minutes", "0.03", "--day", "20",
            "--against", live_server.url, "--serial-number", key.serial_number,
            "--product-key", key.plain, "--seats", "1",
        )  # fmt: skip

    assert Licence.objects.count() == 1


@served
def test_says_when_its_keys_open_nothing(live_server):
    key, other = make_pool(8), make_pool(8)

    with pytest.raises(CommandError, match="No desktop ever got a licence"):
        run(
            "fleet", "--desktops", "5", "--minutes", "0.02", "--day", "20",
            "--against", live_server.url, "--serial-number", key.serial_number,
            "--product-key", other.plain, "--seats", "1",
        )  # fmt: skip


def test_says_when_nothing_answers():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"

        with pytest.raises(CommandError, match=f"Nothing answers at {url}"):
            run("fleet", "--against", url)


@served
def test_says_when_something_else_answers(live_server):
    with pytest.raises(CommandError, match="is not this product: /healthz gave 404"):
        run("fleet", "--against", f"{live_server.url}/elsewhere")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--desktops", "0"], "not a whole number from 1 to 5,000"),
        (["--minutes", "-1"], "not between 0.02 and 1440"),
        (["--minutes", "nan"], "not between 0.02 and 1440"),
        (["--against", "example"], "is no address"),
    ],
)
def test_refuses_senseless_options(arguments, sentence):
    with pytest.raises(CommandError, match=sentence):
        run("fleet", *arguments)


@served
def test_refuses_half_a_licence(live_server):
    with pytest.raises(CommandError, match="are given together"):
        run("fleet", "--against", live_server.url, "--seats", "3")


@served
def test_traffic_goes_on_from_the_sessions_that_there_are(live_server, settings, monkeypatch):
    settings.DEMO = True
    clock = Clock()
    history.fill(SMALL_TEAMS, days=1, now=clock.start - 300)
    monkeypatch.setattr(traffic, "TEAMS", SMALL_TEAMS)
    monkeypatch.setattr(traffic, "SOON", 1)
    before = dict(ClientSession.objects.active().values_list("identity", "refreshed_at"))

    run("demo_traffic", "--against", live_server.url, "--minutes", "0.03")

    after = dict(ClientSession.objects.active().values_list("identity", "refreshed_at"))
    assert set(after) == set(before) != set()
    assert all(after[who] > refreshed_at for who, refreshed_at in before.items())


@pytest.mark.django_db
def test_traffic_is_for_demos_only():
    make_session(make_pool(1), make_client())

    with pytest.raises(CommandError, match="Only a demo"):
        run("demo_traffic", "--minutes", "0.02")
