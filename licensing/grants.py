"""Grants: what a client is promised, and the statements that return one."""

from __future__ import annotations

import dataclasses
import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from licensing import clock
from licensing.hot import fetch_row


@dataclasses.dataclass(frozen=True, slots=True)
class Grant:
    """What the server promises a client at one moment; lease and answer are made of it."""

    session_id: uuid.UUID
    machine_name: str
    username: str
    grace_until: dt.datetime
    server_time: dt.datetime
    serial_number: str
    licence_name: str
    usage_model: str
    ends_on: dt.date | None
    product: str
    features: Sequence[str]
    refresh_after: int
    account_id: int


def fetch_grant(statement: str, values: Mapping[str, Any]) -> Grant | None:
    """The grant that the statement returns, or None if it matched nothing."""
    row = fetch_row(statement, values)
    if row is None:
        return None
    grant = Grant(*row)
    clock.database.hear(grant.server_time)
    return grant
