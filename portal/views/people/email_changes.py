"""Changing the e-mail address that one signs in with."""

from __future__ import annotations

from allauth.decorators import rate_limit
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from licensing.errors import AlreadyDone, InvalidOperation
from portal.mail import mails
from portal.models import User
from portal.people import email_changes
from portal.people.addresses import AddressField
from portal.sent.forms import once
from portal.sign_in.standing import SignedInRequest
from portal.views.access import (
    of_ones_own_way,
    open_while_closed,
    open_without_two_step,
    require_safe_or_post,
)
from portal.views.acts import Act, carry_out
from portal.views.confirmations import confirmation_required


class EmailForm(forms.Form):
    """The new address."""

    email = AddressField(
        label=gettext_lazy("New e-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "email"}),
    )


@open_without_two_step
@of_ones_own_way
@require_safe_or_post
@confirmation_required
@rate_limit(action="manage_email")  # type: ignore[untyped-decorator]
@once
def change_email(request: SignedInRequest) -> HttpResponse:
    """Ask for another address; nothing changes before both have confirmed it."""
    act = Act(
        title=_("Change your e-mail address"),
        effects=[
            _("You sign in as %s now.") % request.user.email,
            _("Both addresses get a mail, and both have to confirm. Until then nothing changes."),
            *how_it_stands(request.user),
        ],
        button=_("Send both mails"),
        back=reverse("portal:home"),
    )

    def do(form: EmailForm) -> HttpResponse | None:
        try:
            email_changes.ask(request.user, form.cleaned_data["email"])
        except InvalidOperation as error:
            form.add_error("email", str(error))
            return None
        messages.success(request, _("Both addresses get a mail. Confirm in both within 24 hours."))
        return redirect("portal:change_email")

    return carry_out(request, act, EmailForm(request.POST or None), do)


def how_it_stands(user: User) -> list[str]:
    """Where the mails of a change that waits have got to, in sentences."""
    waiting = user.email_changes.open().select_related("old_mail", "new_mail").first()
    kept = [waiting.old_mail, waiting.new_mail] if waiting else []
    return [f"{mail.receiver}: {mails.how_it_stands(mail)}" for mail in kept if mail]


@login_not_required
@open_while_closed
@never_cache
@require_safe_or_post
def confirm_email(request: HttpRequest, code: str) -> HttpResponse:
    """Confirm the change for the address that this link was mailed to, or stop it."""
    change = email_changes.find(code)
    if change is None:
        return page_of_change(request, "over")
    if request.method != "POST":
        return page_of_change(request, "open", change=change, is_old=code == change.old_code)
    try:
        return decide_change(request, code)
    except (AlreadyDone, email_changes.AddressTaken):
        return page_of_change(request, "over")


def decide_change(request: HttpRequest, code: str) -> HttpResponse:
    """Do what the pressed button says."""
    if "cancel" in request.POST:
        return page_of_change(request, "cancelled", change=email_changes.cancel(code))
    change = email_changes.confirm(code)
    return page_of_change(request, "done" if change.done_at else "waiting", change=change)


def page_of_change(request: HttpRequest, state: str, **context: object) -> HttpResponse:
    """The page in this state: open, waiting for the other end, done, cancelled, over."""
    return render(request, "portal/people/confirm_email.html", {"state": state, **context})
