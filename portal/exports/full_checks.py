"""What each row of an account's export has to be before anything is made of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.utils import timezone

from licensing import accounts, catalogue, orders, rules
from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.licences import LONGEST_NAME, Order
from licensing.models import Account, Feature, Product
from licensing.models.keys import KeyState
from licensing.models.licences import UsageModel
from licensing.names import require_one_line
from licensing.rules import NewRule
from portal.exports.full import KINDS
from portal.exports.full_rows import (
    BROUGHT,
    AccountRow,
    DeviceRow,
    FeatureRow,
    InvitationRow,
    KeyRow,
    LicenceRow,
    NotesRow,
    OfLicence,
    PersonRow,
    RuleRow,
    TagRow,
)
from portal.people import invitations


@dataclass(frozen=True, slots=True)
class FaultyRow:
    """What is wrong with a row: of which file, its line, 1 being the first, and why."""

    file: str
    line: int
    words: str

    def __str__(self) -> str:
        return f"{self.file}, line {self.line}: {self.words}"


@dataclass
class Reading:
    """An export as far as it was read: what would be made, and what is wrong with it."""

    rows: dict[str, list[Any]] = field(default_factory=lambda: {kind: [] for kind in BROUGHT})
    found: Counter[str] = field(default_factory=Counter)
    problems: list[FaultyRow] = field(default_factory=list)
    licences: dict[int, LicenceRow] = field(default_factory=dict)
    products: dict[str, tuple[Product, dict[str, Feature]]] = field(default_factory=dict)
    seen: set[tuple[Any, ...]] = field(default_factory=set)
    bound: Counter[int] = field(default_factory=Counter)
    name: str = ""

    @property
    def left(self) -> dict[str, int]:
        """How much of each kind is not brought: what is over, and what happened there."""
        brought = {kind: len(rows) for kind, rows in self.rows.items()}
        left = {kind: self.found[kind] - brought.get(kind, 0) for kind in KINDS}
        return {kind: number for kind, number in left.items() if number}

    def licence(self, row: OfLicence) -> LicenceRow:
        """The licence that a row is of; raise InvalidOperation if it is not in the export."""
        if row.licence not in self.licences:
            raise InvalidOperation(f"There is no licence {row.licence} here that is right.")
        return self.licences[row.licence]

    def product(self, code: str) -> tuple[Product, dict[str, Feature]]:
        """A product and its features; raise InvalidOperation if the catalogue lacks it."""
        if code not in self.products:
            found = catalogue.find_product(code)
            self.products[code] = found, {one.code: one for one in found.features.all()}
        return self.products[code]

    def once(self, *what: Any, twice: str) -> None:
        """Raise InvalidOperation for what stands there twice."""
        if what in self.seen:
            raise InvalidOperation(twice)
        self.seen.add(what)


def takes_account(reading: Reading, row: AccountRow) -> bool:
    """The account itself: there must be none of its name."""
    row.name = accounts.as_written(reading.name or row.name)
    accounts.require_new(row.name)
    account = filled_in(Account(), row)
    account.clean_fields()
    account.validate_constraints()
    return True


def filled_in(account: Account, row: AccountRow) -> Account:
    """An account that is not there yet, with what a row tells of it."""
    for name, value in msgspec.structs.asdict(row).items():
        setattr(account, name, value)
    return account


def takes_licence(reading: Reading, row: LicenceRow) -> bool:
    """A licence, closed ones too: they are told apart by their state."""
    reading.once("licence", row.id, twice=f"Licence {row.id} is in the export twice.")
    reading.product(row.product)
    if not row.name.strip() or len(row.name) > LONGEST_NAME:
        raise InvalidOperation(f"A licence's name has 1 to {LONGEST_NAME} characters.")
    if row.grace_period <= 0 or (row.reclaim_after is not None and row.reclaim_after <= 0):
        raise InvalidOperation("Grace period and reclaim time are longer than nothing.")
    order = Order(account_name="it", name=row.name, seats=row.seats)
    orders.require_sensible(order)
    orders.require_term(row.starts_on, row.ends_on)
    reading.licences[row.id] = row
    return True


def takes_feature(reading: Reading, row: FeatureRow) -> bool:
    """A feature that the catalogue has too."""
    licence = reading.licence(row)
    product, features = reading.product(licence.product)
    if row.feature not in features:
        raise InvalidOperation(f"{product} has no feature {row.feature} here.")
    reading.once("feature", row.licence, row.feature, twice=f"{row.feature} is included twice.")
    if row.seats is not None and row.seats < 1:
        raise InvalidOperation("A feature's limit is at least 1.")
    orders.require_limit_within(features[row.feature], row.seats, licence.seats)
    return True


def takes_key(reading: Reading, row: KeyRow) -> bool:
    """An active key, for which there will be a new one."""
    reading.licence(row)
    require_one_line(row.label)
    if len(row.label) > LONGEST_NAME:
        raise InvalidOperation(f"A key's label has {LONGEST_NAME} characters at most.")
    return row.state == KeyState.ACTIVE


def takes_device(reading: Reading, row: DeviceRow) -> bool:
    """A device that a seat is bound to."""
    licence = reading.licence(row)
    if row.unbound_at is not None:
        return False
    require_one_line(row.machine_name, row.username)
    if licence.usage_model == UsageModel.CONCURRENT:
        raise InvalidOperation(f"{licence.name} is a pool, to which no device is bound.")
    machine = as_compared(row.machine_name)
    twice = f"{row.machine_name} is bound to {licence.name} twice."
    reading.once("device", row.licence, machine, twice=twice)
    reading.bound[row.licence] += 1
    if reading.bound[row.licence] > licence.seats:
        raise InvalidOperation(f"{licence.name} has no seat left for {row.machine_name}.")
    return True


def takes_rule(reading: Reading, row: RuleRow) -> bool:
    """A rule that holds, or will."""
    if row.licence is not None:
        reading.licence(OfLicence(licence=row.licence))
    require_one_line(row.username, row.machine_name)
    wanted = NewRule(username=row.username, machine_name=row.machine_name)
    rules.require_names(wanted, even_everybody=True)
    if row.ends_at is not None and row.ends_at <= row.starts_at:
        return False
    return row.ends_at is None or row.ends_at > timezone.now()


def takes_person(reading: Reading, row: PersonRow) -> bool:
    """Somebody who is to be invited."""
    row.email = invitations.normalise(row.email)
    reading.once("person", row.email, twice=f"{row.email} is in the export twice.")
    return True


def takes_invitation(reading: Reading, row: InvitationRow) -> bool:
    """Somebody who was invited, and has not answered yet."""
    if row.accepted_at or row.cancelled_at:
        return False
    row.email = invitations.normalise(row.email)
    if ("person", row.email) in reading.seen:
        return False
    reading.seen.add(("person", row.email))
    return True


def takes_notes(reading: Reading, row: NotesRow) -> bool:
    """What the customer wrote about a licence."""
    reading.licence(row)
    reading.once("notes", row.licence, twice="A licence has notes once.")
    return True


def takes_tag(reading: Reading, row: TagRow) -> bool:
    """A tag of a licence."""
    reading.licence(row)
    require_one_line(row.name)
    if not row.name.strip():
        raise InvalidOperation("A tag has a name.")
    return True


CHECKS: dict[str, Callable[[Reading, Any], bool]] = {
    "account": takes_account,
    "licences": takes_licence,
    "features": takes_feature,
    "keys": takes_key,
    "devices": takes_device,
    "rules": takes_rule,
    "people": takes_person,
    "invitations": takes_invitation,
    "notes": takes_notes,
    "tags": takes_tag,
}
"""What a row of each kind has to be, and whether it is brought."""
