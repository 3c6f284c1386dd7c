"""Addresses that webhooks may have: of HTTPS, on the public internet."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from licensing.errors import InvalidOperation
from portal.outbound import turns
from portal.outbound.connections import allowed_addresses_of
from portal.outbound.unanswered import Busy

LONGEST = 500


def require_usable(address: str) -> None:
    """Raise InvalidOperation unless events can be posted there, as far as that can be told now.

    Each time something is sent the name is looked up, and judged, anew.
    """
    require_shape(address)
    host = host_of(address)
    assert host is not None
    try:
        with turns.turn() as mine:
            found = allowed_addresses_of(host, mine.left())
    except Busy:
        text = _("Another address is being looked up just now. Try again in a moment.")
        raise InvalidOperation(text) from None
    if not found:
        raise InvalidOperation(_("That address isn't on the public internet."))


def require_shape(address: str) -> None:
    """Raise InvalidOperation for what is no plain address of HTTPS."""
    schemes = ["https", "http"] if settings.SSO_ALLOWS_INTERNAL_PROVIDERS else ["https"]
    if host_of(address) is None or len(address) > LONGEST:
        raise InvalidOperation(_("This is no address of a website."))
    parts = urlsplit(address)
    if parts.scheme not in schemes:
        raise InvalidOperation(_("The address has to begin with https://."))
    if parts.username is not None or parts.fragment:
        raise InvalidOperation(_("The address may hold no user name, password or #."))
    try:
        URLValidator(schemes=schemes)(address)
    except ValidationError:
        raise InvalidOperation(_("This is no address of a website.")) from None


def host_of(address: str) -> str | None:
    """The host of an address, if there is one in it."""
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None
