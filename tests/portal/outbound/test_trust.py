"""Whose certificate is believed: the authorities are read once, and the name is looked at."""

from __future__ import annotations

import pytest

from portal.outbound import connections, posting
from portal.outbound.unanswered import Cause, Unanswered
from tests.certificates import secured


@pytest.fixture
def trusting(monkeypatch):
    """Lets a server's certificate be one of those that are believed, until the test is over."""

    def trust(server):
        connections.trust.cache_clear()
        monkeypatch.setattr(connections, "DEFAULT_CA_BUNDLE_PATH", server.trusted)

    yield trust
    connections.trust.cache_clear()


def post(server):
    """The status of a message to it, or why there is none."""
    try:
        address = f"https://127.0.0.1:{server.server_port}/ok"
        return posting.post(address, b"{}", {}).status
    except Unanswered as unanswered:
        return unanswered.cause


def test_a_certificate_that_nobody_vouches_for_is_not_believed(receiver, tmp_path):
    assert post(secured(receiver, tmp_path)) == Cause.NO_TRUST
    assert receiver.received == []


def test_one_of_an_authority_is_and_these_are_read_once(receiver, tmp_path, trusting):
    trusting(secured(receiver, tmp_path))

    assert [post(receiver), post(receiver)] == [204, 204]
    assert connections.trust.cache_info().misses == 1


def test_one_for_another_name_is_not(receiver, tmp_path, trusting):
    trusting(secured(receiver, tmp_path, "127.0.0.2"))

    assert post(receiver) == Cause.NO_TRUST
