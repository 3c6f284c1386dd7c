"""Desktops in simulated time, where the domain has one fault: what clients see gives it away."""

from __future__ import annotations

import random
import time
import uuid

import pytest

from licensing import identity, pool_statements, pools, sessions, statements
from support.demo.desktops import clocks
from support.demo.desktops.days import HOUR, MINUTE
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.domain_door import DomainDoor
from support.demo.desktops.messages import UNREACHABLE, Answer, CheckOut
from support.demo.desktops.moments import Act, Moment
from support.demo.desktops.real_time import Exchange
from support.demo.desktops.simulation import Simulation
from support.demo.estate.teams import Team
from support.demo.fleet import comparison, making_way, records
from support.demo.fleet.ledger import Ledger
from support.demo.fleet.targets import ASKS_OFTEN, Target
from support.demo.fleet.witness import Witness
from tests.factories import make_client, make_pool

pytestmark = pytest.mark.django_db

START = time.time() - 10 * HOUR
SILENT_AFTER = 7.5 * MINUTE


class World:
    """A pool and its desktops, who count and judge as the fleet does."""

    def __init__(self, seats, *programs, hours=4.0):
        self.until = START + hours * HOUR
        self.key = make_pool(seats, policy=ASKS_OFTEN)
        team = Team(account="", licence="Pool", seats=seats, people=0, domain="", machines="")
        kept_for = float("inf")
        self.target = Target(team, self.key.serial_number, "", kept_for, SILENT_AFTER)
        promises = {self.key.serial_number: self.target.promise}
        self.witness, self.ledger = Witness(promises), Ledger(promises)
        self.door, self.to_lose = DomainDoor(START), 0
        self.desktops = [self.desktop(**program) for program in programs]

    def desktop(self, *, life, is_older=False, **details):
        moments = iter([Moment(START + at, act) for at, act in life])
        client, rng = make_client(**details), random.Random("a seed")
        return Desktop(client, self.key.serial_number, moments, rng, is_older=is_older)

    def send(self, desktop, request, now):
        """The domain's answer, unless it gets lost on its way."""
        answer = self.door.send(desktop, request, now)
        if isinstance(request, CheckOut) and self.to_lose:
            self.to_lose -= 1
            answer = Answer(UNREACHABLE, retryable=True)
        exchange = Exchange(desktop, request, answer, now, now)
        self.witness.hear(exchange)
        self.ledger.hear(exchange)
        return answer

    def complaints(self):
        """What is found wrong when they have lived."""
        with clocks.simulated() as set_clock:
            set_clock(START)
            Simulation(self.desktops, [], door=self, set_clock=set_clock).run(self.until)
            compared = comparison.lines(self.ledger, records.of([self.target]))
            return [*self.witness.complaints(), *comparison.complaints(compared)]


def a_terminal_server_that_restarts():
    life = [(0, Act.OPEN), (HOUR, Act.RESTART), (1.5 * HOUR, Act.COME_BACK)]
    names = [{"machine_name": "CTX-1", "username": f"user{n}"} for n in range(3)]
    return World(3, *({"life": life, "os_session": "2", **person} for person in names))


def somebody_in_two_os_sessions():
    anna = {"machine_name": "CTX-1", "username": "anna"}
    first, second = [(0, Act.OPEN)], [(HOUR, Act.OPEN)]
    programs = ({"life": first, "os_session": "2"}, {"life": second, "os_session": "3"})
    return World(1, *(program | anna for program in programs), hours=1.1)


def silent_people(**others):
    """One whose network is away for an hour, and another at the full pool meanwhile."""
    anna = {"machine_name": "CTX-1", "username": "anna", "os_session": "2", "device_id": "one"}
    away = [(0, Act.OPEN), (HOUR, Act.LOSE_NETWORK), (3 * HOUR, Act.FIND_NETWORK)]
    other = anna | {"os_session": "3"} | others
    return World(1, {"life": away, **anna}, {"life": [(2 * HOUR, Act.OPEN)], **other})


def somebody_else_at_a_full_pool():
    return silent_people(username="bert")


def a_clone_at_a_full_pool():
    return silent_people(device_id="two")


def two_clones():
    anna = {"machine_name": "IMAGE", "username": "anna", "life": [(0, Act.OPEN)]}
    return World(2, {"device_id": "one", **anna}, {"device_id": "two", **anna})


def an_older_program_that_closed_offline():
    life = [
        (0, Act.OPEN), (60, Act.LOSE_NETWORK), (MINUTE * 2, Act.CLOSE), (MINUTE * 3, Act.OPEN),
        (MINUTE * 4, Act.FIND_NETWORK),
    ]  # fmt: skip
    return World(2, {"life": life, "is_older": True})


def a_check_out_without_an_answer():
    world = World(2, {"life": [(0, Act.OPEN), (20, Act.CLOSE), (HOUR, Act.OPEN)]})
    world.to_lose = 1
    return world


def nobody_makes_way(plant):
    plant.setattr(pools, "make_way", lambda *_: 0)


def without(*conditions):
    """Sessions make way though this is not true of them."""

    def fault(plant):
        statement = pool_statements.MAKE_WAY
        for condition in conditions:
            assert condition in statement
            statement = statement.replace(condition, "TRUE")
        plant.setattr(pools, "MAKE_WAY", statement)

    return fault


def device_ids_are_ignored(plant):
    names = lambda client: (client.machine, client.person, client.os_session)  # noqa: E731
    nameless = property(lambda client: uuid.uuid5(identity.NAMESPACE, "\0".join(names(client))))
    plant.setattr(identity.Client, "identity", nameless)


def late_closes_are_believed(plant):
    guard = statements.GIVE_BACK.index("AND COALESCE(")
    end = statements.GIVE_BACK.index("RETURNING session.id", guard)
    plant.setattr(pools, "GIVE_BACK", statements.GIVE_BACK[:guard] + statements.GIVE_BACK[end:])


def own_ids_are_ignored(plant):
    values = pools.session_values
    plant.setattr(pools, "session_values", lambda c: values(c) | {"session": uuid.uuid4()})


def closes_with_a_key_do_nothing(plant):
    plant.setattr(sessions, "close_of", lambda *_, **__: None)


WORLDS = [
    a_terminal_server_that_restarts,
    somebody_in_two_os_sessions,
    somebody_else_at_a_full_pool,
    a_clone_at_a_full_pool,
    two_clones,
    an_older_program_that_closed_offline,
    a_check_out_without_an_answer,
]


@pytest.mark.census
@pytest.mark.parametrize("world", WORLDS)
def test_finds_nothing_where_nothing_is_wrong(world):
    lived = world()

    assert lived.complaints() == []
    assert lived.ledger.opened


FAULTS = [
    (a_terminal_server_that_restarts, nobody_makes_way, making_way.REFUSED),
    (somebody_in_two_os_sessions, without(pool_statements.SILENT), making_way.KEPT_IN_TOUCH),
    (somebody_else_at_a_full_pool, without(pool_statements.SAME_PERSON), making_way.BY_NOBODY),
    (a_clone_at_a_full_pool, without(pool_statements.SAME_DEVICE), making_way.BY_NOBODY),
    (two_clones, device_ids_are_ignored, "on two machines were given one session"),
    (an_older_program_that_closed_offline, late_closes_are_believed, "close that came late ended"),
    (a_check_out_without_an_answer, own_ids_are_ignored, "did not take the id"),
    (a_check_out_without_an_answer, closes_with_a_key_do_nothing, "after its close had been"),
]


@pytest.mark.census
@pytest.mark.parametrize(("world", "fault", "complaint"), FAULTS)
def test_finds(world, fault, complaint, monkeypatch):
    lived = world()
    fault(monkeypatch)

    assert any(complaint in told for told in lived.complaints())
