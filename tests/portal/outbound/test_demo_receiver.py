"""The demo's receiver is the one place on this machine that webhooks reach, in the demo alone."""

from __future__ import annotations

import threading

import pytest

from devstack.receiver import Receiver, shown
from licensing.errors import InvalidOperation
from portal.outbound import posting
from portal.outbound.unanswered import Cause, Unanswered
from portal.webhooks.addresses import require_usable


@pytest.fixture
def receiver():
    """The receiver that `make demo` starts."""
    with Receiver(0) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def refused(address):
    """Why an address is refused when it is typed in, and when something is sent there."""
    with pytest.raises(InvalidOperation) as typed_in:
        require_usable(address)
    with pytest.raises(Unanswered) as sent:
        posting.post(address, b"{}", {})
    return str(typed_in.value), sent.value.cause


NOT_PUBLIC = "That address isn't on the public internet."
NOT_HTTPS = "The address has to begin with https://."


def test_it_is_reached_and_no_other_place_of_this_machine(receiver, settings):
    port = receiver.server_port
    settings.DEMO_RECEIVER = f"http://127.0.0.1:{port}"
    for path in ("", "/channel?a=b"):
        require_usable(f"{settings.DEMO_RECEIVER}{path}")
    statuses = [
        posting.post(f"{settings.DEMO_RECEIVER}{path}", b'{"text":"<b>"}', {}).status
        for path in ("", "/channel", "/fails", "/gone")
    ]

    assert statuses == [204, 204, 500, 410]
    assert shown(list(receiver.taken)).count("&lt;b&gt;") == 4
    assert refused(f"http://127.0.0.1:{port + 1}/") == (NOT_HTTPS, Cause.NOT_HTTPS)
    assert refused(f"http://127.0.0.1:{port}@localhost/")[1] == Cause.NOT_HTTPS
    assert refused(f"http://localhost:{port}/") == (NOT_HTTPS, Cause.NOT_HTTPS)
    assert refused(f"https://127.0.0.1:{port + 1}/") == (NOT_PUBLIC, Cause.NO_PUBLIC_ADDRESS)
    assert refused(f"https://[::1]:{port}/") == (NOT_PUBLIC, Cause.NO_PUBLIC_ADDRESS)
    assert len(receiver.taken) == 4


def test_outside_the_demo_it_is_refused_as_any(receiver, settings):
    address = f"127.0.0.1:{receiver.server_port}/"

    assert settings.DEMO_RECEIVER == ""
    assert refused(f"http://{address}") == (NOT_HTTPS, Cause.NOT_HTTPS)
    assert refused(f"https://{address}") == (NOT_PUBLIC, Cause.NO_PUBLIC_ADDRESS)
    assert not receiver.taken
