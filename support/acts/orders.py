"""By which order something of a licence is sold or changed: asked, kept, and told of a second time.

An order may do several things, and each licence's only once; who means it twice confirms that.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable
from typing import Any

from django import forms

from licensing.audit import Actor
from licensing.keys import no_product_key
from licensing.models import Licence, PlannedSeats
from licensing.names import one_line, plain_text
from support.acts.records import RecordAct, RecordForm
from support.models import OrderReference
from support.words import day

LONGEST_REFERENCE = 100


class OrderForm(RecordForm):
    """What a customer ordered; they read the order's reference after the reason."""

    order_reference = forms.CharField(
        required=False,
        max_length=LONGEST_REFERENCE,
        label="Order reference",
        validators=[one_line, plain_text, no_product_key],
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text="If there is an order. The customer reads it, and it finds the licence.",
    )

    def clean(self) -> dict[str, Any]:
        """What was asked; the reason tells the order."""
        asked = super().clean() or {}
        if reference := asked.get("order_reference"):
            asked["reason"] = f"{asked['reason']} Order {reference}.".strip()
        return asked


def earlier(licence: Licence, act: str, reference: str) -> OrderReference | None:
    """Where this order did the same to the licence before, the last time."""
    found = OrderReference.objects.filter(licence=licence, act=act, reference=reference)
    return found.last() if licence.pk else None


def told_twice(licence: Licence, act: RecordAct, reference: str) -> list[str]:
    """That the order did so before, which who confirms must mean."""
    before = earlier(licence, act.name, reference) if reference else None
    if before is None:
        return []
    when = day(licence.account.local(before.noted_at).date())
    return [
        f"Order {reference} was used for this on {when} ALREADY ({act.label}). "
        "Go on only if it is to be done a second time."
    ]


def itself(licence: Licence) -> Licence:
    """The record is the licence."""
    return licence


def planned_for(licence: Licence, on: dt.date | None) -> PlannedSeats | None:
    """What was planned for that day, if it was not done at once."""
    return licence.planned_seats.open().filter(on=on).first() if on else None


def by_order(act: RecordAct, licence_of: Callable[[Any], Licence] = itself) -> RecordAct:
    """The act, which also keeps by which order it was done; its form is an ``OrderForm``."""

    def preview(record: Any, *, order_reference: str = "", **asked: Any) -> list[str]:
        twice = told_twice(record, act, order_reference) if isinstance(record, Licence) else []
        return [*twice, *act.preview(record, **asked)]

    def run(record: Any, *, by: Actor, reason: str, order_reference: str = "", **asked: Any) -> str:
        words = act.run(record, by=by, reason=reason, **asked)
        if order_reference:
            licence = licence_of(record)
            planned = planned_for(licence, asked.get("on"))
            OrderReference.objects.create(
                licence=licence, reference=order_reference, act=act.name, planned=planned
            )
        return words

    return dataclasses.replace(act, preview=preview, run=run)
