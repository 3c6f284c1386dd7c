"""Sales: by which orders the demo's licences that end soon were sold."""

from __future__ import annotations

from licensing.models import Licence
from licensing.models.licences import UsageModel
from support.acts.selling import SELL
from support.models import OrderReference

FIRST_ORDER = 10_432


def note_orders() -> None:
    """Each licence that has an end has the reference of the order that sold it."""
    ending = Licence.objects.exclude(ends_on=None).exclude(usage_model=UsageModel.LEASE)
    OrderReference.objects.bulk_create(
        OrderReference(licence=licence, reference=f"SO-{FIRST_ORDER + number}", act=SELL.name)
        for number, licence in enumerate(ending.order_by("pk"))
    )
