"""Guessing product keys is slowed down; nobody who has the right one notices."""

from __future__ import annotations

import pytest
from django.core.cache import cache
from django.test import Client

from licensing.models import Denial
from tests.api.desktop import check_out
from tests.factories import make_pool

pytestmark = pytest.mark.django_db


def guess(client, key, times, **changes):
    """The statuses of so many check-outs with a wrong product key."""
    return [
        check_out(client, key, product_key="A" * 30, **changes).status_code for _ in range(times)
    ]


def from_address(address):
    """Somebody else's computer."""
    return Client(REMOTE_ADDR=address)


def test_an_address_may_be_wrong_twenty_times_a_minute(client, pool):
    statuses = guess(client, pool, 21, serial_number="mistyped")

    assert statuses == [403] * 20 + [429]


def test_a_serial_number_may_be_guessed_at_ten_times_a_minute(pool):
    statuses = [guess(from_address(f"192.0.2.{n}"), pool, 1)[0] for n in range(11)]

    assert statuses == [403] * 10 + [429]


def test_says_when_to_try_again(client, pool):
    guess(client, pool, 20)

    response = check_out(client, pool, product_key="wrong")

    problem = response.json()
    assert (problem["code"], problem["retryable"]) == ("rate_limited", True)
    assert response.headers["Retry-After"] == "60"


def test_a_correct_key_goes_through_whatever_its_neighbours_do(client, pool):
    guess(client, pool, 30)

    assert check_out(client, pool).status_code == 201


def test_another_serial_number_at_another_address_is_not_concerned(client, pool):
    guess(client, pool, 30)

    assert guess(from_address("192.0.2.1"), make_pool(1), 1) == [403]


def test_what_is_braked_is_recorded_all_the_same(client, pool):
    guess(client, pool, 25, machine_name="CAD-1", username="guesser")

    assert Denial.objects.get().count == 25


def test_counts_are_forgotten_after_a_minute(client, pool):
    guess(client, pool, 2)

    lifetimes = [cache.ttl(counter) for counter in cache.keys("wrong-keys:*")]

    assert len(lifetimes) == 2
    assert all(0 < lifetime <= 60 for lifetime in lifetimes)


def test_one_network_of_ipv6_is_one_guesser(pool):
    statuses = [
        guess(from_address(f"2001:db8::{n:x}"), pool, 1, serial_number="mistyped")[0]
        for n in range(21)
    ]

    assert statuses == [403] * 20 + [429]


def test_guessers_behind_a_gateway_are_told_apart(client, pool, settings):
    settings.TRUSTED_PROXY_COUNT = 1
    client.defaults["HTTP_X_FORWARDED_FOR"] = "192.0.2.1:40001"
    guess(client, pool, 21, serial_number="mistyped")
    client.defaults["HTTP_X_FORWARDED_FOR"] = "192.0.2.2:40002"

    assert guess(client, pool, 1, serial_number="mistyped") == [403]
