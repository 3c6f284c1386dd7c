"""The catalogue: what the vendor sells, kept up here."""

from __future__ import annotations

from django.contrib import admin

from licensing import catalogue
from licensing.models import Feature, Product
from support.admin.tables import KeptUpAdmin, RecordInline


class FeatureInline(RecordInline):
    """The features of a product."""

    model = Feature
    fields = ["name", "code"]


@admin.register(Product)
class ProductAdmin(KeptUpAdmin):
    """Products, with their minimum versions and features."""

    put = catalogue.put
    fixed = ("code",)
    list_display = ["name", "code", "minimum_version"]
    search_fields = ["name", "code"]
    fields = ["code", "name", "minimum_version"]
    inlines = [FeatureInline]


@admin.register(Feature)
class FeatureAdmin(KeptUpAdmin):
    """Features of all products."""

    put = catalogue.put
    fixed = ("product", "code")
    list_display = ["name", "code", "product"]
    list_select_related = ["product"]
    search_fields = ["name", "code", "product__name"]
    autocomplete_fields = ["product"]
    fields = ["product", "code", "name"]
