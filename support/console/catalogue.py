"""The page of what is sold: products with their features and minimum versions, and templates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from licensing.models import Feature, Licence, LicenceFeature, LicenceTemplate, Product
from licensing.models.licences import LicenceState, UsageModel
from support.acts.templates import policy_name
from support.console import offers, rows, shell, tables
from support.console.access import staff_only
from support.console.offers import Link, Person
from support.console.rows import Row


@dataclass(frozen=True)
class Sold:
    """A product or a feature as the page has it, and how many licences that go on have it."""

    row: Row
    licences: int
    state: str


@dataclass(frozen=True)
class SoldProduct(Sold):
    """A product with its features, and what may be done to it."""

    features: list[Sold]
    acts: list[Link]


@dataclass(frozen=True)
class SoldTemplate:
    """A template with its usage model and the name of its policy."""

    row: Row
    model: str
    policy: str
    state: str


@require_safe
@staff_only
def catalogue(request: HttpRequest) -> HttpResponse:
    """All that is sold, or was, with how many licences have it."""
    if not tables.of(Product).may_see(request.user):
        raise PermissionDenied
    user = request.user
    own = {
        "products": products(user),
        "templates": templates(user),
        "makers": offers.made_here(user, tables.CATALOGUE),
    }
    return shell.page(request, "support/catalogue.html", own)


def products(user: Person) -> list[SoldProduct]:
    """Each product with its features, in the order of their names."""
    counted, features = licences_of_products(), features_of_products(user)
    return [
        SoldProduct(
            row,
            counted.get(row.record.pk, 0),
            state_of(row.record),
            features.get(row.record.pk, []),
            row.acts,
        )
        for row in rows.rows_of(user, tables.of(Product).rows())
    ]


def features_of_products(user: Person) -> dict[int, list[Sold]]:
    """The features of each product, by its id."""
    counted = licences_of_features()
    found: dict[int, list[Sold]] = {}
    for row in rows.rows_of(user, tables.of(Feature).rows()):
        sold = Sold(row, counted.get(row.record.pk, 0), state_of(row.record))
        found.setdefault(row.record.product_id, []).append(sold)
    return found


def templates(user: Person) -> list[SoldTemplate]:
    """All templates, those that were withdrawn last."""
    found = rows.rows_of(user, tables.of(LicenceTemplate).rows())
    told = [SoldTemplate(row, *in_words(row.record), state_of(row.record)) for row in found]
    return sorted(told, key=lambda one: one.state == "withdrawn")


def in_words(template: LicenceTemplate) -> tuple[str, str]:
    """Its usage model and its offline policy."""
    return str(UsageModel(template.usage_model).label), policy_name(template)


def licences_of_products() -> dict[int, int]:
    """How many licences that go on each product has."""
    going_on = Licence.objects.order_by().exclude(state=LicenceState.CLOSED)
    return dict(going_on.values_list("product").annotate(Count("pk")))


def licences_of_features() -> dict[int, int]:
    """The same of each feature."""
    going_on = LicenceFeature.objects.exclude(licence__state=LicenceState.CLOSED)
    return dict(going_on.values_list("feature").annotate(Count("pk")))


def state_of(item: Any) -> str:
    """The state word."""
    return "withdrawn" if item.withdrawn_at else "active"
