"""The admin's pages of raw records, where the console leads for every field of them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.db.models import Model
from django.urls import reverse


def raw_page_of(record: Model) -> str:
    """The record in the admin, with every field."""
    return raw_page(type(record), record.pk)


def raw_page(model: type[Model], pk: object) -> str:
    """The same of a record of which the id is known."""
    meta = model._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[pk])


def raw_list(model: type[Model], **asked: Any) -> str:
    """The admin's list of a model, narrowed to what is asked."""
    meta = model._meta
    page = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    return f"{page}?{urlencode(asked)}"
