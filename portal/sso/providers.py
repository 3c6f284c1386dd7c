"""To an account's provider, by whichever protocol it speaks."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

from portal.models import Protocol, SingleSignOn
from portal.sso import openid, saml
from portal.sso.answers import Purpose

GO = {Protocol.OPENID: openid.go, Protocol.SAML: saml.go}


def go(
    request: HttpRequest, single: SingleSignOn, purpose: Purpose, *, next_url: str = ""
) -> HttpResponse:
    """To the provider. Raise ProviderFailed if it does not answer, Busy if it was not asked."""
    return GO[Protocol(single.protocol)](request, single, purpose, next_url=next_url)
