"""What staff do to accounts: entering licences that customers had before, and the other acts."""

from __future__ import annotations

import csv
from typing import Any

from django import forms
from django.db.models import Max

from licensing import alm, catalogue, licences, orders
from licensing.audit import Actor
from licensing.errors import InvalidOperation
from licensing.licences import Order
from licensing.models import Account, Product
from licensing.names import one_line
from support.acts import exporting, keygen, options
from support.acts.closing import CLOSE, KEEP
from support.acts.data_protection import ERASE
from support.acts.fields import CodesField, limit_field
from support.acts.files import FileForm, not_right
from support.acts.hand_over import hand_over
from support.acts.inviting import INVITE
from support.acts.leaving import LEAVER
from support.acts.merging import MERGE
from support.acts.opening import OPEN
from support.acts.records import Kind, RecordAct, RecordForm
from support.acts.selling import SELL, features_in_words
from support.acts.term import last_day
from support.acts.why import Usual, Why
from support.words import last_day_of, number_of

IMPORT_ALM = "import-alm"


class AlmForm(FileForm):
    """The customer's list, and why."""

    none_as_long = "no ALM list is as long"
    lost = "The list was lost on the way: choose it again."

    file = forms.FileField(
        label="ALM list",
        error_messages={"required": "Choose the customer's list."},
        help_text="CSV UTF-8 with the columns " + ", ".join(alm.COLUMNS) + ". Split, which may be "
        "empty, is such as London:6;Leeds:4. What it would make is told first.",
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
    lines = [sentence(order) for order in planned.orders]
    if planned.problems:
        right = [f"Right: {line}" for line in lines]
        raise not_right("row", planned.problems, right, mend="the list")
    seats = sum(order.seats for order in planned.orders)
    existing = number_of(account.licences.count(), "licence")
    return [
        f"{number_of(len(lines), 'licence')} with {number_of(seats, 'seat')} in all would be "
        f"issued to {account}, which has {existing} now:",
        *lines,
        hand_over(account),
        "A seat is taken when the program opens, not when a project opens, so peaks may rise.",
    ]


def sentence(order: Order) -> str:
    """A licence that would be made."""
    product = catalogue.find_product(order.product)
    seats = number_of(order.seats, "seat")
    return f"{order.name}: {seats} of {product}, {features_in_words(order)}"


def import_list(account: Account, *, by: Actor, reason: str, content: bytes) -> str:
    """Issue all that the list stands for; return what to tell."""
    made = alm.carry_out(plan(account, content), by=by, reason=reason)
    return f"Issued {number_of(len(made), 'licence')} to {account}. {hand_over(account)}"


class LeaseForm(RecordForm):
    """Which lease licence the customer has, and why it is entered now."""

    product = forms.ModelChoiceField(Product.objects.all(), to_field_name="code")
    name = forms.CharField(
        required=False,
        max_length=100,
        validators=[one_line],
        help_text="What the customer calls it, such as London planners.",
    )
    seats = limit_field()
    features = CodesField(required=False, help_text="Their codes, such as bim, 4d.")
    ends_on = last_day()
    field_order = ["product", "name", "seats", "features", "ends_on", "reason"]


def lease_order(account: Account, *, product: Product, **asked: Any) -> Order:
    """What the form orders."""
    return Order(account_name=account.name, product=product.code, **asked)


def preview_lease(account: Account, **asked: Any) -> list[str]:
    """What would be entered, and how it works; raise InvalidOperation when it cannot be."""
    order = lease_order(account, **asked)
    orders.require_meant(order)
    features = features_in_words(order)
    return [
        f"{order.name or asked['product'].name} becomes a lease licence of {account}: "
        f"{number_of(order.seats, 'seat')}, {features}, {last_day_of(order.ends_on)}.",
        "It works as a single-user licence does: each seat is bound to one device.",
        hand_over(account),
    ]


def take_over_lease(account: Account, *, by: Actor, reason: str, **asked: Any) -> str:
    """Enter the lease licence; return what to tell."""
    key, _ = licences.take_over_lease(lease_order(account, **asked), by=by, reason=reason)
    return (
        f"{key.licence} is a lease licence of {account}, serial number {key}. {hand_over(account)}"
    )


def state_of(account: Account) -> str:
    """What an import or an invitation adds to: a second submit of one page finds it changed."""
    last = account.invitations.aggregate(last=Max("pk"))["last"]
    rules = account.access_rules.aggregate(last=Max("pk"))["last"]
    return f"{account.name} {account.licences.count()} {last} {rules} {account.closes_at}"


KIND = Kind(
    acts=(
        OPEN,
        SELL,
        INVITE,
        LEAVER,
        RecordAct(
            name=IMPORT_ALM,
            label="Import an ALM list",
            effects="Every row becomes one concurrent licence, or one for each part of its split: "
            "all of them or none.",
            run=import_list,
            reasons=(Usual(Why.ROUTINE, "The move from ALM to the cloud."),),
            in_rows=True,
            at_hand=True,
            form=AlmForm,
            preview=preview_import,
        ),
        options.IMPORT,
        keygen.IMPORT,
        exporting.EXPORT,
        exporting.READ_IN,
        RecordAct(
            name="take-over-lease",
            label="Enter a lease licence",
            effects="A lease licence that the customer bought when they were sold is honoured. "
            "Reactivating it makes it a single-user licence.",
            run=take_over_lease,
            form=LeaseForm,
            preview=preview_lease,
            reasons=(Usual(Why.ROUTINE, "A lease licence of before."),),
            leads_to=lambda account: account.licences.order_by("pk").last(),
        ),
        ERASE,
        MERGE,
        KEEP,
        CLOSE,
    ),
    describe=str,
    lock=lambda account: Account.objects.select_for_update(no_key=True).get(pk=account.pk),
    shown=state_of,
)
