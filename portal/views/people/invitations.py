"""Accepting an invitation to an account."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import login, password_validation
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from licensing.errors import AlreadyDone
from licensing.names import one_line
from portal.models import Invitation, User
from portal.people import invitations
from portal.sign_in import sign_ins
from portal.sign_in.ways_in import CHOSEN_ACCOUNT
from portal.sso import single_sign_on
from portal.views.access import open_while_closed, require_safe_or_post


class NewcomerForm(forms.Form):
    """The name and password of somebody who signs in here for the first time."""

    name = forms.CharField(
        validators=[one_line],
        label=gettext_lazy("Your name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=gettext_lazy("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("12 characters or more. A few words that you remember are best."),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def clean_password(self) -> str:
        """The password; refused when it is too easy to guess for this person."""
        password = self.cleaned_data["password"]
        person = User(email=self.email, name=self.cleaned_data.get("name", ""))
        password_validation.validate_password(password, person)
        return password


@login_not_required
@open_while_closed
@never_cache
@sensitive_post_parameters("password")
@require_safe_or_post
def invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Join an account: a newcomer sets a name and a password, others sign in first."""
    invitation = get_object_or_404(Invitation.objects.select_related("account"), code=code)
    state = state_of(invitation, request)
    form = newcomer_form(request, invitation) if state == "newcomer" else None
    if request.method == "POST" and state in ("newcomer", "member"):
        if form is None or form.is_valid():
            return accept_invitation(request, invitation, form)
        return page_of_invitation(request, invitation, state, form, status=422)
    return page_of_invitation(request, invitation, state, form)


def state_of(invitation: Invitation, request: HttpRequest) -> str:
    """Used, ended, or open for whom: see the head of the template."""
    if invitation.accepted_at:
        return "used"
    if invitation.cancelled_at or invitation.ends_at <= timezone.now():
        return "ended"
    if request.user.is_authenticated:
        is_theirs = request.user.email.lower() == invitation.email.lower()
        return "member" if is_theirs else "somebody_else"
    if User.objects.of_address(invitation.email):
        return "sign_in"
    single = single_sign_on.required_of(invitation.email)
    is_theirs = single is not None and single.pk == invitation.account_id
    return "provider" if is_theirs else "newcomer"


def newcomer_form(request: HttpRequest, invitation: Invitation) -> NewcomerForm:
    """The form, filled in if it was sent."""
    return NewcomerForm(request.POST or None, email=invitation.email)


def accept_invitation(
    request: HttpRequest, invitation: Invitation, form: NewcomerForm | None
) -> HttpResponse:
    """Join the account and go to its home page, signed in."""
    try:
        user = invitations.accept(invitation, **(form.cleaned_data if form else {}))
    except AlreadyDone:
        invitation.refresh_from_db()
        return page_of_invitation(request, invitation, state_of(invitation, request), None)
    if form:
        login(request, user)
        sign_ins.record(request, user)
    request.session[CHOSEN_ACCOUNT] = invitation.account_id
    return redirect("portal:home")


def page_of_invitation(
    request: HttpRequest,
    invitation: Invitation,
    state: str,
    form: NewcomerForm | None,
    status: int = 200,
) -> HttpResponse:
    """The invitation's page in this state."""
    ended_at = invitation.cancelled_at or invitation.ends_at
    context = {"invitation": invitation, "state": state, "form": form, "ended_at": ended_at}
    return render(request, "portal/people/invitation.html", context, status=status)


@login_not_required
@open_while_closed
@require_POST
def ask_for_invitation(request: HttpRequest, code: str) -> HttpResponse:
    """Ask the account's owners for a new invitation in place of one that has ended."""
    invitation = get_object_or_404(Invitation.objects.select_related("account"), code=code)
    invitations.ask_again(invitation)
    return redirect("portal:invitation", code)
