"""What an account's export consists of, made anew by the verbs that make it elsewhere."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from typing import Any

from django.db import transaction

from licensing import accounts, audit, devices, import_acts, licences, rules
from licensing.errors import InvalidOperation
from licensing.licences import OfflinePolicy, Order
from licensing.models import Account, Licence
from licensing.models.imports import Source
from licensing.models.licences import LicenceState
from licensing.rules import NewRule
from portal.exports.full_checks import Reading, filled_in
from portal.exports.full_rows import LicenceRow, RuleRow
from portal.licences import notes, tags
from portal.people import invitations

type Licences = dict[int, Licence]
"""Those that were made, by the ids that they had."""


@transaction.atomic
def make(reading: Reading, account: Account, *, by: audit.Actor, reason: str) -> Account:
    """Make this new account with all that is brought, or nothing; its people are invited.

    Raise InvalidOperation when something is wrong with a row, AlreadyDone where there is an
    account of that name by now.
    """
    if reading.problems:
        raise InvalidOperation(
            f"{len(reading.problems)} rows of the export are not right. The first is "
            f"{reading.problems[0]}"
        )
    [row] = reading.rows["account"]
    accounts.open_new(filled_in(account, row), by=by, reason=reason)
    with import_acts.at_once(account, Source.EXPORT, counts_of(reading), by=by, reason=reason):
        made = make_licences(reading, account, by=by, reason=reason)
        bind_devices(reading, made)
        add_rules(reading.rows["rules"], account, made, by=by, reason=reason)
        write_notes(reading, made, by=by)
    for one in [*reading.rows["people"], *reading.rows["invitations"]]:
        invitations.invite(account, one.email, one.role, by=by, reason=reason)
    return account


def counts_of(reading: Reading) -> dict[str, int]:
    """How much is made of it, as the record counts an import."""
    of_kinds = {"licences": "licences", "machines": "devices", "rules": "rules"}
    return {name: len(reading.rows[kind]) for name, kind in of_kinds.items()}


def make_licences(reading: Reading, account: Account, *, by: audit.Actor, reason: str) -> Licences:
    """Each licence with its features and as many new keys as were active, as it stood."""
    features, labels = by_licence(reading.rows["features"]), by_licence(reading.rows["keys"])
    made: Licences = {}
    for row in reading.rows["licences"]:
        order = order_of(row, account, features[row.id], labels[row.id])
        key, _product_key = licences.create(order, by=by, reason=reason)
        made[row.id] = key.licence
        if row.state != LicenceState.ACTIVE:
            licences.set_state(key.licence, row.state, by=by, reason=reason)
    for row in reading.rows["licences"]:
        if row.replaces in made:
            Licence.objects.filter(pk=made[row.id].pk).update(replaces=made[row.replaces])
    return made


def by_licence(rows: list[Any]) -> defaultdict[int, list[Any]]:
    """Rows by the licence that they are of."""
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.licence].append(row)
    return found


def order_of(row: LicenceRow, account: Account, features: list[Any], labels: list[Any]) -> Order:
    """A licence as an order has it."""
    reclaim = row.reclaim_after
    return Order(
        account_name=account.name,
        seats=row.seats,
        product=row.product,
        usage_model=row.usage_model,
        name=row.name,
        features=[
            one.feature if one.seats is None else f"{one.feature}:{one.seats}" for one in features
        ],
        keys=[one.label for one in labels] or [""],
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        policy=OfflinePolicy(
            dt.timedelta(seconds=row.grace_period),
            None if reclaim is None else dt.timedelta(seconds=reclaim),
        ),
    )


def bind_devices(reading: Reading, made: Licences) -> None:
    """Bind the seats of single-user licences to the machines that had them."""
    for row in reading.rows["devices"]:
        devices.take_over(made[row.licence], machine_name=row.machine_name, username=row.username)


def add_rules(
    rows: list[RuleRow], account: Account, made: Licences, *, by: audit.Actor, reason: str
) -> None:
    """Add the rules, each with its own reason."""
    for row in rows:
        wanted = NewRule(
            licence=None if row.licence is None else made[row.licence],
            effect=row.effect,
            username=row.username,
            machine_name=row.machine_name,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
        )
        rules.add(account, wanted, by=by, reason=row.reason or reason, even_everybody=True)


def write_notes(reading: Reading, made: Licences, *, by: audit.Actor) -> None:
    """Write down what the customer wrote about licences, and put their tags on."""
    for row in reading.rows["notes"]:
        notes.write(
            made[row.licence],
            contact_name=row.contact_name,
            contact_email=row.contact_email,
            text=row.text,
            by=by,
        )
    for licence, rows in by_licence(reading.rows["tags"]).items():
        tags.change([made[licence]], add=[row.name for row in rows], by=by)
