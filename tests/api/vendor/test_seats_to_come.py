"""Seats from a day on, and for some hours, by the vendor's API."""

from __future__ import annotations

import datetime as dt

import pytest

from licensing import emergency_seats
from licensing.models import Licence, PlannedSeats
from tests.api.vendor.shop import read, send
from tests.factories import TESTER

ORDER = {"order_reference": "SO-1"}
WHY = {"why": "Order or renewal", "reason": "Their order is on its way."}


def seats_of(licence):
    """How many the licence has now."""
    return Licence.objects.get(pk=licence.pk).seats


def test_seats_change_from_a_day_on_and_the_plan_is_cancelled(client, token, licence):
    path, on = f"licences/{licence.pk}", str(licence.today + dt.timedelta(days=9))
    planned = send(client, token, f"{path}/seats", ORDER | {"seats": 12, "on": on}).json()
    plan = PlannedSeats.objects.get()
    end = f"planned-seats/{plan.pk}/end"
    cancelled = send(client, token, end, WHY).json()
    again = send(client, token, end, WHY)

    assert planned["seats"] == 10
    assert planned["planned_seats"] == [{"id": plan.pk, "seats": 12, "on": on}]
    assert cancelled["planned_seats"] == []
    assert again.status_code == 409
    assert seats_of(licence) == 10


def test_emergency_seats_come_on_top_and_are_taken_back(client, token, licence):
    path = f"licences/{licence.pk}"
    given = send(client, token, f"{path}/emergency-seats", WHY | {"number": 2, "hours": 4}).json()
    same = ORDER | {"seats": given["seats"]}
    refused = send(client, token, f"{path}/seats", same)
    more = send(client, token, f"{path}/seats", same | {"seats": 12}).json()
    end = f"planned-seats/{given['emergency_seats']['id']}/end"
    ended = send(client, token, end, WHY).json()

    assert (given["seats"], given["emergency_seats"]["number"]) == (10, 2)
    until = dt.datetime.fromisoformat(given["emergency_seats"]["until"])
    assert abs(until - PlannedSeats.objects.get().until) < dt.timedelta(seconds=1)
    assert refused.status_code == 409
    assert (more["seats"], more["emergency_seats"]["number"]) == (12, 2)
    assert (ended["seats"], ended["emergency_seats"]) == (12, None)
    assert seats_of(licence) == 12


@pytest.mark.parametrize(
    ("act", "asked", "status", "pointer"),
    [
        ("emergency-seats", {"number": 2, "hours": 73}, 400, "/hours"),
        ("emergency-seats", {"number": 0, "hours": 4}, 400, "/number"),
        ("emergency-seats", {"number": 100_000, "hours": 4}, 409, "/number"),
        ("seats", {"seats": 12, "on": "2020-01-01"}, 409, "/on"),
        ("seats", {"seats": 12, "on": "soon"}, 400, "/on"),
    ],
)
def test_what_cannot_be_says_where(client, token, licence, act, asked, status, pointer):
    why = ORDER if act == "seats" else WHY
    answer = send(client, token, f"licences/{licence.pk}/{act}", why | asked)

    assert answer.status_code == status, answer.text
    assert [problem["pointer"] for problem in answer.json()["errors"]] == [pointer]
    assert not PlannedSeats.objects.exists()


def test_what_is_read_tells_of_them(client, token, licence):
    emergency_seats.give(licence, 2, hours=4, by=TESTER)

    assert read(client, token, f"licences/{licence.pk}").json()["emergency_seats"]["number"] == 2
    assert send(client, token, "planned-seats/0/end", WHY).status_code == 404
