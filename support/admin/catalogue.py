"""The catalogue: what the vendor sells, kept up here."""

from __future__ import annotations

from django.contrib import admin

from licensing.models import Feature, Product


class FeatureInline(admin.TabularInline):
    """The features of a product."""

    model = Feature
    extra = 0


@admin.register(Product)
class ProductAdmin(admin.ModelAdmin):
    """Products, with their minimum versions and features."""

    list_display = ["name", "code", "minimum_version"]
    search_fields = ["name", "code"]
    inlines = [FeatureInline]


@admin.register(Feature)
class FeatureAdmin(admin.ModelAdmin):
    """Features of all products."""

    list_display = ["name", "code", "product"]
    list_select_related = ["product"]
    search_fields = ["name", "code", "product__name"]
    autocomplete_fields = ["product"]
