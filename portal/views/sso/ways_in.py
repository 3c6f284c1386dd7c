"""Single sign-on as people meet it: the ways in, and what leads to them."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.core import ratelimit
from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from portal.models import Role, SingleSignOn
from portal.outbound.unanswered import Busy
from portal.sign_in import ways_in
from portal.sign_in.standing import SignedInRequest, Standing
from portal.sso import single_sign_on
from portal.sso.answers import ProviderFailed, Purpose
from portal.sso.providers import go
from portal.views.access import open_while_closed, require_safe_or_post
from portal.views.redirects import next_address, with_next
from portal.views.sso.coming_back import back_as_nobody
from portal.views.sso.leading import busy, lead, page_to

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
        return back_as_nobody(request, failed)
    except Busy as later:
        return busy(request, later, single)


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
    return redirect(with_next(reverse("account_login"), next_address(request, "portal:home")))


@open_while_closed
@require_safe
def confirm_by_provider(request: SignedInRequest) -> HttpResponse:
    """Ask somebody who came in by the provider alone to be confirmed there."""
    standing = request.standing
    if standing is None or request.is_closed:
        return redirect("portal:home")
    if not ways_in.is_by_provider(request.session, standing):
        return redirect("portal:home")
    single = standing.membership.account.single_sign_on
    context = {"single": single, "next": request.GET.get("next", "")}
    return page_to(request, single, "portal/sso/confirm.html", context)
