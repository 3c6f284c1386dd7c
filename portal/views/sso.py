"""Single sign-on: its way in, and where owners set it up."""

from __future__ import annotations

import requests
from allauth.core import ratelimit
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from licensing.errors import InvalidOperation
from portal import social, sso
from portal.access import AccountRequest, actor, role_required
from portal.acts import ReasonForm, ask, refuse
from portal.models import Role, SingleSignOn


class AddressForm(forms.Form):
    """Whose single sign-on is looked for."""

    email = forms.EmailField(
        label=gettext_lazy("E-mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )


class DomainForm(forms.Form):
    """A domain to claim."""

    name = forms.CharField(
        label=gettext_lazy("Domain"),
        max_length=253,
        help_text=gettext_lazy("What stands after the @, such as example.com."),
    )


class ProviderForm(forms.Form):
    """What the provider's own pages say when the portal is registered there."""

    issuer = forms.URLField(
        label=gettext_lazy("Issuer"),
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Such as https://login.microsoftonline.com/your-tenant/v2.0."),
    )
    client_id = forms.CharField(label=gettext_lazy("Client ID"), max_length=200)
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted, and never shown again."),
    )


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Ask for the address; its domain leads to the provider. No person is looked up."""
    form = AddressForm(request.POST or None)
    if request.method != "POST":
        return render(request, "portal/sso_start.html", {"form": form})
    if refused := ratelimit.consume_or_429(request, action="login"):
        return refused
    found = sso.of_address(form.cleaned_data["email"]) if form.is_valid() else None
    if form.is_valid() and found is None:
        form.add_error(None, _("There is no single sign-on for this address."))
    if found is None:
        return render(request, "portal/sso_start.html", {"form": form}, status=422)
    policy = settings.SECURE_CSP | {"form-action": ["'self'", found.sign_in_origin]}
    context = {"provider_id": found.account_id, "origin": found.sign_in_origin}
    return csp_override(policy)(lambda _r: render(request, "portal/sso_go.html", context))(request)


@login_not_required
@require_POST
def login(request: HttpRequest, provider_id: str) -> HttpResponse:
    """To the provider; back to the start if it does not answer."""
    try:
        return openid_connect.login(request, provider_id)
    except (requests.RequestException, KeyError, TypeError):
        return social.failed(request)


@login_not_required
@require_safe
def callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the provider; to the start again if what it says makes no sense."""
    try:
        return openid_connect.callback(request, provider_id)
    except (requests.RequestException, KeyError, TypeError, ValueError):
        return social.failed(request)


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def settings_page(request: AccountRequest) -> HttpResponse:
    """The account's provider, and the domains that it speaks for."""
    form = ProviderForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sso.set_up(request.account, **form.cleaned_data, by=actor(request.user))
        except InvalidOperation as error:
            refuse(form, error)
        else:
            messages.success(request, _("People can sign in through your provider now."))
            return redirect("portal:sso_settings")
    return page(request, provider_form=form)


def page(request: AccountRequest, **forms_with_errors: forms.Form) -> HttpResponse:
    """The page of settings, with the forms that somebody filled in."""
    domains = list(request.account.email_domains.all())
    context = {
        "single": SingleSignOn.objects.filter(account=request.account).first(),
        "domains": [(domain, sso.record_name(domain)) for domain in domains],
        "callback": request.build_absolute_uri(
            reverse("openid_connect_callback", args=[request.account.pk])
        ),
        "domain_form": DomainForm(),
        "provider_form": ProviderForm(),
    } | forms_with_errors
    status = 422 if any(form.errors for form in forms_with_errors.values()) else 200
    return render(request, "portal/sso_settings.html", context, status=status)


@role_required(Role.OWNER)
@require_POST
def add_domain(request: AccountRequest) -> HttpResponse:
    """Claim a domain."""
    form = DomainForm(request.POST)
    if form.is_valid():
        try:
            sso.add_domain(request.account, form.cleaned_data["name"], by=actor(request.user))
        except InvalidOperation as error:
            refuse(form, error)
        else:
            messages.success(request, _("Now add the record to your DNS, then check it here."))
            return redirect("portal:sso_settings")
    return page(request, domain_form=form)


@role_required(Role.OWNER)
@require_POST
def check_domain(request: AccountRequest, domain_id: int) -> HttpResponse:
    """Look for the record in the DNS."""
    domain = get_object_or_404(request.account.email_domains, pk=domain_id)
    try:
        if sso.check_domain(domain, by=actor(request.user)):
            messages.success(request, _("%s is verified.") % domain)
        else:
            messages.error(request, _("The record is not there yet. It can take an hour."))
    except InvalidOperation as error:
        messages.error(request, str(error))
    return redirect("portal:sso_settings")


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_domain(request: AccountRequest, domain_id: int) -> HttpResponse:
    """Take a domain off the list, after saying what that means."""
    domain = get_object_or_404(request.account.email_domains, pk=domain_id)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        sso.remove_domain(domain, by=actor(request.user), reason=form.cleaned_data["reason"])
        messages.success(request, _("Removed."))
        return redirect("portal:sso_settings")
    return ask(
        request,
        form,
        title=_("Remove %s?") % domain,
        effects=[_("Nobody with an address there uses single sign-on any more.")],
        button=_("Remove domain"),
        back=reverse("portal:sso_settings"),
    )


@role_required(Role.OWNER)
@require_http_methods(["GET", "HEAD", "POST"])
def turn_off(request: AccountRequest) -> HttpResponse:
    """Forget the provider, after saying what that means."""
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sso.turn_off(
                request.account, by=actor(request.user), reason=form.cleaned_data["reason"]
            )
        except InvalidOperation as error:
            messages.info(request, str(error))
        else:
            messages.success(request, _("Single sign-on is off."))
        return redirect("portal:sso_settings")
    return ask(
        request,
        form,
        title=_("Turn single sign-on off?"),
        effects=[_("Everybody signs in with a password, a passkey or a mailed code.")],
        button=_("Turn it off"),
        back=reverse("portal:sso_settings"),
    )
