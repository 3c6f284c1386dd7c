"""What an OpenID Connect provider says of itself, by OpenID Connect Discovery 1.0."""

from __future__ import annotations

import json
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _

from licensing.errors import InvalidOperation
from portal.outbound import asking, turns

KEPT_FOR = 300
"""Seconds in which signing in does not ask again."""
LONGEST_ISSUER = 300
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
AUTH_METHODS = "token_endpoint_auth_methods_supported"


def kept(issuer: str, account_id: int) -> dict[str, Any]:
    """The account's provider, as it described itself five minutes ago at most.

    Raise as ``asked``.
    """
    key = f"openid:{issuer}"
    found: dict[str, Any] | None = cache.get(key)
    if found is None:
        with turns.turn(account_id):
            found = asked(issuer)
        cache.set(key, found, timeout=KEPT_FOR)
    return found


def asked(issuer: str) -> dict[str, Any]:
    """The provider's addresses, and how it wants to be asked for tokens.

    Raise Unanswered, Busy, and InvalidOperation for what is no provider, or another one.
    """
    found = document_of(issuer)
    if found["issuer"].rstrip("/") != issuer:
        raise InvalidOperation(other_issuer(found["issuer"]))
    if not all(asking.is_allowed(found[name]) for name in ENDPOINTS):
        raise InvalidOperation(_("The provider names addresses that do not begin with https."))
    methods = found.get(AUTH_METHODS)
    wanted = {name: found[name] for name in ("issuer", *ENDPOINTS)}
    return wanted | {AUTH_METHODS: methods if isinstance(methods, list) else []}


def document_of(issuer: str) -> dict[str, Any]:
    """What stands there, with all that is needed of it as texts."""
    try:
        found = json.loads(asking.read(f"{issuer}/.well-known/openid-configuration"))
    except (ValueError, RecursionError):
        found = None
    names = ("issuer", *ENDPOINTS)
    if isinstance(found, dict) and all(isinstance(found.get(name), str) for name in names):
        return found
    raise InvalidOperation(
        _("The address answers, but not as an OpenID Connect provider: there is no such document.")
    )


def other_issuer(named: str) -> str:
    """That the provider has another name, which is repeated if it looks like one."""
    if asking.is_allowed(named) and named.isprintable() and len(named) <= LONGEST_ISSUER:
        return _("The provider there calls itself %s. Give that as the issuer.") % named
    return _("The provider there calls itself by another name than this issuer.")
