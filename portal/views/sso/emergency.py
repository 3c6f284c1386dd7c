"""How owners open their account when its provider fails."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.acts import ReasonForm
from portal.sign_in import ways_in
from portal.sign_in.standing import SignedInRequest, Standing
from portal.sso import single_sign_on
from portal.views.access import open_while_closed, require_safe_or_post
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required
from portal.views.sso.ways_in import may_go_without


@open_while_closed
@require_safe_or_post
@confirmation_required
def without_provider(request: SignedInRequest) -> HttpResponse:
    """Open the account for an owner who signed in with a second step; everybody is told."""
    standing = request.standing
    if standing is None or not request.is_closed:
        return redirect("portal:home")
    membership = standing.membership
    act = Act(
        title=_("Open %s without single sign-on?") % membership.account,
        effects=[
            _("It is for emergencies: the provider fails, or does not know you any more."),
            _("Your name and reason are recorded, and all owners get a mail."),
        ],
        button=_("Open it"),
        back=reverse("portal:closed"),
        refused=why_not_without_provider(request, standing),
    )

    def do(form: ReasonForm) -> HttpResponse:
        by, reason = request.user.as_actor, form.cleaned_data["reason"]
        single_sign_on.note_emergency(membership, by=by, reason=reason)
        ways_in.open_without_provider(request.session, membership)
        messages.success(request, _("%s is open until you sign out.") % membership.account)
        return redirect("portal:home")

    return carry_out(request, act, ReasonForm(request.POST or None), do)


def why_not_without_provider(request: HttpRequest, standing: Standing) -> str:
    """Why the person may not do this; empty if they may."""
    if not may_go_without(request, standing):
        return _("Only owners who signed in a way of their own open it without single sign-on.")
    if not standing.has_two_step:
        return _("Only owners with two-step sign-in or a passkey open it, and you have neither.")
    if not ways_in.used_two_step(request):
        return _("Sign out, and in again with your second step, then come back here.")
    return ""
