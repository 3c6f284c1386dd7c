"""What staff write to a customer who shall find a new key: the way to it, and never the key."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _

from licensing.models import ProductKey
from licensing.names import on_one_line
from portal.people.vendor_deeds import until_when
from portal.words import zones
from portal.words.replies import Reply, farewell


def page_of_key(key: ProductKey) -> str:
    """The address at which owners and managers, once signed in, read the product key."""
    return settings.BASE_URL + reverse("portal:key", args=[key.licence_id, key.pk])


def page_of_files(key: ProductKey) -> str:
    """The address at which they make the files that bring it to every PC."""
    return settings.BASE_URL + reverse("portal:deployment", args=[key.licence_id])


def letters(key: ProductKey, *, signed: str) -> list[Reply]:
    """The text in each of our languages, its times by the account's clocks."""
    with zones.of_account(key.account):
        return [
            Reply(code, name, in_language(code, key, signed)) for code, name in settings.LANGUAGES
        ]


def in_language(code: str, key: ProductKey, signed: str) -> str:
    """The text in one of them."""
    with translation.override(code):
        return "\n\n".join(filter(None, paragraphs(key, signed)))


def paragraphs(key: ProductKey, signed: str) -> list[str]:
    """Its paragraphs in the language of now; some may be empty."""
    words = {"licence": on_one_line(key.licence.name), "serial": key.serial_number}
    there_is = _("%(licence)s has a product key with the serial number %(serial)s.")
    if key.supersedes:
        there_is = _("%(licence)s has a new product key, with the serial number %(serial)s.")
    return [
        _("Hello,"),
        there_is % words,
        until_when(key.supersedes) if key.supersedes else "",
        _("Owners and managers of your account sign in and read it here: %s") % page_of_key(key),
        _("Files that bring it to every PC are made here: %s") % page_of_files(key),
        _("A product key is never sent by mail. Please do not mail it on, either."),
        farewell(signed),
    ]
