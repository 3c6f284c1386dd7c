"""What is known of what we sell: products, features and templates."""

from __future__ import annotations

from django.utils.text import capfirst

from licensing.models import Feature, LicenceTemplate, Product
from licensing.templates import policy_of
from portal.licences.policies import in_words
from support.acts.catalogue import licences_with, templates_with
from support.acts.templates import is_pool, sells
from support.console.fact import Fact, moment, said, to


def of_sold(item: Product | Feature) -> list[Fact]:
    """By what it is named, who has it, and whether it is sold."""
    own = [said("Code", item.code), said("Licences that have it", f"{licences_with(item):,}")]
    templates = said("Templates that name it", ", ".join(map(str, templates_with(item))))
    return [*own, templates, moment("Withdrawn", item.withdrawn_at)]


def of_product(product: Product) -> list[Fact]:
    """The same, with what it needs and has."""
    features = ", ".join(map(str, product.features.on_sale()))
    return [
        said("Minimum version", product.minimum_version),
        said("Features", features or "None"),
        *of_sold(product),
    ]


def of_feature(feature: Feature) -> list[Fact]:
    """The same, with its product."""
    return [to("Product", feature.product), *of_sold(feature)]


def of_template(template: LicenceTemplate) -> list[Fact]:
    """What is sold by it."""
    policy = in_words(policy_of(template), is_concurrent=is_pool(template))
    return [
        said("Code", template.code),
        to("Product", template.product),
        said("A new licence", capfirst(sells(template))),
        said("Offline policy", policy),
        moment("Withdrawn", template.withdrawn_at),
    ]
