"""What the vendor sells: products, their features, and templates of what is sold often."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from licensing.models.spelling import Alphabetical, CustomerName
from licensing.names import NameField

DEFAULT_PRODUCT = "asta-powerproject"
WITHDRAWN = "When it was withdrawn from sale; licences that have it keep it."


class SoldQuerySet(models.QuerySet[Any]):
    def on_sale(self) -> SoldQuerySet:
        """What new licences are offered."""
        return self.filter(withdrawn_at=None)


class Product(models.Model):
    """A desktop program or module that is licensed."""

    code = models.SlugField(unique=True)
    name = NameField(max_length=100)
    minimum_version = models.CharField(
        max_length=20,
        default="16",
        help_text="The first version that cloud connected licensing supports (FAQ: 16).",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False, help_text=WITHDRAWN)

    objects = SoldQuerySet.as_manager()

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint(CustomerName("name"), name="product_name_is_unique"),
            models.CheckConstraint(
                condition=models.Q(minimum_version__regex=r"^\d+(\.\d+)*$"),
                name="minimum_version_is_numbers",
                violation_error_message="Write numbers with dots between them, such as 16.0.02.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Feature(models.Model):
    """A part of a product that a licence may include, such as BIM."""

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="features")
    code = models.SlugField()
    name = NameField(max_length=100)
    withdrawn_at = models.DateTimeField(null=True, blank=True, editable=False, help_text=WITHDRAWN)

    objects = SoldQuerySet.as_manager()

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "code"], name="feature_code_is_unique_in_its_product"
            ),
            models.UniqueConstraint(
                "product", CustomerName("name"), name="feature_name_is_unique_in_its_product"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LicenceTemplate(models.Model):
    """What is sold often, by a name of its own: whatever a new licence is asked begins with it.

    ``features`` are written as orders write them, with limits: ``bim``, ``4d:3``. Codes stay, so
    they mean the same for good. ``months`` is how long it is sold for; empty: without end.
    """

    code = models.SlugField(unique=True)
    name = NameField(max_length=100)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="templates")
    usage_model = models.CharField(max_length=12)
    seats = models.PositiveIntegerField("user limit")
    features = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    months = models.PositiveSmallIntegerField(null=True, blank=True)
    grace_period = models.DurationField()
    reclaim_after = models.DurationField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When it was withdrawn: no longer offered."
    )

    objects = SoldQuerySet.as_manager()

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint(CustomerName("name"), name="template_name_is_unique"),
            models.CheckConstraint(condition=~models.Q(name=""), name="template_has_a_name"),
            models.CheckConstraint(
                condition=models.Q(usage_model__in=["concurrent", "single-user"]),
                name="template_is_of_what_is_sold",
            ),
            models.CheckConstraint(condition=models.Q(seats__gt=0), name="template_has_seats"),
            models.CheckConstraint(
                condition=models.Q(months=None) | models.Q(months__gt=0),
                name="template_lasts_some_time",
            ),
            models.CheckConstraint(
                condition=models.Q(grace_period__gt=dt.timedelta())
                & (models.Q(reclaim_after=None) | models.Q(reclaim_after__gt=dt.timedelta())),
                name="template_has_an_offline_policy",
            ),
        ]

    def __str__(self) -> str:
        return self.name
