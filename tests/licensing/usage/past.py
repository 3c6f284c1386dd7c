"""Sessions and denials of the past, some days before the hours that are not final."""

from __future__ import annotations

import datetime as dt

from licensing import clock
from licensing.models import ClientSession, Denial, LateFact, LimitChange
from licensing.usage.values import HOUR, hour_of
from tests.factories import make_client
from tests.licensing.usage.histories import minutes


def beginning(days: int = 5) -> dt.datetime:
    """The start of an hour so many days ago."""
    return hour_of(clock.database_time() - dt.timedelta(days=days))


def session_then(key, start: dt.datetime, end: dt.datetime, *, person="ann") -> ClientSession:
    """A session that held a seat then, and that was closed."""
    client = make_client(username=person, machine_name=f"{person}'s PC")
    return ClientSession.objects.create(
        account=key.account, licence=key.licence, key=key, identity=client.identity,
        machine_name=client.machine_name, username=client.username, machine=client.machine,
        person=client.person, version=client.version, started_at=start, refreshed_at=start,
        grace_until=end, ended_at=end, end_reason="closed",
    )  # fmt: skip


def refused_then(key, at: dt.datetime, *, person="zoe", code="pool_exhausted") -> Denial:
    """Somebody who tried twice and found no seat, or whom something else kept out."""
    client = make_client(username=person, machine_name=f"{person}'s PC")
    return Denial.objects.create(
        account=key.account, licence=key.licence, key=key, code=code, identity=client.identity,
        machine_name=client.machine_name, username=client.username, version=client.version,
        folded_from=at, count=2, first_at=at, last_at=at + minutes(1), seats=2, in_use=2,
    )  # fmt: skip


def limits_were(key, since: dt.datetime, *seats: int) -> None:
    """The licence had so many seats, and an hour later so many, and so on."""
    LimitChange.objects.filter(licence=key.licence).delete()
    for number, limit in enumerate(seats):
        LimitChange.objects.create(licence=key.licence, seats=limit, since=since + number * HOUR)


def close_late(session: ClientSession, *, earlier: dt.timedelta) -> None:
    """Tell late that a session had been closed before."""
    ended_at = max(session.ended_at - earlier, session.started_at)
    ClientSession.objects.filter(pk=session.pk).update(ended_at=ended_at)
    LateFact.objects.create(licence=session.licence, since=ended_at)
