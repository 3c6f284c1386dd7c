"""What a SAML identity provider's metadata says of it: its name, address and certificates.

The format is that of OASIS, "Metadata for the OASIS SAML V2.0".
"""

from __future__ import annotations

import base64
import datetime
from typing import Any, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.utils.translation import gettext as _
from lxml.etree import LxmlError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import validate_url
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from licensing.errors import InvalidOperation
from portal.outbound import asking

LONGEST_ADDRESS = 1024
MOST_CERTIFICATES = 20
"""Each is tried on each answer; providers have two or three."""


class Metadata(NamedTuple):
    """A provider that the portal can send people to, and whose word it can check."""

    entity_id: str
    sign_in_url: str
    certificates: list[str]
    """As base64 on one line each."""


class Certificate(NamedTuple):
    """What a person can compare a certificate by."""

    fingerprint: str
    """Its SHA-256, in pairs of hexadecimal digits."""
    ends_at: datetime.datetime


def read(address: str) -> Metadata:
    """The metadata at an address. Raise Unanswered, Busy; InvalidOperation as ``parse`` does."""
    return parse(asking.read(address))


def parse(text: str | bytes) -> Metadata:
    """What the metadata says. Raise InvalidOperation when it is none, or cannot be used."""
    found = settings_in(text)
    provider = found.get("idp", {})
    if not provider.get("entityId"):
        raise InvalidOperation(_("This is not the metadata of a SAML identity provider."))
    if found.get("security", {}).get("authnRequestsSigned"):
        raise InvalidOperation(
            _("The provider wants signed requests, and the portal signs none. Turn it off there.")
        )
    sign_in_url = provider.get("singleSignOnService", {}).get("url", "")
    if not sign_in_url:
        raise InvalidOperation(_("The provider takes no sign-in by HTTP-Redirect."))
    if max(len(provider["entityId"]), len(sign_in_url)) > LONGEST_ADDRESS:
        raise InvalidOperation(_("The provider's name or sign-in address is too long."))
    if not (asking.is_allowed(sign_in_url) and validate_url(sign_in_url, True)):
        raise InvalidOperation(_("The provider's sign-in address is none that begins with https."))
    certificates = signing_certificates(provider)
    if not certificates:
        raise InvalidOperation(_("The metadata holds no certificate to check signatures with."))
    return Metadata(provider["entityId"], sign_in_url, certificates)


def settings_in(text: str | bytes) -> dict[str, dict[str, Any]]:
    """What python3-saml makes of metadata; nothing of what is none."""
    if len(text) > asking.LARGEST:
        return {}
    try:
        tree = OneLogin_Saml2_XML.to_etree(text)
        if len(OneLogin_Saml2_XML.query(tree, "//md:IDPSSODescriptor")) > 1:
            raise InvalidOperation(_("This names several providers. Give the one that is yours."))
        return OneLogin_Saml2_IdPMetadataParser.parse(tree)
    except (LxmlError, ValueError, AttributeError):  # the last from an empty certificate
        return {}


def signing_certificates(provider: dict[str, Any]) -> list[str]:
    """The certificates that the provider signs with. Raise InvalidOperation for a broken one."""
    several = provider.get("x509certMulti", {}).get("signing", [])
    named = several or [provider.get("x509cert", "")]
    if len(named) > MOST_CERTIFICATES:
        raise InvalidOperation(_("The metadata holds too many certificates."))
    certificates = list(dict.fromkeys(text for text in named if text))
    try:
        for certificate in certificates:
            loaded(certificate)
    except ValueError:
        raise InvalidOperation(_("A certificate in the metadata cannot be read.")) from None
    return certificates


def loaded(certificate: str) -> x509.Certificate:
    """The certificate; raise ValueError when it is none."""
    return x509.load_der_x509_certificate(base64.b64decode(certificate, validate=True))


def described(certificate: str) -> Certificate:
    """The certificate's fingerprint and end."""
    found = loaded(certificate)
    return Certificate(
        found.fingerprint(hashes.SHA256()).hex(":").upper(), found.not_valid_after_utc
    )
