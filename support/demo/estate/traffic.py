"""Traffic: the demo's desktops at work, so that its sessions stay alive and change."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Iterator, Mapping, Sequence

from licensing.models import ClientSession, ProductKey
from licensing.models.licences import LicenceState
from support.demo.desktops.clocks import moment
from support.demo.desktops.days import MINUTE, bouts
from support.demo.desktops.desktop import Desktop
from support.demo.desktops.http_door import HttpDoor, connect
from support.demo.desktops.moments import Act, Moment
from support.demo.desktops.real_time import Exchange, live
from support.demo.desktops.simulated_time import Clock
from support.demo.estate.accounts import NORTHERN, TEAMS
from support.demo.estate.announcement import product_key, usable_key
from support.demo.estate.teams import Team

AT_WORK = 45 * MINUTE
"""Who refreshed within this time is at work; the others stay offline."""
SOON = 3 * MINUTE
LATER = 20 * MINUTE
Place = tuple[int, str, str]
"""A licence, and a machine and a person as compared."""
ONE_IN = 12
"""Of the large account's people only so many open and close; the others just stay."""


def desktops_now(clock: Clock) -> tuple[list[Desktop], dict[str, str]]:
    """The desktops that go on from the sessions in the database, and the keys they use."""
    at_work = people_at_work(clock)
    desktops: list[Desktop] = []
    product_keys: dict[str, str] = {}
    for team in TEAMS:
        key = usable_key(team.account, team.licence)
        if key is None or not is_usable(key):
            continue
        product_keys[key.serial_number] = product_key(key)
        desktops += desktops_of(team, key, at_work, clock)
    return desktops, product_keys


def people_at_work(clock: Clock) -> dict[Place, str]:
    """Who was in touch lately, and where; the number of the OS session that they have there."""
    lately = moment(clock.start - AT_WORK)
    sessions = ClientSession.objects.active().filter(refreshed_at__gt=lately)
    rows = sessions.order_by("refreshed_at")
    places = rows.values_list("licence_id", "machine", "person", "os_session")
    return {(licence, machine, person): number for licence, machine, person, number in places}


def is_usable(key: ProductKey) -> bool:
    """Whether the key's licence gives anybody a seat."""
    licence = key.licence
    return licence.state == LicenceState.ACTIVE and licence.has_started and not licence.has_ended


def desktops_of(
    team: Team, key: ProductKey, at_work: Mapping[Place, str], clock: Clock
) -> Iterator[Desktop]:
    """The team's desktops: who is at work stays so; a team that was all away comes in again."""
    licence = key.licence_id
    was_away = all(licence != other for other, _, _ in at_work)
    for number, client in enumerate(team.clients()):
        rng = random.Random(f"{clock.start} {client.identity}")  # noqa: S311
        place = licence, client.machine, client.person
        is_at_work = place in at_work
        client = dataclasses.replace(client, os_session=at_work.get(place, client.os_session))
        if stays_away(team, number):
            continue
        start = clock.start + rng.uniform(0, SOON if is_at_work or was_away else LATER)
        if is_restless(team, number):
            yield Desktop(client, key.serial_number, bouts(rng, start), rng)
        elif is_at_work or was_away:
            yield Desktop(client, key.serial_number, iter([Moment(start, Act.OPEN)]), rng)


def stays_away(team: Team, number: int) -> bool:
    """Whether the person is the one of whom the demo tells that they are offline."""
    story = team.stories[number] if number < len(team.stories) else ()
    return any(moment.act is Act.LOSE_NETWORK for moment in story)


def is_restless(team: Team, number: int) -> bool:
    """Whether the person opens and closes the program all the time."""
    if team.account == NORTHERN:
        return number % ONE_IN == 0 and team.people > 1
    return team.licence != "Graduates"  # whoever closes there does not get in again


async def flow(
    url: str, desktops: Sequence[Desktop], keys: dict[str, str], clock: Clock, seconds: float
) -> None:
    """Let the desktops live for so many seconds."""
    async with connect(url) as client:
        door = HttpDoor(client, keys, clock)
        await live(desktops, door, clock, until=clock.start + seconds, note=ignore)


def ignore(exchange: Exchange) -> None:
    """Nobody counts the demo's traffic."""
