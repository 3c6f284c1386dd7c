"""SAML 2.0 by python3-saml, to and from the accounts' own providers.

The library checks signature, audience, issuer, recipient and times. It lets pass an answer
that leaves out whom it is for, what it answers, where to or until when; here all are asked for,
as the Web Browser SSO Profile says (OASIS, "Profiles for SAML V2.0", 4.1.4).
"""

from __future__ import annotations

import datetime
from typing import Any
from urllib.parse import urlsplit

from allauth.socialaccount.internal import statekit
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from lxml.etree import LxmlError
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.constants import OneLogin_Saml2_Constants as Constants
from onelogin.saml2.errors import OneLogin_Saml2_Error
from onelogin.saml2.response import OneLogin_Saml2_Response as Answer
from onelogin.saml2.settings import OneLogin_Saml2_Settings as Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from portal.models import Protocol, SingleSignOn
from portal.sso import saml_signatures
from portal.sso.answers import (
    Failure,
    ProviderFailed,
    Purpose,
    Word,
    answers,
    asked_now,
    can_be_kept,
)

STATUS = "/samlp:Response/samlp:Status/samlp:StatusCode/@Value"
ASSERTION = "/samlp:Response/saml:Assertion"
CONFIRMATION = "/saml:Subject/saml:SubjectConfirmation/saml:SubjectConfirmationData"

LASTING_IDS = (
    "urn:oasis:names:tc:SAML:attribute:subject-id",
    "urn:oasis:names:tc:SAML:attribute:pairwise-id",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
)
"""Attributes that name a person for ever. Else the name ID does, if it is not a passing one."""
EMAILS = (
    "urn:oid:0.9.2342.19200300.100.1.3",
    "urn:oid:1.2.840.113549.1.9.1",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/emailaddress",
    "email",
    "mail",
)
NAMES = (
    "urn:oid:2.16.840.1.113730.3.1.241",
    "http://schemas.microsoft.com/identity/claims/displayname",
    "displayName",
)
GIVEN_NAMES = (
    "urn:oid:2.5.4.42",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/givenname",
    "givenName",
    "firstName",
)
SURNAMES = (
    "urn:oid:2.5.4.4",
    "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/surname",
    "surname",
    "lastName",
)


class NotAsked(Exception):
    """Somebody began at the provider, such as on its page of tiles, not here."""


def address(name: str, account_id: int) -> str:
    """One of the portal's addresses for the account's provider, wherever the portal is read."""
    return settings.BASE_URL + reverse(name, args=[account_id])


def settings_of(single: SingleSignOn) -> dict[str, Any]:
    """The two sides as python3-saml wants to have them."""
    return own_side(single.account_id) | {
        "idp": {
            "entityId": single.issuer,
            "singleSignOnService": {"url": single.sign_in_url},
            "x509certMulti": {"signing": single.certificates},
        }
    }


def own_side(account_id: int) -> dict[str, Any]:
    """The portal as the account's provider knows it, and what it asks of answers."""
    return {
        "strict": True,
        "sp": {
            "entityId": address("saml_metadata", account_id),
            "assertionConsumerService": {
                "url": address("saml_answer", account_id),
                "binding": Constants.BINDING_HTTP_POST,
            },
        },
        "security": {
            "allowRepeatAttributeName": True,
            "allowSingleLabelDomains": True,
            "metadataValidUntil": "",
            "metadataCacheDuration": "",
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "wantAttributeStatement": False,
            "wantNameId": False,
        },
    }


def own_metadata(account_id: int) -> str:
    """What the provider is told of the portal, as XML."""
    metadata: str = Settings(own_side(account_id), sp_validation_only=True).get_sp_metadata()
    return metadata


def go(
    request: HttpRequest, single: SingleSignOn, purpose: Purpose, *, next_url: str = ""
) -> HttpResponse:
    """To the provider, which is not asked first whether it is there."""
    auth = OneLogin_Saml2_Auth(as_received(single), settings_of(single))
    sign_in = auth.login("", force_authn=purpose == Purpose.CONFIRM, set_nameid_policy=False)
    statekit.stash_state(
        request,
        provider_id=provider_id(single),
        state={"next": next_url, "data": asked_now(single, purpose)},
        state_id=auth.get_last_request_id(),
    )
    return redirect(sign_in)


def provider_id(single: SingleSignOn) -> str:
    """What the session calls the account's provider."""
    return f"saml-{single.account_id}"


def as_received(single: SingleSignOn) -> dict[str, Any]:
    """A request at the address where answers arrive, as python3-saml wants to have it."""
    parts = urlsplit(address("saml_answer", single.account_id))
    is_safe = "on" if parts.scheme == "https" else "off"
    return {"https": is_safe, "http_host": parts.netloc, "script_name": parts.path}


def come_back(request: HttpRequest, account_id: int, text: str) -> Word:
    """What the provider says. Raise NotAsked, ProviderFailed; SingleSignOn.DoesNotExist."""
    singles = SingleSignOn.objects.select_related("account")
    single = singles.get(account=account_id, protocol=Protocol.SAML)
    answer = parsed(single, text)
    request_id = answer.get_in_response_to()
    if not request_id:
        raise NotAsked
    state = statekit.unstash_state(request, state_id=request_id, provider_id=provider_id(single))
    if state is None:
        raise ProviderFailed(Failure.SENT_BACK)
    purpose = Purpose(state["data"]["purpose"])
    if failure := failure_of(answer, single, request_id):
        raise ProviderFailed(failure, purpose)
    if not answers(state["data"], single, signed_in_at(answer)):
        raise ProviderFailed(Failure.NOT_VERIFIED, purpose)
    claims = claims_of(answer)
    if not can_be_kept(claims["sub"]):
        raise ProviderFailed(Failure.NO_LASTING_ID, purpose)
    return Word(single, claims, purpose, state["next"])


def parsed(single: SingleSignOn, text: str) -> Answer:
    """An answer to look into, unchecked. Raise ProviderFailed if it is none."""
    try:
        return Answer(Settings(settings_of(single)), text)
    except (OneLogin_Saml2_Error, LxmlError, ValueError):
        raise ProviderFailed(Failure.SENT_BACK) from None


def failure_of(answer: Answer, single: SingleSignOn, request_id: str) -> Failure | None:
    """What is wrong with an answer to this request; None if it may be believed."""
    status = OneLogin_Saml2_XML.query(answer.document, STATUS)
    if status != [Constants.STATUS_SUCCESS]:
        return Failure.SENT_BACK
    us = address("saml_metadata", single.account_id)
    own_address = address("saml_answer", single.account_id)
    holds = (
        saml_signatures.are_plain(answer.document)
        and answer.is_valid(as_received(single), request_id)
        and us in answer.get_audiences()
        and in_assertion(answer, f"{CONFIRMATION}/@InResponseTo") == [request_id]
        and in_assertion(answer, f"{CONFIRMATION}/@Recipient") == [own_address]
        and len(in_assertion(answer, f"{CONFIRMATION}/@NotOnOrAfter")) == 1
        and set(in_assertion(answer, "/saml:Subject/saml:NameID/@SPNameQualifier")) <= {us}
        and not in_assertion(answer, "/saml:Subject/saml:EncryptedID")
    )
    return None if holds else Failure.NOT_VERIFIED


def in_assertion(answer: Answer, path: str) -> list[str]:
    """What stands in the answer's assertion at this path."""
    return [str(found) for found in OneLogin_Saml2_XML.query(answer.document, ASSERTION + path)]


def signed_in_at(answer: Answer) -> float:
    """When the person last gave the provider their password or the like, in seconds.

    SAML's times are UTC, whether or not they say so; one that Python cannot write is long ago.
    """
    [instant] = in_assertion(answer, "/saml:AuthnStatement/@AuthnInstant")
    try:
        found = datetime.datetime.fromisoformat(instant.strip())
    except ValueError:
        return 0
    return (found if found.tzinfo else found.replace(tzinfo=datetime.UTC)).timestamp()


def claims_of(answer: Answer) -> dict[str, Any]:
    """Who it is, by the names of OpenID Connect; ``sub`` is empty if nothing about them lasts.

    The provider is the account's own, so its word for an address counts as verified unless
    it says otherwise; that the address is in a verified domain is asked elsewhere.
    """
    said = {name: single_of(found) for name, found in answer.get_attributes().items()}
    name_id, name_format = answer.get_nameid() or "", answer.get_nameid_format()
    lasts = name_format != Constants.NAMEID_TRANSIENT
    is_email = name_format == Constants.NAMEID_EMAIL_ADDRESS and said.keys().isdisjoint(EMAILS)
    both_names = f"{first_of(said, GIVEN_NAMES)} {first_of(said, SURNAMES)}".strip()
    return {
        "sub": first_of(said, LASTING_IDS) or (name_id if lasts else ""),
        "email": first_of(said, EMAILS) or (name_id if is_email else ""),
        "email_verified": said.get("email_verified", "true").lower() in ("true", "1"),
        "name": first_of(said, NAMES) or both_names,
    }


def single_of(values: list[Any]) -> str:
    """An attribute's value; nothing if it has several: people may have added some themselves."""
    distinct = {str(value) for value in values}
    return distinct.pop() if len(distinct) == 1 else ""


def first_of(said: dict[str, str], names: tuple[str, ...]) -> str:
    """The first of these attributes that was said; else nothing."""
    return next((said[name] for name in names if said.get(name)), "")
