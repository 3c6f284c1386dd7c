"""The demo's catalogue: templates of what its vendor sells often."""

from __future__ import annotations

from licensing import templates
from licensing.licences import FRIENDLY, FRIENDLY_SINGLE_USER, STRICT, OfflinePolicy
from licensing.models import LicenceTemplate, Product
from licensing.models.catalogue import DEFAULT_PRODUCT
from licensing.models.licences import UsageModel
from support.demo.estate.people import SALES, actor_of

POOL, SINGLE = UsageModel.CONCURRENT, UsageModel.SINGLE_USER
TEMPLATES: tuple[
    tuple[str, str, UsageModel, int, tuple[str, ...], int | None, OfflinePolicy], ...
] = (
    ("Powerproject, concurrent, 1 year", DEFAULT_PRODUCT, POOL, 5, ("bim",), 12, FRIENDLY),
    ("Powerproject, single user, 3 years", DEFAULT_PRODUCT, SINGLE, 1, ("bim",), 36,
     FRIENDLY_SINGLE_USER),
    ("Powerproject 4D, concurrent, without end", "asta-powerproject-4d", POOL, 3, ("bim",), None,
     FRIENDLY),
    ("Contractors, 3 months", DEFAULT_PRODUCT, POOL, 2, (), 3, STRICT),
)  # fmt: skip


def make() -> None:
    """The templates that sales begin new licences with."""
    products = {product.code: product for product in Product.objects.all()}
    for name, product, model, seats, features, months, policy in TEMPLATES:
        template = LicenceTemplate(
            name=name,
            product=products[product],
            usage_model=model,
            seats=seats,
            months=months,
            grace_period=policy.grace_period,
            reclaim_after=policy.reclaim_after,
        )
        templates.add(template, features, by=actor_of(SALES))
