"""An owner tries the provider out, before anybody depends on it."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from licensing.errors import InvalidOperation
from portal.models import Role
from portal.outbound.unanswered import Busy
from portal.sso import links, refusals, single_sign_on
from portal.sso.answers import Failure, ProviderFailed, Purpose, Word
from portal.sso.links import NotLetIn
from portal.sso.providers import go
from portal.views.access import AccountRequest, role_required


@require_POST
@role_required(Role.OWNER)
def try_out(request: AccountRequest) -> HttpResponse:
    """To the provider, as somebody who signs in would go."""
    single = single_sign_on.of_account(request.account)
    if single is None:
        messages.error(request, _("Single sign-on is off."))
        return redirect("portal:sso_settings")
    try:
        return go(request, single, Purpose.TEST)
    except ProviderFailed as stopped:
        return tell_what_failed(request, stopped)
    except Busy as busy:
        messages.error(request, str(busy))
        return redirect("portal:sso_settings")


def tell_what_came_of_it(request: AccountRequest, word: Word) -> HttpResponse:
    """The test's outcome in words; it counts if it would have let in somebody of the account."""
    if request.account != word.single.account or not request.membership.allows(Role.OWNER):
        raise PermissionDenied(Role.OWNER)
    try:
        member = links.membership_of(word.single, word.claims)
    except NotLetIn as refusal:
        messages.error(request, refusals.told_owner(refusal))
        return redirect("portal:sso_settings")
    try:
        single_sign_on.mark_tested(word.single, by=request.user.as_actor)
    except InvalidOperation as error:
        messages.error(request, str(error))
        return redirect("portal:sso_settings")
    text = _("It works: your provider answered, and would have let %s in.")
    messages.success(request, text % f"{member.user} ({member.user.email})")
    return redirect("portal:sso_settings")


def tell_what_failed(request: HttpRequest, stopped: ProviderFailed) -> HttpResponse:
    """The outcome of a test from which nobody came back as anybody."""
    text = {
        Failure.CANCELLED: _("You cancelled at the provider. Nothing was tested."),
        Failure.SENT_BACK: _(
            "The provider sent you back without signing you in. Look at what it lets people "
            "do, and start the test from here."
        ),
        Failure.REFUSED_US: _(
            "The provider does not take the portal's word. Check client ID, client secret and "
            "redirect address."
        ),
        Failure.NOT_VERIFIED: _(
            "The provider answered, but its word could not be verified. Compare what it has of "
            "the portal, and the portal of it, with the values below."
        ),
        Failure.NO_LASTING_ID: _(
            "The provider answered, but names people anew each time. Let it send a lasting name "
            "ID, such as a persistent one."
        ),
        Failure.NO_ANSWER: _("The provider did not answer."),
        Failure.SECRET_LOST: _("The client secret can't be read any more. Enter it anew below."),
    }[stopped.failure]
    messages.error(request, f"{text} {stopped.why}".strip())
    return redirect("portal:sso_settings")
