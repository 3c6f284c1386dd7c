"""A form's field for an address of somebody, as people type it and as mail programs copy it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from portal.people.invitations import addresses_in, why_no_address


class AddressField(forms.EmailField):
    """One e-mail address: bare, or ``Tom Reed <tom@brook.example>;``.

    Browsers would refuse the latter in a field of theirs for addresses.
    """

    widget = forms.TextInput

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        """The keyboard of phones is still that for addresses."""
        return super().widget_attrs(widget) | {"inputmode": "email", "autocapitalize": "none"}

    def clean(self, value: Any) -> str:
        """The address alone; of several, or of none, what was typed is refused."""
        found = addresses_in(value or "")
        typed = found[0] if len(found) == 1 else value
        try:
            return str(super().clean(typed))
        except ValidationError:
            if typed and not typed.isascii() and len(found) == 1:
                raise ValidationError(why_no_address(typed)) from None
            raise
