"""Fields of the forms of acts: numbers and codes as people write or copy them."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from licensing import limits
from licensing.management.arguments import codes
from licensing.numbers import as_plain, as_signed

CHANGE = re.compile(r"[+-]?[0-9]{1,6}")
TOO_MANY = re.compile(r"[+-]?[0-9]{7,}")


class NumberField(forms.IntegerField):
    """A whole number, marks between its thousands or not; what is none is told with the words."""

    widget = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"})

    def to_python(self, value: Any) -> int | None:
        try:
            return super().to_python(as_plain(str(value or "")))
        except forms.ValidationError:
            raise forms.ValidationError(
                f"“{value}” is no whole number. Write digits, such as 12."
            ) from None


def limit_field(**options: Any) -> NumberField:
    """The field that asks for how many people something is."""
    usual: dict[str, Any] = {"label": "User limit", "min_value": 1, "max_value": limits.MOST_SEATS}
    return NumberField(**usual | options)


class SeatsField(forms.CharField):
    """How many seats there shall be: ``12``, or ``+2`` and ``-2`` for so many more or fewer."""

    def __init__(self, **options: Any) -> None:
        usual: dict[str, Any] = {
            "label": "User limit",
            "help_text": "How many there shall be, or +2 for two more, -2 for two fewer.",
            "widget": forms.TextInput(attrs={"inputmode": "text", "autocomplete": "off"}),
        }
        super().__init__(**usual | options)

    def to_python(self, value: Any) -> str:
        text = super().to_python(value) or ""
        asked = as_signed(text)
        if TOO_MANY.fullmatch(asked):
            raise forms.ValidationError(f"A licence has between 1 and {limits.MOST_SEATS:,} seats.")
        if text and not CHANGE.fullmatch(asked):
            raise forms.ValidationError(
                f"“{text}” is no number of seats. Write digits, such as 12, or +2 for two more."
            )
        return asked


class CodesField(forms.CharField):
    """Codes of features, each with its limit or without."""

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        return codes(super().to_python(value) or "")

    def run_validators(self, value: Any) -> None:
        """The domain knows which codes there are."""
