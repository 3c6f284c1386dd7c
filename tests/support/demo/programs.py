"""Programs on desktops, and what a server answers them."""

from __future__ import annotations

import dataclasses
import random

from licensing.identity import Client
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.messages import Answer, HeldSession
from support.demo.desktops.moments import Act, Moment

CLIENT = Client(machine_name="CAD-017", username="ACME\\jsmith", version="16.0.02")
SESSION = HeldSession("1")
GRANTED = Answer(session=SESSION, refresh_after=300, lease_until=10_000)
FULL = Answer("pool_exhausted", retryable=True, retry_after=60)
NOBODY = Answer("unreachable", retryable=True)


def desktop(*moments: tuple[float, Act], os_session: str = "", is_older: bool = False) -> Desktop:
    life = (Moment(at, act) for at, act in moments)
    client = dataclasses.replace(CLIENT, os_session=os_session)
    return Desktop(client, "SERIAL", life, random.Random("a seed"), is_older=is_older)


def lived(program: Desktop, *answers: Answer, until: float = 1000) -> list:
    """What the program asks, with its time; after the last answer one more request at most."""
    asked, left = [], iter(answers)
    while (at := program.next_at) is not None and at <= until:
        if request := program.act(at):
            asked.append((at, request))
            answer = next(left, None)
            if answer is None:
                break
            program.hear(request, answer, at)
    return asked
