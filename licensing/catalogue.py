"""The catalogue: what the vendor sells, and how an order names it.

It belongs to no account, so the log tells of changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

import structlog

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.identity import as_compared
from licensing.limits import MOST_SEATS
from licensing.models import Feature, Product
from licensing.numbers import as_plain, number_in

logger = structlog.get_logger(__name__)


def put(item: Product | Feature, *, by: audit.Actor) -> None:
    """Offer something new, or change its name or minimum version.

    Codes stay: programs and policies ask by them. Nothing is taken away, for licences have it.
    """
    item.save()
    logger.info("catalogue_changed", kind=item._meta.model_name, code=item.code, by=by.name)


def find_product(code: str) -> Product:
    """The product with this code or name; raise InvalidOperation that lists those there are."""
    known = {product.code: product for product in Product.objects.all()}
    found = named(code, known)
    if found is None:
        raise InvalidOperation(
            f"There is no product {code!r}.{meant(code, known)} There is: {', '.join(known)}."
        )
    return found


def find_features(product: Product, wanted: Sequence[str]) -> dict[Feature, int | None]:
    """The product's features that ``wanted`` names, each with its own limit or None.

    ``4d:3`` means that three people at once may use 4D; capitals and blanks do not matter.
    Raise InvalidOperation for an unknown feature, one that is named twice or an impossible limit.
    """
    known = {feature.code: feature for feature in product.features.all()}
    told = [(named(code, known) or code, limit) for code, limit in map(code_and_limit, wanted)]
    if missing := sorted({code for code, _ in told if isinstance(code, str)}):
        hints = "".join(meant(code, known) for code in missing)
        raise InvalidOperation(
            f"{product} has no feature {', '.join(missing)}.{hints} "
            f"It has: {', '.join(known) or 'none'}.",
            part="features",
        )
    features = [(feature, limit) for feature, limit in told if isinstance(feature, Feature)]
    counted = Counter(feature.code for feature, _ in features)
    if twice := [code for code, count in counted.items() if count > 1]:
        raise InvalidOperation(f"Name each feature once: {', '.join(twice)}.", part="features")
    return dict(features)


def named[Item: (Product, Feature)](text: str, known: Mapping[str, Item]) -> Item | None:
    """What a person means by a code, or by the name: capitals, blanks and dashes do not matter."""
    if text in known:
        return known[text]
    found = [each for each in known.values() if spelled(text) in spellings(each)]
    return found[0] if len(found) == 1 else None


def spellings(item: Product | Feature) -> set[str]:
    """A code and a name without what does not matter."""
    return {spelled(item.code), spelled(item.name)}


def spelled(text: str) -> str:
    """A code without what does not matter in it."""
    return re.sub(r"[\s_-]+", "", as_compared(text))


def meant(text: str, known: Mapping[str, Product | Feature]) -> str:
    """`` Is bim meant?``: the code that comes nearest, or nothing."""
    near = get_close_matches(text.lower(), known, n=1)
    return f" Is {near[0]} meant?" if near else ""


def code_and_limit(text: str) -> tuple[str, int | None]:
    """``4d:3`` as ("4d", 3), ``bim`` as ("bim", None)."""
    code, colon, limit = text.partition(":")
    if not colon:
        return code.strip(), None
    seats = number_in(as_plain(limit))
    if seats is None or not 1 <= seats <= MOST_SEATS:
        raise InvalidOperation(
            f"{text!r} limits a feature to no sensible number; write 4d:3.", part="features"
        )
    return code.strip(), seats
