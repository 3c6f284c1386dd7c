"""OpenID Connect by allauth, to and from the accounts' own providers."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.internal import jwtkit, statekit
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base.constants import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse

from licensing.encryption import SecretLost, decrypt
from licensing.errors import InvalidOperation
from licensing.numbers import number_in
from portal.models import Protocol, SingleSignOn
from portal.outbound import asking, turns
from portal.outbound.unanswered import Busy
from portal.sso import discovery
from portal.sso.answers import (
    Failure,
    ProviderFailed,
    Purpose,
    Word,
    answers,
    asked_now,
    can_be_kept,
)

NONSENSE = (
    ArithmeticError, AttributeError, LookupError, NotImplementedError, RecursionError, TypeError,
    ValueError,
)  # fmt: skip
"""What comes of documents that are not as they should be."""


class CameBack(Exception):
    """Somebody came back from the provider; ``word`` is what it says of them."""

    def __init__(self, word: Word) -> None:
        super().__init__()
        self.word = word


class SocialAdapter(DefaultSocialAccountAdapter):
    """Leaves the protocol to allauth; whom it signs in is decided elsewhere."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        """The single sign-on of the account that ``provider`` names, unsaved."""
        account_id = account_in(provider or "")
        found = SingleSignOn.objects.filter(protocol=Protocol.OPENID, account=account_id)
        return [app_of(single) for single in found]

    def get_requests_session(self) -> asking.Session:
        """What asks by turns, and reaches public addresses only."""
        return asking.Session()

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Stop here: no way on of allauth's is taken."""
        raise CameBack(checked(sociallogin))

    def on_authentication_error(
        self,
        request: HttpRequest,
        provider: object,
        error: str | None = None,
        exception: Exception | None = None,
        extra_context: object = None,
    ) -> None:
        """Stop here too: no page of ours shows what the provider wrote."""
        raise ProviderFailed(failure_of(error, exception))


class Adapter(OpenIDConnectOAuth2Adapter):
    """Checks the signature too, though the token comes by TLS from the provider itself.

    A token without an end, or with an id for the person that cannot be kept, is a ValueError
    before allauth looks anybody up.
    """

    @property
    def openid_config(self) -> dict[str, Any]:
        """What the provider says of itself. Raise InvalidOperation."""
        app = self.get_provider().app
        return discovery.kept(app.settings["server_url"], int(app.provider_id))

    def _decode_id_token(self, app: SocialApp, id_token: str) -> dict[str, Any]:
        claims: dict[str, Any] = jwtkit.verify_and_decode(
            credential=id_token,
            keys_url=self.openid_config["jwks_uri"],
            issuer=self.openid_config["issuer"],
            audience=app.client_id,
            lookup_kid=jwtkit.lookup_kid_jwk,
        )
        if not can_be_kept(claims.get("sub")) or not {"exp", "iat"} <= claims.keys():
            raise ValueError("no lasting id, or no end")
        return claims


def account_in(provider: str) -> int | None:
    """The number of the account that an address names, written as we write it; else None."""
    number = number_in(provider)
    return number if str(number) == provider else None


def app_of(single: SingleSignOn) -> SocialApp:
    """The account's provider as allauth wants to have it. Raise SecretLost."""
    return SocialApp(
        provider="openid_connect",
        provider_id=str(single.account_id),
        name="OpenID Connect",
        client_id=single.client_id,
        secret=decrypt(bytes(single.encrypted_secret)),
        settings={
            "server_url": single.issuer,
            "oauth_pkce_enabled": True,
            "fetch_userinfo": False,  # the ID token says it all, and is checked
        },
    )


def go(
    request: HttpRequest, single: SingleSignOn, purpose: Purpose, *, next_url: str = ""
) -> HttpResponse:
    """To the provider. Raise ProviderFailed if it does not answer, Busy if it was not asked."""
    nonce = secrets.token_urlsafe(24)
    how = {"nonce": nonce}
    if purpose == Purpose.CONFIRM:
        how |= {"prompt": "login", "max_age": "0"}
    try:
        provider = SocialAdapter(request).get_provider(request, str(single.account_id))
        provider.oauth2_adapter_class = Adapter
        return provider.redirect(
            request,
            AuthProcess.LOGIN,
            next_url=next_url,
            data=asked_now(single, purpose) | {"nonce": nonce},
            auth_params=how,
        )
    except SecretLost:
        raise ProviderFailed(Failure.SECRET_LOST) from None
    except Busy:
        raise
    except InvalidOperation as error:
        raise ProviderFailed(Failure.NO_ANSWER, purpose, str(error)) from None


def come_back(request: HttpRequest, provider_id: str) -> Word:
    """What the provider says. Raise ProviderFailed, Busy; SocialApp.DoesNotExist if there is none.

    Who is told that others wait has used up nothing, and can come back once more.
    """
    purpose = purpose_of(request)
    try:
        with turns.turn(account_in(provider_id)):
            return word_of(request, provider_id)
    except ProviderFailed as failed:
        raise ProviderFailed(failed.failure, purpose, failed.why) from None


def purpose_of(request: HttpRequest) -> Purpose:
    """What somebody was sent away for who comes back now; signing in if that is not known."""
    state, *_rest = statekit.get_states(request).get(request.GET.get("state", ""), [{}])
    return Purpose((state.get("data") or {}).get("purpose", Purpose.SIGN_IN))


def word_of(request: HttpRequest, provider_id: str) -> Word:
    """The same, without knowing what it was for when it fails."""
    adapter = Adapter(request, provider_id)
    try:
        if is_from_another(request, adapter):
            raise ProviderFailed(Failure.NOT_VERIFIED)
        OAuth2CallbackView.adapter_view(adapter)(request)
    except CameBack as back:
        return back.word
    except SecretLost:
        raise ProviderFailed(Failure.SECRET_LOST) from None
    except ImmediateHttpResponse:
        raise ProviderFailed(Failure.NO_ANSWER) from None
    except InvalidOperation as error:
        raise ProviderFailed(Failure.NO_ANSWER, why=str(error)) from None
    except NONSENSE:
        raise ProviderFailed(Failure.NOT_VERIFIED) from None
    raise ProviderFailed(Failure.SENT_BACK)


def is_from_another(request: HttpRequest, adapter: Adapter) -> bool:
    """Whether the answer says that it is another provider's (RFC 9207)."""
    issuer = adapter.get_provider().app.settings["server_url"]
    return request.GET.get("iss", issuer).rstrip("/") != issuer


def failure_of(error: str | None, exception: Exception | None) -> Failure:
    """What went wrong, from what allauth says of it."""
    if error == AuthError.CANCELLED:
        return Failure.CANCELLED
    if exception is None:
        return Failure.SENT_BACK
    if isinstance(exception, asking.HTTPError):
        return Failure.NO_ANSWER
    is_refused = isinstance(exception, OAuth2Error) and "access token" in str(exception)
    return Failure.REFUSED_US if is_refused else Failure.NOT_VERIFIED


def checked(login: SocialLogin) -> Word:
    """The provider's word, if it answers what this browser asked of the provider as it is now.

    Signature, issuer, audience and times have been checked; raise ProviderFailed where the
    nonce, the authorised party or, for confirming, the time of signing in do not hold.
    """
    single = SingleSignOn.objects.select_related("account").get(
        account=int(login.provider.app.provider_id)
    )
    asked, claims = login.state["data"], login.account.extra_data.get("id_token") or {}
    holds = (
        secrets.compare_digest(str(claims.get("nonce", "")), asked["nonce"])
        and answers(asked, single, signed_in_at(claims))
        and str(claims.get("iss", "")).rstrip("/") == single.issuer
        and claims.get("azp", single.client_id) == single.client_id
    )
    if not holds:
        raise ProviderFailed(Failure.NOT_VERIFIED)
    return Word(single, claims, Purpose(asked["purpose"]), login.state.get("next", ""))


def signed_in_at(claims: dict[str, Any]) -> float:
    """When the person last gave the provider their password or the like, in seconds."""
    return float(claims.get("auth_time", claims.get("iat", 0)))
