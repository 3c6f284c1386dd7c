"""How a pool looks to a client that it gave no seat: what a refusal is told from."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Any

from licensing import key_rows
from licensing.hot import fetch_row
from licensing.identity import Client, Proof, names_of
from licensing.models import ProductKey
from licensing.pool_statements import FIND_KEY_AND_LOOK, LOOK


@dataclasses.dataclass(frozen=True, slots=True)
class Look:
    """How a pool that gave no seat looked at one moment.

    ``is_full``: no seat was free, locked or not, none could be reclaimed, and no session
    of the same person there makes way, which settles a refusal. ``is_allowed``: no access
    rule bars the client. ``holds_seat``: the client has an active session there already.
    ``knows_id``: there has been a session of the id that the client made, whoever's, or
    the client has closed it.
    ``no_seat_before``: none comes back by itself before that time, as its licence remembers
    it, nor does the client's own from another OS session; None if nothing is known.
    """

    is_full: bool
    is_allowed: bool
    holds_seat: bool
    knows_id: bool
    seats: int
    in_use: int
    no_seat_before: dt.datetime | None


SEEN = len(dataclasses.fields(Look))
"""So many columns of FIND_KEY_AND_LOOK tell how the pool looks."""


def look(key: ProductKey, client: Client) -> Look:
    """Look at the pool of a key for a client that it gave no seat."""
    row = fetch_row(LOOK, {"licence": key.licence_id} | asked_by(client))
    assert row is not None  # a key's licence is never deleted
    return Look(*row)


def find_and_look(proof: Proof, client: Client) -> tuple[ProductKey | None, Look | None]:
    """The key with the proof's serial number, whose digest nobody has compared yet, and
    how its pool looks; (None, None) if there is no such key."""
    row = fetch_row(FIND_KEY_AND_LOOK, {"serial_number": proof.serial_number} | asked_by(client))
    if row is None:
        return None, None
    return key_rows.key_from(row[SEEN:]), Look(*row[:SEEN])


def asked_by(client: Client) -> dict[str, Any]:
    """Who is compared with sessions and rules, and the id that the client made, if any."""
    return names_of(client) | {"session": client.session_id}
