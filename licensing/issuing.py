"""Licences made of orders, each with its seats, features and keys; a thousand take few statements
more than one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django.db import transaction

from licensing import accounts, audit, catalogue, included, keys, limits, orders
from licensing.models import Account, Feature, Licence, LicenceFeature, Product, ProductKey

if TYPE_CHECKING:
    from licensing.licences import Order

type Features = dict[Feature, int | None]


@transaction.atomic
def create_all(
    wanted: Sequence[Order], *, by: audit.Actor, reason: str = "", **noted: str
) -> list[tuple[ProductKey, str]]:
    """The first key of each order's licence, and its plain product key, in the orders' sequence.

    All are of one account. What is ``noted`` stands in the audit record beside each.
    """
    account, products = accounts.named(wanted[0].account_name, by=by), catalogue.products()
    rows = [row_of(order, account, products) for order in wanted]
    licences = Licence.objects.bulk_create(rows, batch_size=limits.MOST_ROWS)
    features = include_all(licences, wanted)
    limits.add_seats_to((licence, licence.seats) for licence in licences)
    limits.note_all((licence, None) for licence in licences)
    changes = [
        (licence, told_of(licence, theirs) | noted)
        for licence, theirs in zip(licences, features, strict=True)
    ]
    audit.record_all(changes, "licence_issued", by=by, reason=reason)
    return keys_of(licences, wanted, by=by, reason=reason)


def row_of(order: Order, account: Account, products: Mapping[str, Product]) -> Licence:
    """The row of an order's licence; raise InvalidOperation for what it can't be."""
    orders.require_sensible(order)
    product = catalogue.find_product(order.product, products)
    return Licence(
        account=account,
        product=product,
        name=order.name or product.name,
        usage_model=order.usage_model,
        seats=order.seats,
        starts_on=order.starts_on,
        ends_on=order.ends_on,
        grace_period=order.offline_policy.grace_period,
        reclaim_after=order.offline_policy.reclaim_after,
    )


def include_all(licences: Sequence[Licence], wanted: Sequence[Order]) -> list[Features]:
    """Include in each licence what its order names; return that, with their own limits."""
    found = [
        catalogue.find_features(licence.product, order.features)
        for licence, order in zip(licences, wanted, strict=True)
    ]
    included.include_all(
        LicenceFeature(licence=licence, feature=feature, seats=limit)
        for licence, features in zip(licences, found, strict=True)
        for feature, limit in features.items()
    )
    return found


def told_of(licence: Licence, features: Features) -> dict[str, Any]:
    """What the audit record tells of a new licence."""
    return {
        "seats": licence.seats,
        "usage_model": str(licence.usage_model),
        "features": {feature.code: limit for feature, limit in features.items()},
    }


def keys_of(
    licences: Sequence[Licence], wanted: Sequence[Order], *, by: audit.Actor, reason: str
) -> list[tuple[ProductKey, str]]:
    """A key for each label of an order; return the first of each."""
    labelled = [
        (licence, label)
        for licence, order in zip(licences, wanted, strict=True)
        for label in order.keys
    ]
    first: dict[int, tuple[ProductKey, str]] = {}
    for key, plain in keys.issue_all(labelled, by=by, reason=reason):
        first.setdefault(key.licence_id, (key, plain))
    return [first[licence.pk] for licence in licences]
