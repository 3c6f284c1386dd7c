"""What Django says of forms is said in our own plain words, in every form of the product."""

from __future__ import annotations

import re
from pathlib import Path

import django
from babel.messages.pofile import read_po
from django import forms
from django.urls import get_resolver
from django.utils import translation

from tests.words.gathering import messages

DJANGO = Path(django.__file__).parent / "conf/locale/en/LC_MESSAGES/django.po"
NUMBERS = {"limit_value": 2, "show_value": 3, "max": 2, "length": 3}
STOCK = re.compile(r"Ensure |Enter a valid|This field|Select a valid|No file was|The submitted")


def forms_of_ours(base=forms.BaseForm):
    """Every class of a form that the product's pages know."""
    for form in base.__subclasses__():
        yield from forms_of_ours(form)
        if form.__module__.startswith(("portal.", "support.")) and hasattr(form, "base_fields"):
            yield form


def said_by(field) -> set[str]:
    """What is said to be wrong with what was typed there; of a text with a plural, that."""
    own = [getattr(validator, "message", "") for validator in field.validators]
    told = [*field.error_messages.values(), *own]
    return {str(text % NUMBERS if hasattr(text, "_kw") and text._kw else text) for text in told}


def test_no_form_says_it_as_django_does():
    get_resolver().url_patterns  # noqa: B018 -- all pages are read

    with translation.override("en-gb"):
        stock = {
            (form.__qualname__, name, text)
            for form in forms_of_ours()
            for name, field in form.base_fields.items()
            for text in said_by(field)
            if STOCK.match(text)
        }

    assert len({*forms_of_ours()}) > 60
    assert stock == set()


def test_each_of_these_is_said_by_django():
    """When this fails: Django says it in other words now."""
    with DJANGO.open("rb") as said:
        known = read_po(said)

    ours = [message.id for message in messages.read(messages.PLAIN) if message.id]
    assert [text for text in ours if known.get(text) is None] == []
