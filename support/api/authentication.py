"""Who asks: a staff token, within its scopes, its maker's rights and so many times a minute."""

from __future__ import annotations

import structlog
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import format_lazy

from licensing import errors
from licensing.api import addresses
from portal.api.authentication import NO_SCOPE, brake_on, proven
from portal.sign_in import api_tokens
from support import tokens
from support.models import StaffToken, VendorScope

logger = structlog.get_logger(__name__)

NO_RIGHT = "This API token may not do that: {maker}, who made it, has no right to do it."


def authorise(request: HttpRequest, scope: VendorScope, right: str) -> StaffToken:
    """The token that the request proves itself by, with whoever made it.

    Raise TokenInvalid unless it works now, RateLimited when it was used too often this minute,
    and ScopeMissing when it lacks the scope, or its maker the ``right``.
    """
    token = proven(request, tokens.find)
    brake_on(f"staff-token:{token.pk}")
    api_tokens.note_use(token, addresses.of(request))
    if not token.may(scope):
        raise refused(request, token, scope, format_lazy(NO_SCOPE, scope=str(scope)))
    if not token.made_by.has_perm(right):
        told = NO_RIGHT.format(maker=token.made_by.name)
        raise refused(request, token, scope, told)
    return token


def refused(
    request: HttpRequest, token: StaffToken, scope: VendorScope, told: str | Promise
) -> errors.ScopeMissing:
    """The error, which the log tells too."""
    whose = {"staff_token": token.pk, "scope": str(scope)}
    logger.warning("act_refused", address=addresses.of(request), **whose)
    return errors.ScopeMissing(told)
