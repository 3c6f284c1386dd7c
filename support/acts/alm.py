"""The move of an account from ALM: its list taken in, and the end of its old codes dated."""

from __future__ import annotations

import csv
import datetime as dt
from typing import Any

from django import forms

from licensing import alm, alm_moves, catalogue
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.licences import Order
from licensing.models import Account, Product
from licensing.models.imports import Source
from support.acts.files import MOST_TOLD, FileForm, and_more, not_right
from support.acts.hand_over import hand_over
from support.acts.records import RecordAct, RecordForm
from support.acts.selling import features_in_words
from support.acts.taking_in import foretell, take_in
from support.acts.why import Usual, Why
from support.words import number_of, weekday

PAGE = "alm_move"
"""Where the move goes on, by the name of its address."""
NOTHING_OF_OURS = (
    "Nothing of ours stops by it: cloud licences and programs that use them go on. The codes are "
    "the customer's own licence manager's."
)


class AlmForm(FileForm):
    """The customer's list, and why."""

    most_bytes = 2 * 1024 * 1024
    none_as_long = "divide it into several lists; all of them are one move"
    lost = "The list was lost on the way: choose it again."

    file = forms.FileField(
        label="ALM list",
        error_messages={"required": "Choose the customer's list."},
        help_text="CSV UTF-8 with the columns " + ", ".join(alm.COLUMNS) + ". Split, which may be "
        "empty, is such as London:6;Leeds:4; peak, the most in use by ALM's log, may be left out. "
        "What it would make is told first.",
    )
    field_order = ["file", "reason"]


def plan(account: Account, content: bytes) -> alm.Plan:
    """What the list would make; raise InvalidOperation when it is no list."""
    try:
        return alm.plan(account.name, content)
    except csv.Error:
        raise InvalidOperation("The file is broken: its columns can't be told apart.") from None


def preview_import(account: Account, *, content: bytes) -> list[str]:
    """What the list would make; raise NotReady with every row that is not right."""
    planned = plan(account, content)
    lines, number = lines_of(planned), len(planned.orders)
    if planned.problems:
        right = [f"Right: {line}" for line in lines] + and_more(number, "licences that are right")
        raise not_right("row", planned.problems, right, mend="the list")
    background = foretell(account, alm.rows_of(planned))
    seats = planned.seats
    existing = number_of(account.licences.count(), "licence")
    return [
        f"{number_of(number, 'licence')} with {number_of(seats, 'seat')} in all would be "
        f"issued to {account}, which has {existing} now:",
        *lines,
        *and_more(number, "licences"),
        *background,
        hand_over(account),
        "A seat is taken when the program opens, not when a project opens, so peaks may rise.",
    ]


def lines_of(planned: alm.Plan) -> list[str]:
    """The licences that would be made, as many as a page tells."""
    products = catalogue.products()
    told = zip(planned.orders[:MOST_TOLD], planned.stock[:MOST_TOLD], strict=True)
    return [sentence(order, stock, products[order.product]) for order, stock in told]


def sentence(order: Order, stock: alm.Stock, product: Product) -> str:
    """A licence that would be made, and beside its seats the peak by ALM's log."""
    seats, features = number_of(order.seats, "seat"), features_in_words(order, product)
    return f"{order.name}: {seats} of {product}, {features}{peak_of(stock)}"


def peak_of(stock: alm.Stock) -> str:
    """The peak, of how many licences; "" where the list has none."""
    if stock.peak is None:
        return ""
    where = f" of {stock.server}" if stock.server else ""
    return f"; peak by ALM's log: {stock.peak:,} of the {stock.seats:,}{where}"


def import_list(account: Account, *, by: Actor, reason: str, content: bytes) -> str:
    """Issue all that the list stands for, or begin to; return what to tell."""
    planned = plan(account, content)
    rows, counts = alm.rows_of(planned), alm.counts_of(planned)
    return take_in(account, Source.ALM, rows, counts, by=by, reason=reason)


class EndForm(RecordForm):
    """The last day of the old codes, and why."""

    on = forms.DateField(
        label="Last day of the old codes",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="On the day after, programs find no licence in ALM. In the account's time zone.",
    )
    field_order = ["on", "reason"]


def as_dated(account: Account) -> dict[str, Any]:
    """The day that was told, to be moved."""
    return {"on": account.alm_codes_end_on}


def preview_end(account: Account, *, on: dt.date) -> list[str]:
    """What the customer is told, who would be left behind, and that nothing of ours stops."""
    alm_moves.require_to_come(account, on)
    before = account.alm_codes_end_on
    moved = f", no longer {weekday(before)}" if before and before != on else ""
    return [
        f"Owners and managers are told by mail, and on Home, that their ALM codes stop after "
        f"{weekday(on)}{moved}.",
        *not_started(account),
        *(needs_version(behind) for behind in alm_moves.behind(account)),
        NOTHING_OF_OURS,
    ]


def not_started(account: Account) -> list[str]:
    """The licences of the move with which no program has started."""
    begun = alm_moves.started(account)
    unused = [one.name for one in alm_moves.licences_of(account) if one.pk not in begun]
    if not unused:
        return []
    return [f"No program has started yet with {number_of(len(unused), 'licence')} of the move."]


def needs_version(behind: alm_moves.Behind) -> str:
    """Which version machines need, and how many don't have it."""
    number = len(behind.machines)
    left = "1 doesn't have it" if number == 1 else f"{number:,} don't have it"
    return (
        f"These machines need version {behind.product.minimum_version} or later of "
        f"{behind.product}: {left}."
    )


def date_end(account: Account, *, by: Actor, reason: str, on: dt.date) -> str:
    """Date the end; return what to tell."""
    alm_moves.date_end(account, on=on, by=by, reason=reason)
    return f"The ALM codes of {account} stop after {weekday(on)}. Nothing of ours stops by it."


def preview_take_back(account: Account) -> list[str]:
    """That the customer is told, and that nothing has happened."""
    return [
        f"Owners and managers are told that their ALM codes don't stop after "
        f"{weekday(account.alm_codes_end_on)}.",
        NOTHING_OF_OURS,
    ]


def take_back(account: Account, *, by: Actor, reason: str) -> str:
    """Take it back; return what to tell."""
    alm_moves.take_end_back(account, by=by, reason=reason)
    return f"No end of the ALM codes of {account} is dated any more."


IMPORT = RecordAct(
    name="import-alm",
    label="Import an ALM list",
    effects="Every row becomes one concurrent licence, or one for each part of its split. Nothing "
    "is made of a list in which a row is not right.",
    run=import_list,
    reasons=(Usual(Why.ROUTINE, "The move from ALM to the cloud."),),
    in_rows=True,
    at_hand=True,
    form=AlmForm,
    preview=preview_import,
    goes_on_at=PAGE,
)
DATE_END = RecordAct(
    name="date-alm-end",
    label="Date the end of the old codes",
    effects="The customer is told when their ALM codes stop. It can be moved, and taken back.",
    run=date_end,
    form=EndForm,
    goes_on_at=PAGE,
    initial=as_dated,
    preview=preview_end,
    why_not=alm_moves.why_not_date,
    reasons=(Usual(Why.ROUTINE, "The move from ALM to the cloud."), Usual(Why.ASKED)),
)
TAKE_END_BACK = RecordAct(
    name="take-alm-end-back",
    label="Take the end back",
    effects="No end of the old codes is dated any more.",
    run=take_back,
    goes_on_at=PAGE,
    preview=preview_take_back,
    why_not=alm_moves.why_not_take_back,
    reasons=(
        Usual(Why.ASKED, "They need more time."),
        Usual(Why.ROUTINE, "The day was told by mistake."),
    ),
)
OF_MOVE = (DATE_END, TAKE_END_BACK)
"""What is the last step of the move."""
