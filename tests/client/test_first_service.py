"""Clients of today and the service of the first round, as it was recorded."""

from __future__ import annotations

import datetime as dt
import json
from types import SimpleNamespace

import pytest
import time_machine

from cloud_licence import machine
from cloud_licence import program as licence
from cloud_licence.machine import Identity
from cloud_licence.messages import message
from cloud_licence.states import State
from tests.client.computers import PROGRAM
from tests.client.first_service import RECORDED, FirstService

NOBODY = "http://127.0.0.1:1"
PLAIN = "ABCDE-FGHJK-MNPQR-STVWX-YZ012-34567"


@pytest.fixture
def clock():
    """The time at which the service was recorded, which a test moves on."""
    first = json.loads(RECORDED["scenes"]["a pool"]["exchanges"][3]["response"]["body"])
    with time_machine.travel(dt.datetime.fromisoformat(first["server_time"]), tick=True) as made:
        yield made


@pytest.fixture
def service(pc, clock, monkeypatch):
    """The service of the first round, met by the user on the machine that it was recorded with."""
    who = Identity(machine_name=RECORDED["machine_name"], username=RECORDED["username"])
    monkeypatch.setattr(machine, "identity", lambda: who)
    made = FirstService()
    yield made
    made.close()
    assert made.never_recorded == []


@pytest.fixture
def enter_scene(pc, service):
    """Lets the service go on with a scene, and rolls out its key."""

    def enter(name, url=service.url):
        key = SimpleNamespace(serial_number=service.set_scene(name), plain=PLAIN)
        pc.set_policy(key, url)

    return enter


def store_of(pc):
    """What the client keeps."""
    return next((pc.home / "state").rglob("licence-*.json")).read_text()


def verbs(service):
    """What the service was asked to do, without repetitions."""
    asked = [verb for verb, *_ in service.asked if verb != "keys"]
    return [verb for before, verb in zip(["", *asked], asked, strict=False) if verb != before]


def test_opens_refreshes_and_closes(enter_scene, service, clock):
    enter_scene("a pool")
    opened = licence.open_licence(PROGRAM)
    clock.shift(400)
    refreshed = licence.look(PROGRAM)
    licence.close(PROGRAM)

    assert (opened.situation.state, refreshed.situation.state) == (State.LICENSED, State.LICENSED)
    assert (*opened.notices, *refreshed.notices) == ()
    assert verbs(service) == ["check-out", "refresh", "close"]


def test_is_asked_without_the_fields_that_it_does_not_know(enter_scene, service):
    enter_scene("a pool")

    licence.open_licence(PROGRAM)

    assert service.asked[:2] == [("check-out", "", "device_id", "session_id"), ("check-out", "")]


def test_does_not_know_closes_by_key_and_none_waits_for_it(enter_scene, service, pc, clock):
    enter_scene("a pool")
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    enter_scene("a pool", NOBODY)
    offline = licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    enter_scene("a pool")
    licence.open_licence(PROGRAM)

    assert offline.situation.state is State.UNREACHABLE
    assert ("late close", "Basic") in service.asked
    assert json.loads(store_of(pc))["closes"] == []


def test_opens_offline_on_its_lease(enter_scene):
    enter_scene("a pool")
    licence.open_licence(PROGRAM)
    licence.close(PROGRAM)
    enter_scene("a pool", NOBODY)

    assert licence.open_licence(PROGRAM).situation.state is State.UNREACHABLE


def test_is_refused_by_a_full_pool(enter_scene, service):
    enter_scene("a full pool")

    refused = licence.open_licence(PROGRAM)
    licence.close(PROGRAM)

    assert (refused.situation.state, refused.situation.code) == (State.DENIED, "pool_exhausted")
    assert "all of them are in use" in str(message(refused.situation))


def test_takes_up_a_replaced_key_at_the_next_start(enter_scene, service):
    enter_scene("a replaced key")
    refused = licence.open_licence(PROGRAM)
    enter_scene("the new key")
    opened = licence.open_licence(PROGRAM)

    assert (refused.situation.state, refused.situation.code) == (
        State.KEY_REPLACED, "key_superseded",
    )  # fmt: skip
    assert opened.situation.state is State.LICENSED


def test_takes_a_seat_again_when_it_was_released(enter_scene, service, clock):
    enter_scene("a release")
    licence.open_licence(PROGRAM)
    clock.shift(400)
    released = licence.look(PROGRAM)
    clock.shift(100)
    again = licence.look(PROGRAM)

    assert released.situation.state is State.RELEASED
    assert again.situation.state is State.LICENSED
