"""Licence templates: what is sold often, by a name, and what an order begins with."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Sequence

from django.db.models import QuerySet
from django.utils.text import slugify

from licensing import audit, catalogue, limits, orders
from licensing.errors import InvalidOperation
from licensing.licences import OfflinePolicy
from licensing.models import LicenceTemplate

MOST_MONTHS = 600


def require_sensible(template: LicenceTemplate, features: Sequence[str]) -> None:
    """Raise InvalidOperation, with its part, for a template of which no licence could be sold.

    It has its features then, as orders write them.
    """
    limits.require_seats(template.seats)
    if template.months is not None and not 1 <= template.months <= MOST_MONTHS:
        raise InvalidOperation(f"A term has 1 to {MOST_MONTHS} months.", part="months")
    found = catalogue.find_features(template.product, features)
    catalogue.require_on_sale(template.product, found)
    for feature, limit in found.items():
        orders.require_limit_within(feature, limit, template.seats)
    template.features = [
        feature.code if limit is None else f"{feature.code}:{limit}"
        for feature, limit in found.items()
    ]
    catalogue.require_name(template)


def require_new(template: LicenceTemplate, features: Sequence[str]) -> None:
    """Raise InvalidOperation also where its name or code is another's.

    Its code is its name's then, unless it has one.
    """
    require_sensible(template, features)
    template.code = template.code or slugify(template.name)[:50].strip("-")
    catalogue.require_new(template)


def add(template: LicenceTemplate, features: Sequence[str], *, by: audit.Actor) -> None:
    """Keep a new one; raise what ``require_new`` does."""
    require_new(template, features)
    catalogue.save(template, by=by)


def change(template: LicenceTemplate, features: Sequence[str], *, by: audit.Actor) -> None:
    """Keep what was changed of it; licences that were sold by it stay as they are."""
    require_sensible(template, features)
    catalogue.save(template, by=by)


def on_sale() -> QuerySet[LicenceTemplate]:
    """Those of which a licence can be sold: neither they nor their products were withdrawn."""
    found = LicenceTemplate.objects.on_sale().filter(product__withdrawn_at=None)
    return found.select_related("product")


def find(text: str) -> LicenceTemplate:
    """The template on sale of this code or name; raise InvalidOperation that lists those there
    are, also for one of a product that was withdrawn."""
    known: dict[str, LicenceTemplate] = {template.code: template for template in on_sale()}
    found = catalogue.named(text, known)
    if found is None:
        raise InvalidOperation(
            f"There is no template {text!r} on sale.{catalogue.meant(text, known)} "
            f"There is: {', '.join(known) or 'none'}.",
            part="template",
        )
    return found


def policy_of(template: LicenceTemplate) -> OfflinePolicy:
    """The offline policy of what is sold by it."""
    return OfflinePolicy(template.grace_period, template.reclaim_after)


def last_day(first: dt.date, months: int | None) -> dt.date | None:
    """The last day of a term of so many months that begins on ``first``; None: it has no end.

    A year from 30 November ends on 29 November; a month from 31 January with February.
    """
    if months is None:
        return None
    year, month = divmod(first.year * 12 + first.month - 1 + months, 12)
    longest = calendar.monthrange(year, month + 1)[1]
    if first.day > longest:
        return dt.date(year, month + 1, longest)
    return dt.date(year, month + 1, first.day) - dt.timedelta(days=1)
