"""Who asks: an API token, within its scopes and so many times a minute."""

from __future__ import annotations

from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy

from licensing import audit, errors
from licensing.api import addresses, brake
from portal.models import ApiToken, Scope
from portal.sign_in import api_tokens, token_networks
from portal.words.aliases import Names, shows_aliases

logger = structlog.get_logger(__name__)

NO_SCOPE = gettext_lazy("This API token may not do that: it has no scope {scope}.")


def authorise(request: HttpRequest, scope: Scope | None = None) -> ApiToken:
    """The token that the request proves itself by, with its account.

    Raise TokenInvalid unless it works now, RateLimited when it was used too often this
    minute, and ScopeMissing when it may not do this.
    """
    token = proven(request, api_tokens.find)
    brake_on(f"api-token:{token.pk}")
    token_networks.note(token, addresses.of(request), by=actor(token))
    api_tokens.note_use(token, addresses.of(request))
    if scope and not token.may(scope):
        whose = {"token": token.pk, "accounts": str(token.account_id)}
        logger.warning("act_refused", address=addresses.of(request), scope=str(scope), **whose)
        raise errors.ScopeMissing(format_lazy(NO_SCOPE, scope=str(scope)))
    return token


def proven[Token](request: HttpRequest, find: Callable[[str], Token]) -> Token:
    """The token that the request has; raise TokenInvalid unless one is found that works."""
    scheme, _, plain = request.headers.get("Authorization", "").partition(" ")
    try:
        token = find(plain.strip() if scheme.lower() == "bearer" else "")
    except errors.TokenInvalid:
        logger.warning("api_token_refused", address=addresses.of(request))
        raise
    request.asked_by = token  # type: ignore[attr-defined] # for the log
    return token


def brake_on(counter: str) -> None:
    """Raise RateLimited when this was counted too often this minute."""
    if brake.count(counter) > settings.API_REQUESTS_PER_MINUTE:
        raise errors.RateLimited


def names_for(token: ApiToken) -> Names:
    """The names as the token's program may see them: as viewers do, unless an owner said more."""
    hidden = shows_aliases(token.account) and not token.may(Scope.NAMES)
    return Names(token.account, are_aliases=hidden)


def actor(token: ApiToken) -> audit.Actor:
    """The token, as the audit record names it for good."""
    return audit.Actor("token", str(token.pk), token.name)
