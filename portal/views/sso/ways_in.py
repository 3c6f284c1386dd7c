"""Single sign-on as people meet it: the ways in, and what leads to them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.internal.flows.reauthentication import resume_request
from allauth.core import ratelimit
from allauth.socialaccount.models import SocialApp
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_safe

from portal.models import ProviderLink, Role, SingleSignOn
from portal.models.sso import domain_of
from portal.people.members import whom_to_ask
from portal.sign_in import ways_in
from portal.sign_in.standing import SignedInRequest, Standing
from portal.sign_in.ways_in import CHOSEN_ACCOUNT
from portal.sso import links, openid, single_sign_on
from portal.sso.answers import Failure, ProviderFailed, Purpose, Word
from portal.sso.links import NotLetIn, Why
from portal.sso.providers import go
from portal.sso.unanswered import Busy
from portal.views import confirmations
from portal.views.access import open_while_closed, require_safe_or_post
from portal.views.redirects import next_address
from portal.views.sso import trying_out

WANTS_OWN_WAY = "wants_own_way"


class AddressForm(forms.Form):
    """Whose single sign-on is looked for."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


@login_not_required
@open_while_closed
@require_safe_or_post
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the address; its domain leads to the provider. No person is looked up."""
    form = AddressForm(request.POST or None)
    if request.method != "POST":
        return render(request, "portal/sso/start.html", {"form": form})
    if refused := ratelimit.consume_or_429(request, action="login"):
        return refused
    found = single_sign_on.of_address(form.cleaned_data["email"]) if form.is_valid() else None
    if form.is_valid() and found is None:
        form.add_error(None, _("There is no single sign-on for this address."))
    if found is None:
        return render(request, "portal/sso/start.html", {"form": form}, status=422)
    return lead(request, found, form.cleaned_data["email"])


def lead(request: HttpRequest, single: SingleSignOn, email: str) -> HttpResponse:
    """The page that sends the browser to the provider. It says the same of every address."""
    context = {
        "single": single,
        "domain": domain_of(email),
        "next": request.POST.get("next", ""),
    }
    return page_to(request, single, "portal/sso/go.html", context)


def page_to(
    request: HttpRequest,
    single: SingleSignOn | None,
    template: str,
    context: dict[str, Any],
    status: int = 200,
) -> HttpResponse:
    """A page whose forms may lead to the provider: the policy names it, for redirects count."""
    answer = functools.partial(render, request, template, context, status=status)
    if single is None:
        return answer()
    policy: dict[str, Any] = settings.SECURE_CSP | {
        "form-action": ["'self'", single.sign_in_origin]
    }
    return csp_override(policy)(lambda _r: answer())(request)


def unless_required(
    view: Callable[..., HttpResponseBase], field: str
) -> Callable[..., HttpResponseBase]:
    """One of allauth's ways in, which leads to the provider where that is required.

    The address's domain alone decides, before anybody is looked up. Who said that they
    want another way takes it; what it opens is decided for each account.
    """

    @login_not_required
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_asked = request.method == "POST" and WANTS_OWN_WAY not in request.session
        found = single_sign_on.required_of(request.POST.get(field, "")) if is_asked else None
        if found is None:
            return view(request, *args, **kwargs)
        if refused := ratelimit.consume_or_429(request, action="login"):
            return refused
        return lead(request, found, request.POST[field])

    return guarded


@login_not_required
@require_safe_or_post
def login(request: HttpRequest, account_id: int) -> HttpResponse:
    """To the provider, by a button for whoever comes by a link, such as a tile at the provider."""
    single = get_object_or_404(SingleSignOn, account=account_id)
    if request.method != "POST":
        return page_to(request, single, "portal/sso/go.html", {"single": single})
    if refused := ratelimit.consume_or_429(request, action="provider", key=str(account_id)):
        return refused
    is_confirming = request.POST.get("purpose") == Purpose.CONFIRM and request.user.is_authenticated
    purpose = Purpose.CONFIRM if is_confirming else Purpose.SIGN_IN
    try:
        return go(request, single, purpose, next_url=next_address(request, "portal:home"))
    except ProviderFailed as failed:
        return back(request, failed)
    except Busy as later:
        return busy(request, later, single)


@login_not_required
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from an OpenID Connect provider."""
    return came_back(request, functools.partial(openid.come_back, request, provider_id))


def came_back(request: HttpRequest, word_of: Callable[[], Word]) -> HttpResponse:
    """On with what the provider says; to where one came from if that makes no sense."""
    try:
        word = word_of()
    except (SocialApp.DoesNotExist, SingleSignOn.DoesNotExist):
        raise Http404 from None
    except ProviderFailed as failed:
        return back(request, failed)
    except Busy as later:
        return busy(request, later)
    answers: dict[Purpose, Callable[[Any, Word], HttpResponse]] = {
        Purpose.SIGN_IN: signed_in,
        Purpose.CONFIRM: confirmed,
        Purpose.TEST: trying_out.told,
    }
    return answers[word.purpose](request, word)


def busy(request: HttpRequest, later: Busy, single: SingleSignOn | None = None) -> HttpResponse:
    """Why nobody was asked, and the button or link that tries again."""
    context = {
        "why": later,
        "single": single,
        "next": request.POST.get("next", ""),
        "purpose": request.POST.get("purpose", ""),
    }
    response = page_to(request, single, "portal/sso/busy.html", context, status=503)
    response["Retry-After"] = str(later.seconds)
    response._has_been_logged = True  # type: ignore[attr-defined]  # no error: strangers cause it
    return response


def back(request: HttpRequest, failed: ProviderFailed) -> HttpResponse:
    """Where somebody goes who does not come back as anybody."""
    if failed.purpose == Purpose.TEST:
        return trying_out.failed(request, failed)
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
        messages.error(request, refusal_in_words(refusal, word.single))
        return redirect("portal:single_sign_on")
    return enter(request, link, word.next_url)


def refusal_in_words(refusal: NotLetIn, single: SingleSignOn) -> str:
    """What somebody reads who is not let in; the account's owners only if it vouches for them."""
    words = {
        "email": refusal.email,
        "account": single.account,
        "names": whom_to_ask(single.account, Role.OWNER),
    }
    if refusal.why is Why.UNKNOWN:
        return _("Nobody has added %(email)s to %(account)s. Ask %(names)s to invite you.") % words
    if refusal.why is Why.SOMEBODY_ELSE:
        return (
            _(
                "%(email)s was somebody else's at your provider before. If it is yours now, ask "
                "%(names)s to unlink it."
            )
            % words
        )
    if refusal.why is Why.SET_UP_ANEW:
        return _("The sign-in service was set up anew meanwhile. Try again.")
    return _("You are signed in there, but no person of the account has that e-mail address.")


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


@open_while_closed
@require_safe
def closed(request: SignedInRequest) -> HttpResponse:
    """Why the account is not open to the way that the person signed in, and what opens it."""
    standing = request.standing
    if standing is None or not request.is_closed:
        return redirect("portal:home")
    membership = standing.membership
    single = getattr(membership.account, "single_sign_on", None)
    leads_to = single if standing.is_in_domain else None
    others = ways_in.accounts(request).exclude(pk=membership.account_id)
    context = {
        "membership": membership,
        "single": leads_to,
        "is_required": ways_in.needs_provider(standing),
        "may_go_without": may_go_without(request, standing),
        "others": others,
        "next": request.GET.get("next", ""),
    }
    return page_to(request, leads_to, "portal/sso/closed.html", context)


def may_go_without(request: HttpRequest, standing: Standing) -> bool:
    """Whether the page offers the way for owners in an emergency."""
    is_owner = standing.membership.role == Role.OWNER and ways_in.needs_provider(standing)
    return is_owner and ways_in.has_own(request.session)


@login_not_required
@open_while_closed
@require_safe_or_post
def own_way(request: HttpRequest) -> HttpResponse:
    """To the person's own way of signing in, signed out of what a provider opened."""
    if request.method != "POST":
        return render(request, "portal/sso/own_way.html")
    if request.user.is_authenticated:
        account_adapter(request).logout(request)
    request.session[WANTS_OWN_WAY] = True
    query = urlencode({"next": next_address(request, "portal:home")})
    response = redirect("account_login")
    response["Location"] += f"?{query}"
    return response


@open_while_closed
@require_safe
def confirm(request: SignedInRequest) -> HttpResponse:
    """Ask somebody who came in by the provider alone to be confirmed there."""
    standing = request.standing
    if standing is None or request.is_closed:
        return redirect("portal:home")
    if not ways_in.is_by_provider(request.session, standing):
        return redirect("portal:home")
    single = standing.membership.account.single_sign_on
    context = {"single": single, "next": request.GET.get("next", "")}
    return page_to(request, single, "portal/sso/confirm.html", context)


def confirmed(request: SignedInRequest, word: Word) -> HttpResponse:
    """On with what the person was about to do, if the provider says that it is still them."""
    link = getattr(request.membership, "provider_link", None)
    is_them = link is not None and link.single_id == word.single.pk
    if link is None or not is_them or link.subject != word.claims["sub"]:
        return back(request, ProviderFailed(Failure.NOT_VERIFIED, Purpose.CONFIRM))
    confirmations.confirm(request, link)
    request.GET = QueryDict(urlencode({"next": word.next_url}))  # where allauth looks for it
    return resume_request(request) or redirect("portal:home")
