"""The catalogue: what the vendor sells, and how an order names it.

It belongs to no account, so the log tells of changes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from difflib import get_close_matches
from typing import Any

import structlog
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from licensing import audit, versions
from licensing.clock import database_time
from licensing.errors import AlreadyDone, InvalidOperation
from licensing.identity import as_compared
from licensing.limits import MOST_SEATS
from licensing.models import Feature, LicenceTemplate, Product
from licensing.models.spelling import CustomerName
from licensing.names import customer_name, require_one_line, seen
from licensing.numbers import as_plain, number_in

type Item = Product | Feature | LicenceTemplate

LONGEST_VERSION = 20
LONGEST_NUMBER = 9
"""Digits: a day such as 20261201 may be one."""
NO_VERSION = "Write numbers with dots between them, such as 16.0.02."
logger = structlog.get_logger(__name__)


def put(item: Item, *, by: audit.Actor) -> None:
    """Keep something new, or what was changed of it.

    Codes stay: programs and policies ask by them. Nothing is taken away, for licences have it.
    """
    item.save()
    logger.info("catalogue_changed", kind=item._meta.model_name, code=item.code, by=by.name)


def add(item: Item, *, by: audit.Actor) -> None:
    """Offer something new; raise what ``require_new`` does."""
    require_new(item)
    save(item, by=by)


def require_new(item: Item) -> None:
    """Raise InvalidOperation where its name or code is none, or another's."""
    require_name(item)
    if not re.fullmatch(r"[-a-zA-Z0-9_]{1,50}", item.code):
        raise InvalidOperation("A code is letters, digits and - _ alone, 50 at most.", part="code")
    if of_its_kind(item).filter(code__iexact=item.code).exists():
        raise InvalidOperation(f"The code {item.code} is in use.", part="code")


def rename(item: Item, name: str, *, by: audit.Actor) -> None:
    """Call it something else, everywhere; its code stays. Raise what ``require_renamed`` does."""
    require_renamed(item, name)
    item.name = " ".join(name.split())
    save(item, by=by)


def require_renamed(item: Item, name: str) -> None:
    """Raise InvalidOperation for the name of another, and AlreadyDone for its own."""
    if " ".join(name.split()) == item.name:
        raise AlreadyDone(f"It is called {item} already.", part="name")
    renamed = copy(item)
    renamed.name = name
    require_name(renamed)


def require_version(text: str) -> None:
    """Raise InvalidOperation unless it is a version as a minimum is written."""
    if len(text) > LONGEST_VERSION or not re.fullmatch(versions.NUMBERS, text):
        raise InvalidOperation(NO_VERSION, part="minimum_version")
    if too_long := [one for one in text.split(".") if len(one) > LONGEST_NUMBER]:
        raise InvalidOperation(
            f"{too_long[0]} is no number of a version: it has more than {LONGEST_NUMBER} digits.",
            part="minimum_version",
        )


def set_minimum_version(product: Product, version: str, *, by: audit.Actor) -> None:
    """Refuse older versions when they next check out; who is in stays in."""
    require_version(version)
    if version == product.minimum_version:
        raise AlreadyDone(f"{product} needs {version} already.", part="minimum_version")
    product.minimum_version = version
    put(product, by=by)


def withdraw(item: Item, *, by: audit.Actor) -> None:
    """Offer it in new licences no more; those that have it keep it. Raise AlreadyDone."""
    if item.withdrawn_at:
        raise AlreadyDone(f"{item} is withdrawn already.")
    item.withdrawn_at = database_time()
    put(item, by=by)


def offer_again(item: Item, *, by: audit.Actor) -> None:
    """Offer what was withdrawn; raise AlreadyDone if it is on sale."""
    if not item.withdrawn_at:
        raise AlreadyDone(f"{item} is on sale already.")
    item.withdrawn_at = None
    put(item, by=by)


def require_name(item: Item) -> None:
    """Raise InvalidOperation for a name that is none, or another's, however that is written."""
    item.name = " ".join(item.name.split())
    if not seen(item.name):
        raise InvalidOperation("It needs a name.", part="name")
    require_one_line(item.name)
    alike = of_its_kind(item).alias(compared=CustomerName("name"))
    if other := alike.filter(compared=customer_name(item.name)).first():
        raise InvalidOperation(f"There is one called {other} already.", part="name")


def of_its_kind(item: Item) -> QuerySet[Any]:
    """Those among which it needs a name and a code of its own."""
    others = type(item)._default_manager.exclude(pk=item.pk)
    return others.filter(product=item.product) if isinstance(item, Feature) else others


def save(item: Item, *, by: audit.Actor) -> None:
    """Keep it; raise InvalidOperation when another took its name or code since that was looked
    for."""
    try:
        with transaction.atomic():
            put(item, by=by)
    except IntegrityError:
        raise InvalidOperation("Another has this name or code already.", part="name") from None


def require_on_sale(product: Product, features: Iterable[Feature] = ()) -> None:
    """Raise InvalidOperation for what new licences are not offered any more."""
    of_parts: list[tuple[Item, str]] = [(product, "product")]
    of_parts += [(feature, "features") for feature in features]
    for item, part in of_parts:
        if item.withdrawn_at:
            raise InvalidOperation(f"{item} was withdrawn from sale.", part=part)


def products() -> dict[str, Product]:
    """Every product by its code, with its features."""
    return {product.code: product for product in Product.objects.prefetch_related("features")}


def find_product(code: str, among: Mapping[str, Product] | None = None) -> Product:
    """The product with this code or name; raise InvalidOperation that lists those there are."""
    known = {one.code: one for one in Product.objects.all()} if among is None else among
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


def named[Item: (Product, Feature, LicenceTemplate)](
    text: str, known: Mapping[str, Item]
) -> Item | None:
    """What a person means by a code, or by the name: capitals, blanks and dashes do not matter."""
    if text in known:
        return known[text]
    found = [each for each in known.values() if spelled(text) in spellings(each)]
    return found[0] if len(found) == 1 else None


def spellings(item: Item) -> set[str]:
    """A code and a name without what does not matter."""
    return {spelled(item.code), spelled(item.name)}


def spelled(text: str) -> str:
    """A code without what does not matter in it."""
    return re.sub(r"[\s_-]+", "", as_compared(text))


def meant(text: str, known: Iterable[str]) -> str:
    """`` Is bim meant?``: the code that comes nearest, or nothing."""
    near = get_close_matches(text.lower(), list(known), n=1)
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


def codes_of(wanted: Iterable[str]) -> set[str]:
    """The codes of features, without their limits."""
    return {code_and_limit(text)[0] for text in wanted}
