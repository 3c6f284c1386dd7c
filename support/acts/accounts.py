"""What staff do to accounts: entering lease licences of before, and the other acts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import CharField, Max
from django.db.models.functions import Cast

from licensing import licences, orders
from licensing.audit import Actor
from licensing.licences import Order
from licensing.models import Account, ImportRow, Product
from licensing.names import one_line
from support.acts import alm, exporting, keygen, options
from support.acts.closing import CLOSE, KEEP
from support.acts.data_protection import ERASE
from support.acts.fields import CodesField, limit_field
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
    """What an import or an invitation adds to: a second submit of one page finds it changed.

    An import that is running counts once, as it began: others go on with what they see.
    """
    imported = ImportRow.objects.filter(whole__account=account, kind="licence").values("made")
    others = account.licences.alias(number=Cast("pk", CharField())).exclude(number__in=imported)
    last_import = account.imports.aggregate(last=Max("pk"))["last"]
    last = account.invitations.aggregate(last=Max("pk"))["last"]
    rules = account.access_rules.aggregate(last=Max("pk"))["last"]
    return (
        f"{account.name} {others.count()} {last_import} {last} {rules} {account.closes_at} "
        f"{account.alm_codes_end_on}"
    )


KIND = Kind(
    acts=(
        OPEN,
        SELL,
        INVITE,
        LEAVER,
        alm.IMPORT,
        alm.DATE_END,
        alm.TAKE_END_BACK,
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
