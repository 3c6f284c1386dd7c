"""Somebody's names taken out of what programs told: sessions, refusals, devices and rules.

No row goes, so that use, peaks and every count stay what they were; a row names a random alias
from then on, the same everywhere in the account. What tells two programs of one person apart
stays apart.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Model

from licensing import rules
from licensing.history_statements import DENIALS, SESSIONS
from licensing.identity import as_compared
from licensing.models import Device
from licensing.persons import Person
from licensing.pseudonyms import Pseudonyms, each_its_own, new_alias

SESSION = """
    UPDATE {table} told SET
        identity = new.identity, person = new.person, username = new.person,
        machine = coalesce(new.machine, told.machine),
        machine_name = coalesce(new.machine, told.machine_name),
        device_id = CASE WHEN new.machine IS NULL THEN told.device_id ELSE '' END
    FROM unnest(%(old)s::uuid[], %(new)s::uuid[], %(people)s::text[], %(machines)s::text[])
        new (before, identity, person, machine)
    WHERE told.account_id = %(account)s AND told.identity = new.before
        AND told.ended_at IS NOT NULL
"""
DENIAL = """
    UPDATE {table} told SET
        identity = new.identity, username = new.person,
        machine_name = coalesce(new.machine, told.machine_name)
    FROM unnest(%(old)s::uuid[], %(new)s::uuid[], %(people)s::text[], %(machines)s::text[])
        new (before, identity, person, machine)
    WHERE told.account_id = %(account)s AND told.identity = new.before
"""
# A session may come back from history, or move there, meanwhile: the tables of today are asked
# before and after those.
STATEMENTS = (
    *((SESSION, table) for table in ("licensing_clientsession", SESSIONS.table)),
    *((DENIAL, table) for table in ("licensing_denial", DENIALS.table)),
    (SESSION, "licensing_clientsession"),
    (DENIAL, "licensing_denial"),
)


def pseudonyms(person: Person, also: Iterable[str] = ()) -> Pseudonyms:
    """New names for a person, for machines that are theirs alone, and for further texts."""
    alias = new_alias()
    machines = each_its_own(new_alias(), person.own_machines)
    written = (*person.names.values(), *person.own_machines.values(), *also)
    return Pseudonyms(
        people=each_its_own(alias, person.names),
        machines=machines,
        spellings=written,
        also=dict.fromkeys(also, alias),
    )


def rewrite(person: Person, names: Pseudonyms) -> None:
    """Put the new names in place of the person's, in a transaction of the caller's."""
    rewrite_told(person, names)
    rewrite_devices(person, names)
    rewrite_rules(person, names)


def rewrite_told(person: Person, names: Pseudonyms) -> None:
    """In ended sessions and refusals, those of long ago too."""
    identities = identities_of(person)
    values: dict[str, Any] = {
        "account": person.account.pk,
        "old": list(identities),
        "new": [uuid.uuid4() for _ in identities],
        "people": [names.people[who] for who, _machine in identities.values()],
        "machines": [names.machines.get(machine) for _who, machine in identities.values()],
    }
    with connection.cursor() as cursor:
        for statement, table in STATEMENTS:
            cursor.execute(statement.format(table=table), values)


def identities_of(person: Person) -> dict[uuid.UUID, tuple[str, str]]:
    """Each who they ever were to a pool, with the name and the machine, both as compared."""
    refused = person.denials.order_by().values_list("identity", "username", "machine_name")
    opened = person.sessions.order_by().values_list("identity", "person", "machine")
    told = {one: (as_compared(who), as_compared(where)) for one, who, where in refused.distinct()}
    return told | {one: (who, where) for one, who, where in opened.distinct()}


def rewrite_devices(person: Person, names: Pseudonyms) -> None:
    """Of devices, who used them last, and machines that nobody else used."""
    for device in Device.objects.filter(pk__in=[one.pk for one in person.devices]):
        device.username = names.people[as_compared(device.username)]
        if machine := names.machines.get(device.machine):
            device.machine = device.machine_name = machine
        device.save(update_fields=["username", "machine", "machine_name"])


def rewrite_rules(person: Person, names: Pseudonyms) -> None:
    """In rules that name them; such a rule is about nobody from then on."""
    for rule in person.rules:
        rule.username = names.in_text(rule.username)
        rule.machine_name = names.in_text(rule.machine_name)
        rule.person_like = rules.like(rule.username)
        rule.machine_like = rules.like(rule.machine_name)
        rule.save(update_fields=["username", "machine_name", "person_like", "machine_like"])


def rewrite_texts(rows: Iterable[Model], fields: Iterable[str], names: Pseudonyms) -> int:
    """Take the person out of these fields of rows; return how many rows changed."""
    count = 0
    for row in rows:
        new = {name: names.in_value(getattr(row, name)) for name in fields}
        if new != {name: getattr(row, name) for name in fields}:
            for name, value in new.items():
                setattr(row, name, value)
            row.save(update_fields=list(new))
            count += 1
    return count
