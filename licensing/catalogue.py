"""The catalogue: what the vendor sells, and how an order names it.

It belongs to no account, so the log tells of changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import structlog

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.limits import MOST_SEATS
from licensing.models import Feature, Product
from licensing.numbers import number_in

logger = structlog.get_logger(__name__)


def put(item: Product | Feature, *, by: audit.Actor) -> None:
    """Offer something new, or change its name or minimum version.

    Codes stay: programs and policies ask by them. Nothing is taken away, for licences have it.
    """
    item.save()
    logger.info("catalogue_changed", kind=item._meta.model_name, code=item.code, by=by.name)


def find_product(code: str) -> Product:
    """The product with this code; raise InvalidOperation that lists those there are."""
    product = Product.objects.filter(code=code).first()
    if product is None:
        known = ", ".join(Product.objects.values_list("code", flat=True))
        raise InvalidOperation(f"There is no product {code!r}. There is: {known}.")
    return product


def find_features(product: Product, wanted: Sequence[str]) -> dict[Feature, int | None]:
    """The product's features that ``wanted`` names, each with its own limit or None.

    ``4d:3`` means that three people at once may use 4D. Raise InvalidOperation for
    an unknown feature, one that is named twice or an impossible limit.
    """
    told = [code_and_limit(text) for text in wanted]
    limits = dict(told)
    if twice := [code for code, count in Counter(code for code, _ in told).items() if count > 1]:
        raise InvalidOperation(f"Name each feature once: {', '.join(twice)}.")
    features = {
        feature: limits[feature.code] for feature in product.features.filter(code__in=limits)
    }
    if missing := sorted(set(limits) - {feature.code for feature in features}):
        known = ", ".join(product.features.values_list("code", flat=True))
        raise InvalidOperation(
            f"{product} has no feature {', '.join(missing)}. It has: {known or 'none'}."
        )
    return features


def code_and_limit(text: str) -> tuple[str, int | None]:
    """``4d:3`` as ("4d", 3), ``bim`` as ("bim", None)."""
    code, colon, limit = text.partition(":")
    if not colon:
        return code, None
    seats = number_in(limit)
    if seats is None or not 1 <= seats <= MOST_SEATS:
        raise InvalidOperation(f"{text!r} limits a feature to no sensible number; write 4d:3.")
    return code, seats
