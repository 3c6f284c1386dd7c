"""What the vendor sells: products and their features."""

from __future__ import annotations

from django.db import models

from licensing.models.spelling import Alphabetical
from licensing.names import NameField

DEFAULT_PRODUCT = "asta-powerproject"


class Product(models.Model):
    """A desktop program or module that is licensed."""

    code = models.SlugField(unique=True)
    name = NameField(max_length=100)
    minimum_version = models.CharField(
        max_length=20,
        default="16",
        help_text="The first version that cloud connected licensing supports (FAQ: 16).",
    )

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
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

    class Meta:
        ordering = [Alphabetical("name")]
        constraints = [
            models.UniqueConstraint(
                fields=["product", "code"], name="feature_code_is_unique_in_its_product"
            ),
        ]

    def __str__(self) -> str:
        return self.name
