"""A denial names the request that was refused last, by which its user asks about it."""

from __future__ import annotations

import dataclasses

import pytest

from licensing import errors, sessions
from licensing.models import Denial
from tests.factories import make_client, make_session

pytestmark = pytest.mark.django_db


def refuse(key, client) -> None:
    with pytest.raises(errors.LicensingError):
        sessions.check_out(key, client)


def test_the_request_that_was_refused_last_is_written_down(pool):
    """The long way, by a pool that is known to be full, and with a key that is none of ours."""
    make_session(pool)
    make_session(pool)
    client = make_client()
    for request_id in ("first-request", "second-request"):
        refuse(pool, dataclasses.replace(client, request_id=request_id))
    with pytest.raises(errors.PoolExhausted):
        sessions.check_out_with_key(
            pool.serial_number,
            pool.plain,
            dataclasses.replace(client, request_id="third-request"),
        )
    assert Denial.objects.get().request_id == "third-request"
    with pytest.raises(errors.KeyInvalid):
        sessions.check_out_with_key("0", "0", make_client(request_id="fourth-request"))
    assert Denial.objects.get(licence=None).request_id == "fourth-request"
