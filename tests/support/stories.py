"""Stories of the session look-up, as tests ask for them."""

from __future__ import annotations

import pytest

from licensing import errors, sessions
from licensing.models import Denial
from tests.factories import AccountFactory, make_client, make_pool, make_session
from tests.kept import kept

STORY = "/support/story/"
REFERENCE = "5f2b8c0e9d1a4b7c5f2b8c0e9d1a4b7c"


@kept
def pool():
    account = AccountFactory(name="Brook & Co", time_zone="Europe/Paris")
    return make_pool(2, account=account, name="London planners")


@pytest.fixture
def full(pool):
    """A pool that is full, one seat of it held by a machine that is away, and who was refused."""
    away = make_session(
        pool, make_client(machine_name="CAD-03"), refreshed=pool.licence.refresh_after * 4
    )
    make_session(pool)
    return away, refuse(pool, machine_name="CAD-017", username="BROOK\\jsmith")


def refuse(key, **details):
    """The denial of somebody whom the key does not let in."""
    client = make_client(request_id=REFERENCE, **details)
    with pytest.raises(errors.LicensingError):
        sessions.check_out(key, client)
    return Denial.objects.latest("pk")


def page_of(client, *words, **more):
    return client.get(STORY, {"q": words, **more})


def told(client, *words):
    """The story that the page tells first."""
    return page_of(client, *words).context["story"]
