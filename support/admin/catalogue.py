"""The catalogue: what the vendor sells. Superusers keep it up here, sales in the console."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.urls import reverse

from licensing import catalogue
from licensing.models import Feature, LicenceTemplate, Product
from support.admin.act_pages import ActAdmin
from support.admin.tables import KeptUpAdmin, RecordInline


class FeatureInline(RecordInline):
    """The features of a product."""

    model = Feature
    fields = ["name", "code"]


class SoldAdmin(ActAdmin):
    """What is sold. What was done to it stands in its history: it belongs to no account."""

    def entries_url(self, object_id: str, record: Any) -> str:
        meta = self.opts
        return reverse(f"admin:{meta.app_label}_{meta.model_name}_history", args=[object_id])


@admin.register(Product)
class ProductAdmin(KeptUpAdmin, SoldAdmin):
    """Products, with their minimum versions and features."""

    put = catalogue.put
    fixed = ("code",)
    list_display = ["name", "code", "minimum_version", "withdrawn_at"]
    search_fields = ["name", "code"]
    fields = ["code", "name", "minimum_version"]
    inlines = [FeatureInline]


@admin.register(Feature)
class FeatureAdmin(KeptUpAdmin, SoldAdmin):
    """Features of all products."""

    put = catalogue.put
    fixed = ("product", "code")
    list_display = ["name", "code", "product", "withdrawn_at"]
    list_select_related = ["product"]
    search_fields = ["name", "code", "product__name"]
    autocomplete_fields = ["product"]
    fields = ["product", "code", "name"]


@admin.register(LicenceTemplate)
class LicenceTemplateAdmin(SoldAdmin):
    """What is sold often."""

    list_display = ["name", "code", "product", "usage_model", "seats", "months", "withdrawn_at"]
    list_select_related = ["product"]
    search_fields = ["name", "code", "product__name"]
    fields = ["name", "code", "product", "usage_model", "seats", "features", "months",
              "grace_period", "reclaim_after", "withdrawn_at"]  # fmt: skip
    readonly_fields = ["withdrawn_at"]
