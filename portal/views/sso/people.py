"""Whom an account's provider has vouched for."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from portal.acts import ReasonForm
from portal.lists.paging import page_of
from portal.models import ProviderLink, Role
from portal.sign_in import two_step
from portal.sso import email_domains, single_sign_on
from portal.views.access import AccountRequest, require_safe_or_post, role_required
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required


@require_safe
@role_required(Role.OWNER)
def people(request: AccountRequest) -> HttpResponse:
    """Whom the provider speaks for, and whom it has vouched for already."""
    concerned = email_domains.people_in(request.account).select_related("provider_link")
    concerned = concerned.annotate(has_two_step=two_step.steps_of("user"))
    shown = page_of(concerned, email_domains.PEOPLE, request.GET, total=concerned.count())
    rows = [(member, getattr(member, "provider_link", None)) for member in shown]
    return render(request, "portal/sso/people.html", {"page": shown, "rows": rows})


@require_safe_or_post
@role_required(Role.OWNER)
@confirmation_required
def unlink_person(request: AccountRequest, link_id: int) -> HttpResponse:
    """Forget who a person is at the provider."""
    links = ProviderLink.objects.select_related("single__account", "membership__user")
    link = get_object_or_404(links, pk=link_id, single=request.account.pk)
    act = Act(
        title=_("Unlink %s?") % link.membership.user,
        effects=[
            _("What they have open through the provider closes."),
            _(
                "Whoever signs in at the provider next with the address %s becomes this person "
                "here. Do it when the provider gave them a new sign-in, not to keep them out."
            )
            % link.membership.user.email,
        ],
        button=_("Unlink"),
        back=reverse("portal:sso_people"),
    )

    def do(form: ReasonForm) -> str:
        single_sign_on.unlink(link, by=request.user.as_actor, reason=form.cleaned_data["reason"])
        return _("%s is unlinked.") % link.membership.user

    return carry_out(request, act, ReasonForm(request.POST or None), do)
