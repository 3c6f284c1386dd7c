"""Making what a plan of Keygen's licences and machines has: at once, or row by row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import msgspec
from django.db import transaction

from licensing import audit, devices, import_acts, licences, orders
from licensing.errors import InvalidOperation
from licensing.keygen import NewDevice, NewLicence, Plan, brought_to
from licensing.models import Account, Device, ImportRow, Licence
from licensing.models.imports import Source
from licensing.models.licences import LicenceState
from licensing.orders import Known


@transaction.atomic
def carry_out(account: Account, planned: Plan, *, by: audit.Actor, reason: str) -> list[Licence]:
    """Make every licence of the plan and bind its machines, or nothing; return the licences.

    Raise InvalidOperation when the plan has problems.
    """
    asked = [row.asked for row in rows_of(planned)]
    if not asked:
        return []
    with import_acts.at_once(account, Source.KEYGEN, counts_of(planned), by=by, reason=reason):
        made = make(account, asked, by=by, reason=reason)
    return [one for one in made if isinstance(one, Licence)]


def counts_of(planned: Plan) -> dict[str, int]:
    """How much it would make, as the record counts it."""
    return {"licences": len(planned.licences), "machines": len(planned.devices)}


def rows_of(planned: Plan) -> list[ImportRow]:
    """What is to be made, to be taken in row by row: machines after all licences.

    Raise InvalidOperation when the plan has problems.
    """
    if planned.problems:
        raise InvalidOperation(
            f"The files have {len(planned.problems)} rows that are not right: mend them first."
        )
    licences = [
        ImportRow(
            number=one.row,
            name=one.order.name,
            seats=one.order.seats,
            asked={"licence": msgspec.to_builtins(one)},
        )
        for one in planned.licences
    ]
    machines = [
        ImportRow(
            number=one.row,
            kind="device",
            name=one.machine_name,
            asked={"machine": msgspec.to_builtins(one)},
        )
        for one in planned.devices
    ]
    return licences + machines


def make(
    account: Account, asked: Sequence[dict[str, Any]], *, by: audit.Actor, reason: str
) -> list[Licence | Device]:
    """The licences and devices of such rows."""
    brought, known = brought_to(account), Known(account.name)
    made: list[Licence | Device] = []
    for one in asked:
        if "licence" in one:
            new = msgspec.convert(one["licence"], NewLicence)
            brought[new.id] = make_licence(account, new, known, by=by, reason=reason)
            made.append(brought[new.id])
        else:
            made.append(bind(msgspec.convert(one["machine"], NewDevice), brought))
    return made


def make_licence(
    account: Account, new: NewLicence, known: Known, *, by: audit.Actor, reason: str
) -> Licence:
    """A licence, whose entry in the record keeps Keygen's id."""
    order = replace(new.order, account_name=account.name)
    orders.require_meant(order, known)
    key, _product_key = licences.create(order, by=by, reason=reason, keygen=new.id)
    if new.is_suspended:
        licences.set_state(key.licence, LicenceState.SUSPENDED, by=by, reason=reason)
    return key.licence


def bind(new: NewDevice, brought: Mapping[str, Licence]) -> Device:
    """A seat bound to a machine; raise InvalidOperation when its licence was not made."""
    if new.licence not in brought:
        raise InvalidOperation(f"Its licence {new.licence} was not made.")
    return devices.take_over(brought[new.licence], machine_name=new.machine_name, username="")
