"""The field for one address, which understands what mail programs copy."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from portal.people.addresses import AddressField


@pytest.mark.parametrize(
    "typed",
    [
        "tom@brook.example",
        "Tom Reed <tom@brook.example>;",
        '"Reed, Tom" <tom@brook.example>',
        " tom@brook.example, ",
        "<tom@brook.example>",
        "mailto:tom@brook.example",
        "Tom Reed <MAILTO:tom@brook.example>",
    ],
)
def test_understands_one_address(typed):
    assert AddressField().clean(typed) == "tom@brook.example"


@pytest.mark.parametrize(
    "typed", ["", "tom", "Tom Reed", "a@b.example; c@d.example", "a@b\0.example"]
)
def test_refuses_all_else(typed):
    with pytest.raises(ValidationError):
        AddressField().clean(typed)


def test_lets_a_browser_send_it():
    assert AddressField().widget.input_type == "text"
