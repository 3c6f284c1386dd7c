"""Moving a customer's Asta Licence Manager (ALM) to cloud licences.

The customer's list is a CSV file: a row per licence code with ``server``,
``product``, ``licences``, ``features`` (separated by semicolons or spaces) and
``split``, how the registry divided the licences up, such as
``London 6; Leeds 4``. Each part becomes a concurrent licence of its own. ``peak``, which
may be left out, is the most that were in use at once, by ALM's log.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import msgspec
from django.db import transaction

from licensing import accounts, audit, catalogue, import_acts, licences, limits, orders
from licensing.errors import InvalidOperation
from licensing.licences import Order
from licensing.models import Account, FromAlm, ImportRow, Licence, ProductKey
from licensing.models.imports import Source
from licensing.names import customer_name
from licensing.numbers import as_plain, number_in
from licensing.orders import Known

COLUMNS = ("server", "product", "licences", "features", "split", "peak")
REQUIRED = ("product", "licences")
MOST_ROWS = 10_000
MOST_SEATS_AT_ONCE = 500_000


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a row; ``row`` is as a spreadsheet counts them, 1 being the heading."""

    row: int
    words: str

    def __str__(self) -> str:
        return f"Row {self.row}: {self.words}"


@dataclass(frozen=True, slots=True)
class Stock:
    """What ALM has of a row: where, how many licences, and the most in use, if that is known."""

    row: int
    server: str
    seats: int
    peak: int | None


@dataclass(slots=True)
class Plan:
    """What an import would make, of what stock each, and what keeps it from being made."""

    orders: list[Order] = field(default_factory=list)
    stock: list[Stock] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def seats(self) -> int:
        """How many there would be in all."""
        return sum(order.seats for order in self.orders)


def plan(account_name: str, content: bytes) -> Plan:
    """What this ALM list would make for the account; nothing is changed.

    Raise InvalidOperation when the file is no such list at all.
    """
    planned, called = Plan(), set[tuple[str, str]]()
    read = list(rows(content))  # for a list that is too long nothing is looked up
    known = Known(account_name)
    for row, values in read:
        try:
            wanted, stock = orders_of(account_name, values, known), stock_of(row, values)
            planned.orders += told_apart(called, wanted)
            planned.stock += [stock] * len(wanted)
        except InvalidOperation as problem:
            planned.problems.append(Problem(row, str(problem)))
    if not planned.orders and not planned.problems:
        raise InvalidOperation("The list has no rows below its heading.")
    require_not_too_many(planned.seats)
    return planned


def require_not_too_many(seats: int) -> None:
    """Raise InvalidOperation for more seats than are made at once."""
    if seats > MOST_SEATS_AT_ONCE:
        raise InvalidOperation(
            f"The list has {seats:,} seats in all, and {MOST_SEATS_AT_ONCE:,} are made at once: "
            "divide it into several lists. All of them are one move."
        )


@transaction.atomic
def carry_out(planned: Plan, *, by: audit.Actor, reason: str) -> list[tuple[ProductKey, str]]:
    """Issue every licence of the plan; return the keys with their plain product keys.

    Raise InvalidOperation, and make nothing, when the plan has problems.
    """
    require_right(planned)
    account = accounts.named(planned.orders[0].account_name, by=by)
    counts = counts_of(planned)
    with import_acts.at_once(account, Source.ALM, counts, by=by, reason=reason):
        return issue(planned.orders, planned.stock, by=by, reason=reason)


def require_right(planned: Plan) -> None:
    """Raise InvalidOperation when the plan has problems."""
    if planned.problems:
        raise InvalidOperation(
            f"The list has {len(planned.problems)} rows that are not right: mend them first."
        )


def counts_of(planned: Plan) -> dict[str, int]:
    """How much it would make, as the record counts it."""
    return {"licences": len(planned.orders), "seats": planned.seats}


def rows_of(planned: Plan) -> list[ImportRow]:
    """What is to be made, to be taken in row by row; raise InvalidOperation as ``carry_out``."""
    require_right(planned)
    return [
        ImportRow(
            number=stock.row,
            name=order.name,
            seats=order.seats,
            asked=msgspec.to_builtins({"order": order, "stock": stock}),
        )
        for order, stock in zip(planned.orders, planned.stock, strict=True)
    ]


def make(
    account: Account, asked: Sequence[dict[str, Any]], *, by: audit.Actor, reason: str
) -> list[Licence]:
    """The licences of such rows."""
    wanted = [msgspec.convert(one["order"], Order) for one in asked]
    stock = [msgspec.convert(one["stock"], Stock) for one in asked]
    wanted = [replace(order, account_name=account.name) for order in wanted]
    return [key.licence for key, _ in issue(wanted, stock, by=by, reason=reason)]


def issue(
    wanted: Sequence[Order], stock: Sequence[Stock], *, by: audit.Actor, reason: str
) -> list[tuple[ProductKey, str]]:
    """Issue licences, each with what it was in ALM."""
    made = licences.issue_all(wanted, by=by, reason=reason)
    FromAlm.objects.bulk_create(
        (
            FromAlm(licence=key.licence, server=one.server, seats=one.seats, peak=one.peak)
            for (key, _), one in zip(made, stock, strict=True)
        ),
        batch_size=limits.MOST_ROWS,
    )
    return made


def rows(content: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Each row of the file that is not empty, with its number in a spreadsheet and named values."""
    lines = decode(content).splitlines()
    delimiter = ";" if lines and lines[0].count(";") > lines[0].count(",") else ","
    reader = csv.reader(lines, delimiter=delimiter)
    heading = [name.strip().casefold() for name in next(reader, [])]
    if missing := [name for name in REQUIRED if name not in heading]:
        raise InvalidOperation(
            f"The first row must name the columns {', '.join(COLUMNS)}; "
            f"{' and '.join(missing)} cannot be left out."
        )
    require_columns_apart(heading)
    filled = (
        (row, cells) for row, cells in enumerate(reader, start=2) if any(map(str.strip, cells))
    )
    for count, (row, cells) in enumerate(filled, start=1):
        if count > MOST_ROWS:
            raise InvalidOperation(
                f"The list has more than {MOST_ROWS:,} rows below its heading: divide it into "
                "several lists. All of them are one move."
            )
        values = dict.fromkeys(COLUMNS, "") | dict(zip(heading, cells, strict=False))
        yield row, {name: value.strip() for name, value in values.items()}


def require_columns_apart(heading: Sequence[str]) -> None:
    """Raise InvalidOperation for a heading that names a column twice."""
    if twice := [name for name, times in Counter(heading).items() if name and times > 1]:
        raise InvalidOperation(f"The first row names the column {twice[0]} twice: keep one.")


def decode(content: bytes, *, what: str = "CSV text file", save_as: str = "CSV UTF-8") -> str:
    """The text of the file; raise InvalidOperation for another encoding than UTF-8."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidOperation(f"The file is not UTF-8. Save it as '{save_as}'.") from None
    require_text(text, what)
    return text


def require_text(text: str, what: str) -> None:
    """Raise InvalidOperation for a NUL: it names the line, but in the first, which is no text."""
    if "\0" not in text:
        return
    line = len(text[: text.index("\0") + 1].splitlines())
    if line == 1:
        raise InvalidOperation(f"The file is not a {what}.")
    raise InvalidOperation(
        f"Line {line:,} of the file holds a NUL, a character that no text has: take it out."
    )


def told_apart(called: set[tuple[str, str]], wanted: list[Order]) -> list[Order]:
    """The orders of a row, which are ``called`` so from then on, each by product and name.

    Raise InvalidOperation where one is called as another of its product.
    """
    for order in wanted:
        same = order.product, customer_name(order.name)
        if same in called:
            raise InvalidOperation(
                f"{order.name} is the name of two licences of {order.product}. Name this one in "
                f"the column split: {order.name} 2: {order.seats}"
            )
        called.add(same)
    return wanted


def orders_of(account_name: str, values: dict[str, str], known: Known) -> list[Order]:
    """The orders that one row stands for; raise InvalidOperation that says what is wrong."""
    product = catalogue.find_product(values["product"], known.products)
    seats = whole_number(values["licences"])
    features = re.split(r"[;,\s]+", values["features"]) if values["features"] else []
    catalogue.find_features(product, features)
    called = values["server"] or " ".join([product.name, *features])
    parts = split(values["split"], seats) or [(called, seats)]

    planned = [
        Order(
            account_name=account_name,
            product=product.code,
            name=name[:100],
            seats=part,
            features=features,
        )
        for name, part in parts
    ]
    for order in planned:
        orders.require_meant(order, known)
    return planned


def stock_of(row: int, values: dict[str, str]) -> Stock:
    """What the row says of ALM itself; raise InvalidOperation for a peak that is no number."""
    return Stock(row, values["server"][:100], whole_number(values["licences"]), peak_of(values))


def peak_of(values: dict[str, str]) -> int | None:
    """The most that were in use at once; None if the row doesn't say."""
    if not values["peak"]:
        return None
    peak = number_in(as_plain(values["peak"]))
    if peak is None or not 0 <= peak <= limits.MOST_SEATS:
        raise InvalidOperation(
            f"The peak is {values['peak']!r}, and not a number such as 9, the most licences that "
            "were in use at once. Leave it empty where ALM's log has none."
        )
    return peak


def whole_number(text: str) -> int:
    """The number that the text says; raise InvalidOperation when it says none."""
    number = number_in(as_plain(text))
    if number is None:
        raise InvalidOperation(f"{text!r} is not a number of licences.")
    return number


def split(text: str, seats: int) -> list[tuple[str, int]]:
    """``London 6; Leeds 4`` as names with their seats; empty for no split.

    Raise InvalidOperation when a part cannot be read or the parts do not add up.
    """
    parts = []
    for part in filter(None, (part.strip() for part in text.split(";"))):
        match = re.fullmatch(r"(.+?)[\s:=]+(\d+)", part)
        if match is None:
            raise InvalidOperation(f"{part!r} is not a name and a number, such as 'London 6'.")
        parts.append((match[1], whole_number(match[2])))
    total = sum(number for _, number in parts)
    if parts and total != seats:
        raise InvalidOperation(f"The split adds up to {total}, not to {seats}.")
    return parts
