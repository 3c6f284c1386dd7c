"""Selling an account a licence: what the act asks, foretells and calls."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms

from licensing import catalogue, licences, orders
from licensing.audit import Actor
from licensing.licences import OfflinePolicy, Order
from licensing.models import Account, Licence, Product
from licensing.models.licences import UsageModel
from licensing.names import one_line
from portal.licences.policies import in_words
from support.acts.fields import limit_field
from support.acts.hand_over import hand_over
from support.acts.orders import OrderForm, by_order
from support.acts.records import RecordAct
from support.acts.templates import (
    BEGINNING,
    SoldForm,
    features_field,
    model_field,
    policy_field,
    product_field,
)
from support.acts.term import first_day, last_day
from support.acts.why import Usual, Why
from support.words import day, number_of

MOST_KEYS = 50


class SellingForm(SoldForm, OrderForm):
    """Which licence, with what, for how long, with which keys, and why."""

    product = product_field()
    name = forms.CharField(
        required=False,
        max_length=100,
        validators=[one_line],
        help_text="What the customer calls it, such as London planners. Empty: as the product.",
    )
    usage_model = model_field()
    seats = limit_field()
    features = features_field()
    starts_on = first_day()
    ends_on = last_day()
    policy = policy_field()
    keys = forms.CharField(
        required=False,
        label="Keys",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A line for each, with its label, such as London office. Empty: one key.",
    )
    field_order = ["product", "name", "usage_model", "seats", "features", "starts_on", "ends_on",
                   "policy", "keys", "order_reference", "reason"]  # fmt: skip

    def clean_keys(self) -> list[str]:
        """Their labels; one without any where none is given."""
        labels = [line.strip() for line in self.cleaned_data["keys"].splitlines() if line.strip()]
        for label in labels:
            one_line(label)
            if len(label) > 100:
                raise forms.ValidationError("A label has 100 characters at most.")
        if len(labels) > MOST_KEYS:
            raise forms.ValidationError(f"{MOST_KEYS} keys at most: add others later.")
        return labels or [""]


def order_of(account: Account, *, product: Product, usage_model: str, **asked: Any) -> Order:
    """What the form orders."""
    model = UsageModel(usage_model)
    return Order(account_name=account.name, product=product.code, usage_model=model, **asked)


def preview(account: Account, **asked: Any) -> list[str]:
    """What the customer gets; raise InvalidOperation when it cannot be."""
    order = order_of(account, **asked)
    orders.require_meant(order)
    orders.require_on_sale(order)
    kind = order.usage_model.label.lower()
    features = features_in_words(order)
    return [
        f"{order.name or asked['product'].name} becomes a {kind} licence of {account}: "
        f"{number_of(order.seats, 'seat')} of {asked['product']}, {features}.",
        term_in_words(order.starts_on, order.ends_on),
        f"Offline: {policy_of(order)}",
        f"It has {number_of(len(order.keys), 'key')}{labels_of(order)}. {hand_over(account)}",
    ]


def features_in_words(order: Order, product: Product | None = None) -> str:
    """``BIM, 4D for 3 people at once``: by their names, however they were typed."""
    product = product or catalogue.find_product(order.product)
    features = catalogue.find_features(product, order.features).items()
    told = [f"{one} for {number_of(limit, 'person', 'people')} at once" if limit else str(one)
            for one, limit in features]  # fmt: skip
    return ", ".join(told) or "no features"


def term_in_words(starts_on: dt.date | None, ends_on: dt.date | None) -> str:
    """From when to when people can start the program."""
    starts = f"from {day(starts_on)}" if starts_on else "from now"
    return f"People can start the program {starts} " + (
        f"to {day(ends_on)}, that day included." if ends_on else "on, without end."
    )


def policy_of(order: Order) -> str:
    """The policy of an order, in words."""
    assert isinstance(order.policy, OfflinePolicy)
    return in_words(order.policy, is_concurrent=order.usage_model == UsageModel.CONCURRENT)


def labels_of(order: Order) -> str:
    """``, for London office and Leeds``."""
    return f", for {' and '.join(order.keys)}" if any(order.keys) else ""


def sell(account: Account, *, by: Actor, reason: str, **asked: Any) -> str:
    """Issue the licence; return what to tell."""
    order = order_of(account, **asked)
    orders.require_on_sale(order)
    key, _ = licences.issue(order, by=by, reason=reason)
    numbers = ", ".join(map(str, key.licence.keys.order_by("pk")))
    return f"{key.licence} is a licence of {account}, serial number {numbers}. {hand_over(account)}"


def last_sold(account: Account) -> Licence:
    """The licence that was sold just now."""
    licence = account.licences.order_by("pk").last()
    assert licence
    return licence


SELL = by_order(
    RecordAct(
        name="sell",
        label="Sell a licence",
        effects="The customer has it at once, and sees it in the portal.",
        run=sell,
        form=SellingForm,
        reasons=(
            Usual(Why.ORDER, "The customer's order."),
            Usual(Why.ORDER, "A trial until the order is here."),
        ),
        in_rows=True,
        beginning=BEGINNING,
        leads_to=last_sold,
        preview=preview,
    ),
    licence_of=last_sold,
)
