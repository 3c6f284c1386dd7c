"""Moving a customer's licences and machines from Keygen.

A floating licence becomes a concurrent one, a node-locked one a single-user licence to whose seats
its machines are bound. The entry of each in the audit record keeps Keygen's id, so that what was
brought is not brought again. Keygen's keys open nothing here: each licence gets a new one.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils import timezone

from licensing import catalogue, limits, orders
from licensing.alm import Problem
from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.keygen_files import KeygenFile, KeygenRow, read
from licensing.licences import LONGEST_NAME, Order
from licensing.models import Account, AuditEntry, Device, Licence
from licensing.models.licences import UsageModel
from licensing.names import customer_name, require_one_line
from licensing.numbers import as_plain, number_in
from licensing.orders import Known

TELLING = {"name", "expiry", "suspended", "floating", "maxmachines"}
"""What a licence is read from: one that has none of them is something else."""
YES, NO = ("true", "yes", "1"), ("false", "no", "0", "")


@dataclass(frozen=True, slots=True)
class NewLicence:
    """A licence as it would be made: Keygen's id, the order, and whether it is suspended."""

    row: int
    id: str
    order: Order
    is_suspended: bool

    def __str__(self) -> str:
        order = self.order
        term = f"last day {order.ends_on}" if order.ends_on else "without end"
        suspended = ", suspended" if self.is_suspended else ""
        seats = f"{order.seats:,} seat{'s' if order.seats > 1 else ''}"
        return f"{order.name}: {order.usage_model}, {seats}, {term}{suspended}"


@dataclass(frozen=True, slots=True)
class NewDevice:
    """A machine that would be bound to a seat of the licence with this id of Keygen's."""

    row: int
    licence: str
    machine_name: str


@dataclass(slots=True)
class Plan:
    """What an import would make, what is left out, and what keeps it from being made."""

    licences: list[NewLicence] = field(default_factory=list)
    devices: list[NewDevice] = field(default_factory=list)
    left: list[Problem] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    there_already: int = 0


@dataclass
class Reading:
    """What is known while rows are looked at."""

    account: Account
    product: str
    known: Known
    brought: Mapping[str, Licence]
    bound: dict[str, set[str]]
    repeated: set[str]
    plan: Plan = field(default_factory=Plan)
    ids: dict[str, NewLicence | None] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)


def plan(account: Account, product: str, *contents: bytes) -> Plan:
    """What Keygen's files would make for the account, of this product; nothing is changed.

    Raise InvalidOperation for files that are none of Keygen's, or of several of its products.
    """
    found = read(*contents)
    require_one_product(found)
    known, brought = Known(account.name), brought_to(account)
    code = catalogue.find_product(product, known.products).code
    reading = Reading(account, code, known, brought, bound_to(brought), repeated(found))
    for take, rows in ((take_licence, found.licences), (take_machine, found.machines)):
        for row in rows:
            try:
                take(reading, row)
            except InvalidOperation as problem:
                kind = "Licence" if take is take_licence else "Machine"
                words = f"{kind} {row.text('name', 'hostname', 'id') or '?'}: {problem}"
                reading.plan.problems.append(Problem(row.number, words))
    return reading.plan


def require_one_product(found: KeygenFile) -> None:
    """Raise InvalidOperation where licences are of several of Keygen's products."""
    products = {row.text("product") for row in found.licences} - {""}
    if len(products) > 1:
        raise InvalidOperation(
            f"The licences are of {len(products)} products: {', '.join(sorted(products))}. Export "
            "and import each product's by themselves."
        )


def brought_to(account: Account) -> dict[str, Licence]:
    """The account's licences that were brought from Keygen, by its ids."""
    issued = AuditEntry.objects.filter(
        account=account, action="licence_issued", details__has_key="keygen"
    )
    ids = dict(issued.values_list("object_id", "details__keygen"))
    return {ids[str(one.pk)]: one for one in account.licences.filter(pk__in=ids)}


def bound_to(brought: Mapping[str, Licence]) -> dict[str, set[str]]:
    """By Keygen's id, the machines that are bound to licences that were brought."""
    machines: dict[int, set[str]] = defaultdict(set)
    bound = Device.objects.bound().filter(licence__in=brought.values())
    for licence, machine in bound.values_list("licence", "machine"):
        machines[licence].add(machine)
    return {number: machines[licence.pk] for number, licence in brought.items()}


def repeated(found: KeygenFile) -> set[str]:
    """The names, as compared, that several licences have."""
    names = [customer_name(row.text("name")) for row in found.licences]
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]


def take_licence(reading: Reading, row: KeygenRow) -> None:
    """Add a licence to the plan, or why it is left out; raise InvalidOperation if it can't be."""
    if not (number := row.text("id")):
        raise InvalidOperation("It has no id.")
    if not row.values.keys() & TELLING:
        raise InvalidOperation(
            "It has none of the attributes of a licence: name, expiry, suspended, floating, "
            "maxMachines."
        )
    if number in reading.ids:
        raise InvalidOperation("It is in the files twice.")
    reading.ids[number] = None
    if number in reading.brought:
        reading.plan.there_already += 1
        return
    order = order_of(reading, row)
    if order.ends_on and order.ends_on < reading.account.local(timezone.now()).date():
        left = Problem(row.number, f"Licence {order.name} ended on {order.ends_on}: not brought.")
        reading.plan.left.append(left)
        return
    orders.require_meant(order, reading.known)
    if customer_name(order.name) in reading.names:
        raise InvalidOperation(f"{order.name} is the name of another licence in the files.")
    reading.names.add(customer_name(order.name))
    reading.ids[number] = NewLicence(row.number, number, order, flag(row, "suspended"))
    reading.plan.licences.append(reading.ids[number])  # type: ignore[arg-type]


def order_of(reading: Reading, row: KeygenRow) -> Order:
    """A licence as an order has it; raise InvalidOperation for what cannot be read."""
    is_floating = flag(row, "floating")
    return Order(
        account_name=reading.account.name,
        product=reading.product,
        usage_model=UsageModel.CONCURRENT if is_floating else UsageModel.SINGLE_USER,
        name=name_of(reading, row),
        seats=seats_of(row, is_floating=is_floating),
        ends_on=last_day(reading.account, row.text("expiry")),
    )


def name_of(reading: Reading, row: KeygenRow) -> str:
    """Its name, with the beginning of its id where it has none of its own."""
    name = row.text("name")
    require_one_line(name)
    if not name or customer_name(name) in reading.repeated:
        name = f"{name[: LONGEST_NAME - 16] or 'Keygen'} {row.text('id')[:8]}"
    if len(name) > LONGEST_NAME:
        raise InvalidOperation(f"Its name has more than {LONGEST_NAME} characters.")
    return name


def seats_of(row: KeygenRow, *, is_floating: bool) -> int:
    """As many as machines may use it; one where a node-locked licence does not say."""
    text = row.text("maxmachines")
    if not text and not is_floating:
        return 1
    number = number_in(as_plain(text))
    if number is None:
        raise InvalidOperation(
            f"{text!r} is no number of machines (maxMachines). Without a limit there is no licence "
            "here: write how many may use it."
        )
    limits.require_seats(number)
    return number


def flag(row: KeygenRow, name: str) -> bool:
    """Yes or no; raise InvalidOperation for what is neither."""
    text = row.text(name).casefold()
    if text not in (*YES, *NO):
        raise InvalidOperation(f"{name} is {text!r}, and not true or false.")
    return text in YES


def last_day(account: Account, text: str) -> dt.date | None:
    """The day on which it ends, by the account's clocks; None without end."""
    if not text:
        return None
    try:
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise InvalidOperation(f"{text!r} is no date (expiry).") from None
    return account.local(moment).date() if moment.tzinfo else moment.date()


def take_machine(reading: Reading, row: KeygenRow) -> None:
    """Add a device to the plan, or why none is bound; raise InvalidOperation if it can't be."""
    number, machine = row.text("license"), row.text("hostname", "name")
    if number not in reading.ids:
        raise InvalidOperation(f"There is no licence {number or 'named'} in the files.")
    new, old = reading.ids[number], reading.brought.get(number)
    if why := why_not_bound(reading, new, old, machine):
        reading.plan.left.append(Problem(row.number, f"Machine {row.text('fingerprint')}: {why}."))
        return
    require_machine(machine)
    there = reading.bound.setdefault(number, set())
    seats = new.order.seats if new else old.seats if old else 0
    if as_compared(machine) in there:
        reading.plan.there_already += 1
        return
    if len(there) >= seats:
        raise InvalidOperation(f"Its licence has {seats} seats, and none is left for {machine}.")
    there.add(as_compared(machine))
    reading.plan.devices.append(NewDevice(row.number, number, machine))


def why_not_bound(
    reading: Reading, new: NewLicence | None, old: Licence | None, machine: str
) -> str:
    """Why no device is bound for a machine; empty where one is."""
    if new is None and old is None:
        return "its licence is not brought"
    model = new.order.usage_model if new else old.usage_model if old else ""
    if model == UsageModel.CONCURRENT:
        return "its licence is a pool, to which no machine is bound"
    if not machine:
        return "it has neither hostname nor name. It is bound when the program first starts on it"
    return ""


def require_machine(name: str) -> None:
    """Raise InvalidOperation for what is no machine's name."""
    require_one_line(name)
    if len(name) > 255:
        raise InvalidOperation("A machine's name has 255 characters at most.")
