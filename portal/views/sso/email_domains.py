"""The e-mail domains that owners claim for their account."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from licensing.errors import InvalidOperation
from portal.acts import ReasonForm
from portal.models import Role
from portal.sent.forms import once
from portal.sso import email_domains
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required


class DomainForm(forms.Form):
    """A domain to claim."""

    name = forms.CharField(
        label=gettext_lazy("Domain"),
        max_length=253,
        help_text=gettext_lazy("What stands after the @, such as example.com."),
    )


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
@once
def add_domain(request: AccountRequest) -> HttpResponse:
    """Claim a domain."""

    def do(form: DomainForm) -> str:
        email_domains.add(request.account, form.cleaned_data["name"], by=request.user.as_actor)
        return _("Now add the record to your DNS, then check it here.")

    return carry_out(request, act_of_adding_domain(), DomainForm(request.POST or None), do)


def act_of_adding_domain() -> Act:
    """What its page says; the settings have its form too."""
    return Act(
        title=_("Add an e-mail domain"),
        effects=[_("Your DNS has to say that it is yours. Which record, you read next.")],
        button=_("Add domain"),
        back=reverse("portal:sso_settings"),
    )


@require_POST
@role_required(Role.OWNER)
@confirmation_required
def check_domain(request: AccountRequest, domain_id: int) -> HttpResponse:
    """Look for the record in the DNS."""
    domain = get_object_or_404(request.account.email_domains, pk=domain_id)
    try:
        if email_domains.check(domain, by=request.user.as_actor):
            messages.success(request, _("%s is verified.") % domain)
        else:
            messages.error(request, _("The record is not there yet. It can take an hour."))
    except InvalidOperation as error:
        messages.error(request, str(error))
    return redirect("portal:sso_settings")


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def remove_domain(request: AccountRequest, domain_id: int) -> HttpResponse:
    """Take a domain off the list, after saying what that means."""
    domain = get_object_or_404(request.account.email_domains, pk=domain_id)
    act = Act(
        title=_("Remove %s?") % domain,
        effects=[
            _("Nobody with an address there uses single sign-on any more."),
            _("Whoever is signed in through it signs in again, in another way."),
        ],
        button=_("Remove domain"),
        back=reverse("portal:sso_settings"),
    )

    def do(form: ReasonForm) -> str:
        email_domains.remove(domain, by=request.user.as_actor, reason=form.cleaned_data["reason"])
        return _("Removed.")

    return carry_out(request, act, ReasonForm(request.POST or None), do)
