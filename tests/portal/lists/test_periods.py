"""A form of filters sends a length and the dates that it means: which of them are asked for."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import RequestFactory

from portal.lists import periods

TODAY = dt.date(2026, 11, 30)


@pytest.mark.parametrize(
    ("sent", "left"),
    [
        ("days=30&from=2026-11-01&until=&hours=working", "days=30&hours=working"),
        ("days=7&from=2026-11-24&until=2026-11-30", "days=7"),
        ("days=1&from=2026-11-30&until=", "days=1"),
        ("days=365&from=2025-12-01&until=", "days=365"),
        ("days=30&from=2026-11-02&until=", "from=2026-11-02&until="),
        ("days=30&from=&until=2026-11-29", "from=&until=2026-11-29"),
        ("days=30&from=2026-02-31&until=", "from=2026-02-31&until="),
    ],
)
def test_a_length_stays_unless_dates_were_changed(sent, left):
    answer = periods.settled(RequestFactory().get(f"/usage/?{sent}"), TODAY)

    assert answer.url == f"/usage/?{left}"


@pytest.mark.parametrize(
    "settled", ["", "days=30", "from=2026-11-01&until=", "days=30&from=&until="]
)
def test_an_address_with_one_of_them_is_left_alone(settled):
    assert periods.settled(RequestFactory().get(f"/usage/?{settled}"), TODAY) is None
