"""Pools that were full a moment ago: who asks next is refused by one statement, if they still are.

It looks as closely as the long way does, and writes the denial down with what it saw: nobody is
refused because somebody was before. Only which pools are asked first is remembered here.
"""

from __future__ import annotations

import datetime as dt
import zoneinfo
from typing import Any

from licensing import clock, denials, errors, history, refusals, versions
from licensing.denial_statements import REFUSE
from licensing.hot import fetch_row
from licensing.identity import Client, Proof, names_of
from licensing.models import ProductKey

MOST = 1000
"""So many keys are remembered; beyond them those of longest ago are not."""
full: dict[str, int] = {}
"""The keys by which somebody was last refused for want of a seat, by serial number."""


def remember(key: ProductKey) -> None:
    """Somebody was just refused a seat of this key's pool."""
    while len(full) >= MOST:
        full.pop(next(iter(full)), None)
    full[key.serial_number] = key.pk


def require_not_full(proof: Proof, client: Client) -> None:
    """Raise PoolExhausted, recorded, if the pool was full a moment ago and still is.

    Only where that is all there is to it: never a client that names features, or the id of a
    session of long ago, nor one that may have a seat by another's making way.
    """
    key_id = full.get(proof.serial_number)
    if key_id is None or client.features or history.has(client.session_id):
        return
    row = fetch_row(REFUSE, values(proof, client, key_id))
    if row is None:
        full.pop(proof.serial_number, None)
        return
    at, _is_named, *told = row
    clock.database.hear(at)
    raise refusal(*told)


def values(proof: Proof, client: Client, key_id: int) -> dict[str, Any]:
    """What REFUSE asks for."""
    of_key = {
        "key": key_id,
        "serial_number": proof.serial_number,
        "digest": proof.digest,
        "product": client.product,
        "version_numbers": [str(number) for number in versions.numbers(client.version)],
        "session": client.session_id,
    }
    return denials.counted_as(client, key_id) | names_of(client) | of_key


def refusal(
    seats: int, no_stale_before: dt.datetime, time_zone: str, contact: str, account_id: int
) -> errors.PoolExhausted:
    """What ``refusals.pool_exhausted`` would tell, whom to ask included."""
    next_reclaim_at = refusals.earliest_reclaim(no_stale_before)
    full = errors.PoolExhausted(
        scope="licence",
        features=[],
        seats=seats,
        in_use=seats,
        next_reclaim_at=next_reclaim_at
        and next_reclaim_at.astimezone(zoneinfo.ZoneInfo(time_zone)),
        **({"contact": contact} if contact else {}),
    )
    full.account_id = account_id
    return full
