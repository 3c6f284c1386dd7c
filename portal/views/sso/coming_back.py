"""Back from the account's provider: what follows from what it says."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.socialaccount.models import SocialApp
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.models import ProviderLink, SingleSignOn
from portal.outbound.unanswered import Busy
from portal.sign_in import ways_in
from portal.sign_in.standing import SignedInRequest
from portal.sign_in.ways_in import CHOSEN_ACCOUNT
from portal.sso import links, openid, refusals
from portal.sso.answers import Failure, ProviderFailed, Purpose, Word
from portal.sso.links import NotLetIn
from portal.views import confirmations
from portal.views.sso import trying_out
from portal.views.sso.leading import busy


@login_not_required
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponseBase:
    """Back from an OpenID Connect provider."""
    return came_back(request, functools.partial(openid.come_back, request, provider_id))


def came_back(request: HttpRequest, word_of: Callable[[], Word]) -> HttpResponseBase:
    """On with what the provider says; to where one came from if that makes no sense."""
    try:
        word = word_of()
    except (SocialApp.DoesNotExist, SingleSignOn.DoesNotExist):
        raise Http404 from None
    except ProviderFailed as failed:
        return back_as_nobody(request, failed)
    except Busy as later:
        return busy(request, later)
    answers: dict[Purpose, Callable[[Any, Word], HttpResponseBase]] = {
        Purpose.SIGN_IN: signed_in,
        Purpose.CONFIRM: go_on_confirmed,
        Purpose.TEST: trying_out.tell_what_came_of_it,
    }
    return answers[word.purpose](request, word)


def back_as_nobody(request: HttpRequest, failed: ProviderFailed) -> HttpResponse:
    """Where somebody goes who does not come back as anybody."""
    if failed.purpose == Purpose.TEST:
        return trying_out.tell_what_failed(request, failed)
    if failed.purpose == Purpose.CONFIRM:
        messages.error(request, _("Your provider did not confirm that it is you. Try again."))
        return redirect("portal:confirm_by_provider")
    messages.error(request, _("Single sign-on did not work. Try again, or sign in another way."))
    return redirect("portal:single_sign_on")


def signed_in(request: HttpRequest, word: Word) -> HttpResponse:
    """Go on as the person whom the provider vouches for; else say why not."""
    try:
        link = links.recognise(word.single, word.claims)
    except NotLetIn as refusal:
        messages.error(request, refusals.told_person(refusal, word.single))
        return redirect("portal:single_sign_on")
    return enter(request, link, word.next_url)


def enter(request: HttpRequest, link: ProviderLink, next_url: str) -> HttpResponse:
    """Sign the person in to this account, or open it too if they are signed in already."""
    user, account_id = link.membership.user, link.single_id
    if request.user == user:
        ways_in.add_provider(request.session, link)
        request.session[CHOSEN_ACCOUNT] = account_id
        return redirect(next_url or "portal:home")
    adapter = account_adapter(request)
    if request.user.is_authenticated:
        adapter.logout(request)
    ways_in.forget_half_steps(request)
    adapter.login(request, user)
    ways_in.begin_by_provider(request, link)
    request.session[CHOSEN_ACCOUNT] = account_id
    return adapter.post_login(
        request,
        user,
        email_verification="none",
        signal_kwargs=None,
        email=None,
        signup=False,
        redirect_url=next_url or None,
    )


def go_on_confirmed(request: SignedInRequest, word: Word) -> HttpResponseBase:
    """On with what the person was about to do, if the provider says that it is still them."""
    link = getattr(request.membership, "provider_link", None)
    is_them = link is not None and link.single_id == word.single.pk
    if link is None or not is_them or link.subject != word.claims["sub"]:
        return back_as_nobody(request, ProviderFailed(Failure.NOT_VERIFIED, Purpose.CONFIRM))
    confirmations.confirm(request, link)
    return confirmations.resume(request, word.next_url) or redirect("portal:home")
