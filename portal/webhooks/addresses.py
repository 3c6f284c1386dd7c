"""Addresses that webhooks may have: of HTTPS, on the public internet."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from licensing.errors import InvalidOperation
from portal.outbound import turns
from portal.outbound.connections import allowed_addresses_of, is_demo_receiver
from portal.outbound.unanswered import WORDS, Busy, Cause

LONGEST = 500
HTTPS_PORT = 443


def require_usable(address: str) -> None:
    """Raise InvalidOperation unless events can be posted there, as far as that can be told now.

    Each time something is sent the name is looked up, and judged, anew.
    """
    require_shape(address)
    host, port = place_of(address)
    assert host is not None
    try:
        with turns.turn() as mine:
            found = allowed_addresses_of(host, port, mine.left())
    except Busy:
        text = _("Another address is being looked up just now. Try again in a moment.")
        raise InvalidOperation(text) from None
    if not found:
        raise InvalidOperation(why_not(host))


def why_not(host: str) -> str:
    """Why a host cannot be reached; of all names alike, so that nobody learns which ones exist."""
    try:
        ip_address(host)
    except ValueError:
        return str(WORDS[Cause.NO_PUBLIC_ADDRESS])
    return _("That address isn't on the public internet.")


def require_shape(address: str) -> None:
    """Raise InvalidOperation for what is no plain address of HTTPS."""
    host, port = place_of(address)
    if host is None or len(address) > LONGEST:
        raise InvalidOperation(_("This is no address of a website."))
    is_plain_allowed = not is_public_alone() or is_demo_receiver(host, port)
    schemes = ["https", "http"] if is_plain_allowed else ["https"]
    parts = urlsplit(address)
    if parts.scheme not in schemes:
        raise InvalidOperation(_("The address has to begin with https://."))
    if parts.username is not None or parts.fragment:
        raise InvalidOperation(_("The address may hold no user name, password or #."))
    if "." not in parts.netloc and ":" not in (parts.hostname or "") and is_public_alone():
        raise InvalidOperation(
            _("Only names of the public internet work, such as hooks.example.com.")
        )
    try:
        URLValidator(schemes=schemes)(address)
    except ValidationError:
        raise InvalidOperation(_("This is no address of a website.")) from None


def is_public_alone() -> bool:
    """Whether internal addresses are refused; demonstrations have them."""
    return not settings.SSO_ALLOWS_INTERNAL_PROVIDERS


def place_of(address: str) -> tuple[str | None, int]:
    """The host of an address, if there is one in it, and the port."""
    try:
        parts = urlsplit(address)
        return parts.hostname, parts.port or HTTPS_PORT
    except ValueError:
        return None, HTTPS_PORT
