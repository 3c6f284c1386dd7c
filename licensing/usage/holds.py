"""Holds: who kept which seat, from when to when. A seat is held also while its program is offline.

Almost every session is one hold. One that lost its seat and took one again is several.
"""

from __future__ import annotations

import datetime as dt
import itertools
import uuid
from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

from licensing import standby
from licensing.models import Licence, LicenceFeature
from licensing.usage.statements import HOLDS_OF_FEATURE, HOLDS_OF_LICENCES, swept
from licensing.usage.values import Hold

AT_ONCE = 2000
"""How many rows are asked for at once; no more of them are in memory, whatever the range."""


class Held(NamedTuple):
    """The time in which a session kept one seat; ``end`` is None while it does.

    People and machines are told apart by ``person`` and ``machine``, their names as compared.
    """

    start: dt.datetime
    end: dt.datetime | None
    person: str
    machine: str
    licence: int
    session: uuid.UUID
    username: str
    machine_name: str
    key: int
    version: str

    def over_by(self, moment: dt.datetime) -> Hold:
        """The hold as a sweep reads it: one that lasts counts until this moment."""
        return Hold(self.start, moment if self.end is None else self.end, self.person, self.machine)


def of_licence(licence: Licence, since: dt.datetime, until: dt.datetime) -> Iterator[Held]:
    """The holds of a licence's seats that overlap the range, in the order of their starts."""
    for _, of_licence in of_licences([licence], since, until):
        yield from of_licence


def of_licences(
    licences: Collection[Licence], since: dt.datetime, until: dt.datetime
) -> Iterator[tuple[int, Iterator[Held]]]:
    """As ``of_licence``, of many at once: each that has any, by its id, one after the other.

    An account's are read together for little more than those of one.
    """
    values = names_of(licences) | {"since": since, "until": until}
    rows = map(Held._make, read(HOLDS_OF_LICENCES, values))
    return itertools.groupby(rows, key=lambda held: held.licence)


def names_of(licences: Collection[Licence]) -> dict[str, Any]:
    """What a statement about the holds of licences is asked by."""
    return {
        "licences": [licence.pk for licence in licences],
        "accounts": sorted({licence.account_id for licence in licences}),
    }


def of_feature(included: LicenceFeature, since: dt.datetime, until: dt.datetime) -> Iterator[Held]:
    """The holds of a limited feature's seats that overlap the range, in the order of their starts.

    Those of sessions that started before such holds were kept begin when the sessions did.
    """
    values = name_of(included) | {"since": since, "until": until}
    return map(Held._make, read(HOLDS_OF_FEATURE, values))


def name_of(included: LicenceFeature) -> dict[str, Any]:
    """What a statement about the holds of a licence's feature is asked by."""
    return {
        "included": included.pk,
        "licences": [included.licence_id],
        "feature": included.feature_id,
    }


def to_sweep(
    pool: Licence | LicenceFeature, since: dt.datetime, until: dt.datetime, *, now: dt.datetime
) -> Iterator[Hold]:
    """The holds of a licence or limited feature, in order; those that last do so until now."""
    if isinstance(pool, LicenceFeature):
        statement, of = HOLDS_OF_FEATURE, name_of(pool)
    else:
        statement, of = HOLDS_OF_LICENCES, names_of([pool])
    values = of | {"since": since, "until": until, "now": now}
    return map(Hold._make, read(swept(statement), values))


def read(statement: str, values: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a statement, ``AT_ONCE`` at a time by a cursor of the server's."""
    with standby.connection().chunked_cursor() as cursor:
        cursor.execute(statement, values)
        while rows := cursor.fetchmany(AT_ONCE):
            yield from rows
