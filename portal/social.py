"""How allauth's OpenID Connect behaves here: the providers are the accounts' own."""

from __future__ import annotations

import requests
from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.utils import perform_login
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from licensing.keys import cipher
from portal import outbound, sso
from portal.models import SingleSignOn


class SocialAdapter(DefaultSocialAccountAdapter):
    """Leaves the protocol to allauth, and decides itself whom it signs in."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The single sign-on of the account that ``provider`` names, unsaved."""
        if not provider or not provider.isascii() or not provider.isdecimal():
            return []
        found = SingleSignOn.objects.filter(account=int(provider[:18]))
        return [app_of(single) for single in found]

    def get_requests_session(self) -> requests.Session:
        """A session that reaches public addresses only."""
        return outbound.session()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Sign the person in, or refuse: no other way of allauth's is taken from here."""
        raise ImmediateHttpResponse(answer(request, sociallogin))

    def on_authentication_error(self, request: HttpRequest, *args: object, **how: object) -> None:
        """Back to the start, with no word of the provider's on our page."""
        raise ImmediateHttpResponse(failed(request))


def app_of(single: SingleSignOn) -> SocialApp:
    """The account's provider as allauth wants to have it."""
    return SocialApp(
        provider="openid_connect",
        provider_id=str(single.account_id),
        name="OpenID Connect",
        client_id=single.client_id,
        secret=cipher().decrypt(bytes(single.encrypted_secret)).decode(),
        settings={
            "server_url": single.issuer,
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,  # the ID token says it all, and is checked
        },
    )


def answer(request: HttpRequest, login: SocialLogin) -> HttpResponse:
    """Go on as the person whom the provider vouches for; else say that nobody was found."""
    single = SingleSignOn.objects.get(account=int(login.provider.app.provider_id))
    claims = login.account.extra_data.get("id_token") or {}
    user = sso.person(single, claims)
    if user is None:
        text = _("You are signed in there, but no person of the account has that e-mail address.")
        messages.error(request, text)
        return redirect("portal:single_sign_on")
    if request.user.is_authenticated:
        account_adapter(request).logout(request)
    return perform_login(
        request, user, email_verification="none", redirect_url=login.state.get("next")
    )


def failed(request: HttpRequest) -> HttpResponse:
    """Back to where single sign-on starts."""
    messages.error(request, _("Single sign-on did not work. Try again, or sign in another way."))
    return redirect("portal:single_sign_on")
