"""The fleet's way to the product: what a program sends, and what it hears."""

from __future__ import annotations

import asyncio
import random
from concurrent.futures import ThreadPoolExecutor

import pytest

from licensing.models import ClientSession
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.http_door import HttpDoor, connect
from support.demo.desktops.messages import Answer, CheckOut, Close, HeldSession
from support.demo.desktops.simulated_time import Clock
from tests.factories import make_client, make_pool

pytestmark = pytest.mark.django_db(transaction=True)

OWN_ID = "7d2f0a34-6f0c-4c7e-8d8a-2f6f1f0b9f11"


def sent(live_server, key, desktop, request, *, lost=0.0) -> Answer:
    """What the program hears; in a thread of its own, for browser tests leave an event loop."""

    async def send():
        async with connect(live_server.url) as client:
            door = HttpDoor(client, {key.serial_number: key.plain}, Clock(), lost=lost)
            return await door.send(desktop, request)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, send()).result()


def test_a_lost_check_out_is_given_back_with_the_key(live_server):
    key = make_pool(1)
    desktop = Desktop(make_client(device_id="one"), key.serial_number, iter(()), random.Random(1))

    lost = sent(live_server, key, desktop, CheckOut(OWN_ID), lost=1)
    held = ClientSession.objects.get()
    close = Close(HeldSession(OWN_ID), None, serial_number=key.serial_number)
    closed = sent(live_server, key, desktop, close)

    assert (lost.code, closed.status) == ("unreachable", 204)
    assert (str(held.pk), held.device_id) == (OWN_ID, "one")
    assert ClientSession.objects.get().end_reason == "closed"


def test_says_why_a_session_ended(live_server):
    key = make_pool(1)
    desktop = Desktop(make_client(), key.serial_number, iter(()), random.Random(1))
    opened = sent(live_server, key, desktop, CheckOut(OWN_ID))
    sent(live_server, key, desktop, Close(opened.session, None))

    again = sent(live_server, key, desktop, CheckOut(OWN_ID))

    assert (again.status, again.code, again.reason) == (410, "session_ended", "closed")
