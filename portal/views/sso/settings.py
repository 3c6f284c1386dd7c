"""Where owners set single sign-on up: the provider, and the domains that it speaks for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from licensing import audit
from licensing.errors import InvalidOperation
from licensing.models import Account
from licensing.names import one_line
from portal.acts import refuse
from portal.models import Protocol, Role, SingleSignOn
from portal.outbound import asking, turns
from portal.sso import email_domains, saml, saml_metadata, saml_renewals, single_sign_on
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.confirmations import confirmation_required
from portal.views.sso.email_domains import DomainForm, act_of_adding_domain
from portal.views.sso.leading import page_to


class OpenIDForm(forms.Form):
    """What the provider's own pages say when the portal is registered there."""

    issuer = forms.URLField(
        label=gettext_lazy("Issuer"),
        max_length=300,
        assume_scheme="https",
        help_text=gettext_lazy("Such as https://login.microsoftonline.com/your-tenant/v2.0."),
    )
    client_id = forms.CharField(
        validators=[one_line], label=gettext_lazy("Client ID"), max_length=200
    )
    secret = forms.CharField(
        label=gettext_lazy("Client secret"),
        max_length=500,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("Kept encrypted, and never shown again."),
    )

    def set_up(self, account: Account, by: audit.Actor) -> None:
        """Make it the account's provider. Raise InvalidOperation when it cannot be."""
        single_sign_on.set_up_openid(account, **self.cleaned_data, by=by)


class SamlForm(forms.Form):
    """The provider's metadata, or where it is."""

    metadata_url = forms.URLField(
        label=gettext_lazy("Metadata address"),
        max_length=1024,
        required=False,
        assume_scheme="https",
        help_text=gettext_lazy(
            "It is read anew each hour, so that new certificates come by themselves."
        ),
    )
    metadata = forms.CharField(
        label=gettext_lazy("Or the metadata itself"),
        max_length=asking.LARGEST,
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "class": "mono", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "The XML, for a provider that publishes none. New certificates are then given here."
        ),
    )

    def clean(self) -> dict[str, Any]:
        """Want one of the two."""
        given = [name for name in ("metadata_url", "metadata") if self.cleaned_data.get(name)]
        if len(given) != 1 and not self.errors:
            raise forms.ValidationError(_("Give the address, or the metadata itself: one of them."))
        return self.cleaned_data

    def set_up(self, account: Account, by: audit.Actor) -> None:
        """Make it the account's provider. Raise InvalidOperation when it cannot be."""
        url = self.cleaned_data["metadata_url"]
        text = self.cleaned_data["metadata"].encode()
        with turns.turn(account.pk):
            metadata = saml_metadata.read(url) if url else saml_metadata.parse(text)
        single_sign_on.set_up_saml(account, metadata, metadata_url=url, by=by)


FORMS = {Protocol.OPENID: OpenIDForm, Protocol.SAML: SamlForm}


@require_safe_or_post
@role_required(Role.OWNER)
def sso_settings(request: AccountRequest) -> HttpResponseBase:
    """The account's provider, the domains that it speaks for, and whether it is required."""
    single = single_sign_on.of_account(request.account)
    protocol = protocol_of(request, single)
    form = FORMS[protocol](request.POST or None, initial=known(single))
    if request.method == "POST":
        return set_up_provider(request, single, protocol, form)
    return page_of_settings(request, single, protocol, form)


@confirmation_required
def set_up_provider(
    request: AccountRequest,
    single: SingleSignOn | None,
    protocol: Protocol,
    form: OpenIDForm | SamlForm,
) -> HttpResponse:
    """Take the provider that somebody filled in, who has just confirmed that it is them."""
    if not form.is_valid():
        return page_of_settings(request, single, protocol, form)
    try:
        form.set_up(request.account, request.user.as_actor)
    except InvalidOperation as error:
        refuse(form, error)
        return page_of_settings(request, single, protocol, form)
    messages.success(request, _("People can sign in through your provider now. Test it next."))
    return redirect("portal:sso_settings")


def protocol_of(request: AccountRequest, single: SingleSignOn | None) -> Protocol:
    """Which form the page shows: that asked for, else that of the account's provider."""
    asked = (request.POST or request.GET).get("protocol")
    if asked in Protocol.values:
        return Protocol(asked)
    return Protocol(single.protocol) if single else Protocol.OPENID


def known(single: SingleSignOn | None) -> dict[str, str]:
    """What the form need not ask for again."""
    names = ("issuer", "client_id", "metadata_url")
    return {name: getattr(single, name) for name in names} if single else {}


def page_of_settings(
    request: AccountRequest, single: SingleSignOn | None, protocol: Protocol, form: forms.Form
) -> HttpResponse:
    """The page of settings, with the form as somebody filled it in."""
    domains = request.account.email_domains.all()
    context = {
        "single": single,
        "why_not": single_sign_on.why_not_required(single, request.user) if single else "",
        "certificates": certificates_of(single),
        "domains": [(domain, email_domains.record_name(domain)) for domain in domains],
        "protocol": protocol,
        "protocols": Protocol,
        "to_register": to_register(request, protocol),
        "domain_form": DomainForm(),
        "adding_a_domain": act_of_adding_domain(),
        "provider_form": form,
    }
    status = 422 if form.errors else 200
    return page_to(request, single, "portal/sso/settings.html", context, status=status)


def certificates_of(single: SingleSignOn | None) -> list[saml_metadata.Certificate]:
    """What the provider's SAML answers are checked with."""
    return [saml_metadata.described(text) for text in single.certificates] if single else []


def to_register(request: AccountRequest, protocol: Protocol) -> list[tuple[str, str]]:
    """What the provider has to be told of the portal, each by the name that it has there."""
    account_id = request.account.pk
    if protocol == Protocol.OPENID:
        callback = reverse("openid_connect_callback", args=[account_id])
        return [(_("Redirect address"), request.build_absolute_uri(callback))]
    return [
        (_("Identifier (entity ID) and metadata"), saml.address("saml_metadata", account_id)),
        (_("Reply address (ACS)"), saml.address("saml_answer", account_id)),
        (_("Sign-on address, for a tile"), saml.address("provider_login", account_id)),
    ]


@require_POST
@role_required(Role.OWNER)
@confirmation_required
def renew_metadata(request: AccountRequest) -> HttpResponse:
    """Read the provider's metadata anew, now."""
    single = single_sign_on.of_account(request.account)
    if single is None or not single.metadata_url:
        messages.error(request, _("There is no address to read metadata from."))
        return redirect("portal:sso_settings")
    try:
        with turns.turn(single.pk):
            is_new = saml_renewals.renew(single, by=request.user.as_actor)
    except InvalidOperation as error:
        messages.error(request, str(error))
    else:
        told = _("The provider has new values.") if is_new else _("Nothing has changed there.")
        messages.success(request, told)
    return redirect("portal:sso_settings")
