"""Stories of the session look-up, as tests ask for them."""

from __future__ import annotations

import pytest

from licensing import errors, sessions
from licensing.models import Denial
from tests.factories import make_client

STORY = "/support/story/"
REFERENCE = "5f2b8c0e9d1a4b7c5f2b8c0e9d1a4b7c"


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
